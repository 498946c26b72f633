/**
 * Where a Collector's trace was cut. Behind a processor that holds data (`batch`, `tail_sampling`) a new trace starts,
 * and nothing links the two: all that can be offered are the traces of the seconds in question.
 */
import type { TraceContinuation } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { isReceiverSpan } from './collector-spans';

/** A batch that is held for longer than this is rare; a queue that holds one for longer has a verdict. */
const WITHIN_SECONDS = 5;
const NANOS = 1_000_000_000n;

/** Null where the trace is whole, or no Collector's. */
export function continuation(columns: SpanColumns, endMs: number): TraceContinuation | null {
  const { names } = columns;
  const receives = names.some(isReceiverSpan);
  const exports = names.some((name) => name.startsWith('exporter/'));
  const origin = columns.originUnixNano;
  if (receives && !exports) {
    const end = origin + BigInt(Math.round(endMs * 1e6));
    return {
      direction: 'after',
      fromUnixNano: origin.toString(),
      toUnixNano: (end + BigInt(WITHIN_SECONDS) * NANOS).toString(),
      search: 'exporter/',
    };
  }
  const first = names[columns.name[0] ?? 0];
  if (!receives && first === 'exporter/enqueue') {
    return {
      direction: 'before',
      fromUnixNano: (origin - BigInt(WITHIN_SECONDS) * NANOS).toString(),
      toUnixNano: origin.toString(),
      search: 'receiver/',
    };
  }
  return null;
}
