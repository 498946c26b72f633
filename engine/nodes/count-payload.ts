import type { Payload } from '@/engine/core/payload';
import { countItems } from '@/lib/otlp/count-items';

/** Items of a payload that is known to be sound. */
export function countPayload(payload: Payload): number {
  const count = countItems(payload.signal, payload.bytes());
  if (!count.ok) throw new Error(`payload is no OTLP: ${count.error.message}`);
  return count.value;
}
