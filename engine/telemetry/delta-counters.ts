/** Running totals of the engine itself by key, as differences since the last report. A total that has gone back has started anew. */
export class DeltaCounters {
  private readonly last = new Map<string, number>();

  /** 0 where nothing changed. */
  delta(key: string, total: number): number {
    const before = this.last.get(key) ?? 0;
    if (total === before) return 0;
    this.last.set(key, total);
    return total < before ? total : total - before;
  }
}
