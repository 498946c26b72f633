/** Messages of failed batches, each once, in the order of their newest. Pure. */
export interface DistinctError {
  readonly message: string;
  readonly count: number;
}

export function distinctErrors(
  traces: readonly { readonly statusMessage: string }[],
): readonly DistinctError[] {
  const counts = new Map<string, number>();
  for (const { statusMessage } of traces) {
    const message = statusMessage || 'failed without a message';
    counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return [...counts].map(([message, count]) => ({ message, count }));
}
