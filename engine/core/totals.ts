/** The account of the whole pipeline, and the balance of one node. Both are zero-sum at every instant. */
import { type Counters, SIGNAL_COUNT } from './counters';
import type { PipelineTotals } from './pipeline-api';
import type { PipelineLayout } from './telemetry';

export function totalsOf(counters: Counters, layout: PipelineLayout): PipelineTotals {
  let admitted = 0;
  for (const { index, kind } of layout.nodes) {
    if (kind === 'receiver') admitted += sumRow(counters.in.items, index);
  }
  let dropped = 0;
  for (const { items } of counters.dropped.values()) dropped += sum(items);
  return {
    admitted,
    created: sum(counters.created.items),
    delivered: sum(counters.delivered.items),
    dropped,
    returned: sum(counters.returned.items),
    inFlight: sum(counters.inFlight),
    inChannels: sum(counters.queued),
  };
}

/** in + created − (out + delivered + dropped + returned + in flight) of one node and signal: zero where all is counted. */
export function balanceOf(
  counters: Counters,
  layout: PipelineLayout,
  node: number,
  signalAt: number,
): number {
  const row = node * SIGNAL_COUNT + signalAt;
  let left = at(counters.in.items, row) + at(counters.created.items, row);
  for (const { index, from } of layout.edges) {
    if (from === node) left -= at(counters.out.items, index * SIGNAL_COUNT + signalAt);
  }
  for (const { items } of counters.dropped.values()) left -= at(items, row);
  return (
    left - at(counters.delivered.items, row) - at(counters.returned.items, row) - at(counters.inFlight, row)
  );
}

function at(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}

function sum(array: Float64Array): number {
  return array.reduce((total, value) => total + value, 0);
}

function sumRow(array: Float64Array, index: number): number {
  return sum(array.subarray(index * SIGNAL_COUNT, (index + 1) * SIGNAL_COUNT));
}
