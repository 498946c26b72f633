/** Gives rows that come whole each time a number that grows when one is new or different: what a reader has missed. */
interface Entry<Row> {
  readonly signature: string;
  readonly sequence: number;
  readonly row: Row;
}

export interface ChangeLog<Row> {
  readonly mark: number;
  update(rows: readonly Row[]): void;
  /** Rows that changed after `mark`, oldest change first. */
  since(mark: number): readonly Row[];
}

export function createChangeLog<Row>(idOf: (row: Row) => string, limit: number): ChangeLog<Row> {
  const entries = new Map<string, Entry<Row>>();
  let sequence = 0;
  return {
    get mark() {
      return sequence;
    },
    update(rows) {
      for (const row of rows) {
        const id = idOf(row);
        const signature = JSON.stringify(row);
        if (entries.get(id)?.signature === signature) continue;
        entries.delete(id);
        entries.set(id, { signature, sequence: ++sequence, row });
      }
      for (const id of entries.keys()) {
        if (entries.size <= limit) break;
        entries.delete(id);
      }
    },
    since: (mark) => [...entries.values()].filter((entry) => entry.sequence > mark).map((entry) => entry.row),
  };
}
