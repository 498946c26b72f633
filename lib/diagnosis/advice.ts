/** What would help, with its arithmetic. */
import type { Remedy } from '@/lib/api/topology';
import { milliseconds, rate } from './candidate';
import { type EdgeView, type NodeView, type PipelineView, upstreamOf } from './view';

/** Load at which a queue in front of a worker stays short. */
const TARGET_LOAD = 0.75;
const SURGE = 1.3;

export interface Advice {
  readonly text: string;
  readonly remedy?: Remedy;
}

/**
 * Workers = offered batches a second × working time ÷ 0.75. Offered is what came before the onset, or, where a source
 * surges, as much more as the source sends now: under back pressure arrivals equal departures, so what comes now says
 * nothing of what would come. Hence "at least".
 */
export function concurrencyAdvice(
  view: PipelineView,
  node: NodeView,
  inputs: readonly EdgeView[],
): Advice | null {
  const { meanMs } = node.now;
  if (meanMs === null || meanMs <= 0) return null;
  const before = node.past?.batchesPerSec ?? null;
  const now = node.now.batchesPerSec ?? sumOf(inputs.map((edge) => edge.sentPerSec));
  const surge = before === null ? 1 : surgeAbove(view, node.id);
  const atSource = surge > SURGE && before !== null ? before * surge : 0;
  const offered = Math.max(before ?? 0, now ?? 0, atSource);
  if (offered <= 0) return null;
  const needed = Math.ceil((offered * meanMs) / 1_000 / TARGET_LOAD);
  const workers = Math.max(needed, node.concurrency + 1);
  const when =
    atSource > 0 && atSource === offered
      ? ' at the source'
      : before !== null && before >= (now ?? 0)
        ? ' before it began'
        : '';
  return {
    text:
      `Concurrency of ${node.id} at least ${workers} (now ${node.concurrency}): ` +
      `${rate(offered)} batches offered${when} × ${milliseconds(meanMs)} ÷ 0.75` +
      `${needed < workers ? ' (measured while held back, so one more than now)' : ''}. ` +
      `${queueAdvice(inputs, offered, node)}`,
    remedy: { what: 'concurrency', target: node.id, now: node.concurrency, value: workers },
  };
}

/** A larger queue as time bought: each place holds back the senders for one batch more. */
function queueAdvice(inputs: readonly EdgeView[], offered: number, node: NodeView): string {
  const [input] = inputs;
  const capacity = input?.capacity ?? null;
  const leaving = input?.receivedPerSec ?? node.now.batchesPerSec;
  const short = leaving === null ? 0 : offered - leaving;
  if (capacity === null || short <= 0.05 * offered) return 'A larger channel buys time and cures nothing.';
  return `A channel twice as large (${2 * capacity}) buys ${milliseconds((capacity / short) * 1_000)} and cures nothing.`;
}

/** How many times as much as usual the receivers above send, of those that send more. */
function surgeAbove(view: PipelineView, node: string): number {
  let now = 0;
  let before = 0;
  for (const id of upstreamOf(view, new Set([node]))) {
    const source = view.nodes.get(id);
    if (source?.kind !== 'receiver' || !source.past?.inPerSec) continue;
    now += Math.max(source.now.inPerSec ?? 0, source.latest.inPerSec ?? 0);
    before += source.past.inPerSec;
  }
  return before <= 0 ? 1 : now / before;
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
