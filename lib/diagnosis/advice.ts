/** What would help, with its arithmetic. */
import { milliseconds, rate } from './candidate';
import type { EdgeView, NodeView } from './view';

/** Load at which a queue in front of a worker stays short. */
const TARGET_LOAD = 0.75;

/**
 * Workers = offered batches a second × working time ÷ 0.75. Offered is what came before the onset: under back
 * pressure arrivals equal departures, so what comes now says nothing of what would come. Hence "at least".
 */
export function concurrencyAdvice(node: NodeView, inputs: readonly EdgeView[]): string | null {
  const { meanMs } = node.now;
  if (meanMs === null || meanMs <= 0) return null;
  const before = node.past?.batchesPerSec ?? null;
  const now = node.now.batchesPerSec ?? sumOf(inputs.map((edge) => edge.sentPerSec));
  const offered = Math.max(before ?? 0, now ?? 0);
  if (offered <= 0) return null;
  const needed = Math.ceil((offered * meanMs) / 1_000 / TARGET_LOAD);
  const workers = Math.max(needed, node.concurrency + 1);
  const when = before !== null && before >= (now ?? 0) ? ' before it began' : '';
  return (
    `Concurrency of ${node.id} at least ${workers} (now ${node.concurrency}): ` +
    `${rate(offered)} batches offered${when} × ${milliseconds(meanMs)} ÷ 0.75` +
    `${needed < workers ? ' (measured while held back, so one more than now)' : ''}. ` +
    `A larger channel buys time and cures nothing.`
  );
}

/** How long a queue's free places last at the pace at which it fills. */
export function timeLeft(freePlaces: number, perSec: number): number {
  return perSec <= 0 ? Number.POSITIVE_INFINITY : freePlaces / perSec;
}

function sumOf(values: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}
