import type { Result } from '@/lib/base/result';
import { encodeMetrics } from '@/lib/otlp/encode-metrics';
import { metricsFromJson } from '@/lib/otlp/json-metrics';
import { logsJsonToWire, tracesJsonToWire } from '@/lib/otlp/json-to-wire';
import type { MalformedOtlp } from '@/lib/otlp/malformed';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import type { JsonOrder, JsonReply } from './json-messages';

/** An OTLP JSON request of any signal as the protobuf request that says the same. */
export function jsonToWire({ signal, bytes }: JsonOrder): JsonReply {
  const wire = wireOf(signal, bytes);
  if (!wire.ok) return { ok: false, message: wire.error.message };
  // In memory of its own, so that it can be handed over.
  return { ok: true, wire: new Uint8Array(wire.value) };
}

function wireOf(signal: JsonOrder['signal'], bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  if (signal === 'traces') return tracesJsonToWire(bytes);
  if (signal === 'logs') return logsJsonToWire(bytes);
  const json = parseJsonBytes(bytes);
  const data = json.ok ? metricsFromJson(json.value) : json;
  return data.ok ? { ok: true, value: encodeMetrics(data.value) } : data;
}
