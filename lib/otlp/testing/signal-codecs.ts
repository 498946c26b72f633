/** The codec of each signal under one shape, for tests that hold for all three. */
import type { Result } from '@/lib/base/result';
import { decodeLogs } from '../decode-logs';
import { decodeMetrics } from '../decode-metrics';
import { decodeTraces } from '../decode-traces';
import { encodeLogs } from '../encode-logs';
import { encodeMetrics } from '../encode-metrics';
import { encodeTraces } from '../encode-traces';
import { logsFromJson, logsToJson } from '../json-logs';
import { metricsFromJson, metricsToJson } from '../json-metrics';
import { tracesFromJson, tracesToJson } from '../json-traces';
import type { MalformedOtlp } from '../malformed';
import { oracle } from './oracle';
import type { RandomOtlp } from './random-otlp';

export interface SignalCodec {
  readonly signal: 'traces' | 'logs' | 'metrics';
  readonly oracle: (typeof oracle)['traces'];
  /** One random request, encoded by the product. */
  random(otlp: RandomOtlp): { readonly data: unknown; readonly bytes: Uint8Array };
  decode(bytes: Uint8Array): Result<unknown, MalformedOtlp>;
  /** Decoded and encoded again; null where it is malformed. */
  recode(bytes: Uint8Array): Uint8Array | null;
  /** Decoded, written as JSON, read back and encoded again; null where any of it fails. */
  throughJson(bytes: Uint8Array): Uint8Array | null;
}

function codec<T>(
  signal: SignalCodec['signal'],
  make: (otlp: RandomOtlp) => T,
  decode: (bytes: Uint8Array) => Result<T, MalformedOtlp>,
  encode: (data: T) => Uint8Array,
  toJson: (data: T) => unknown,
  fromJson: (json: unknown) => Result<T, MalformedOtlp>,
): SignalCodec {
  return {
    signal,
    oracle: oracle[signal],
    random(otlp) {
      const data = make(otlp);
      return { data, bytes: encode(data) };
    },
    decode,
    recode(bytes) {
      const data = decode(bytes);
      return data.ok ? encode(data.value) : null;
    },
    throughJson(bytes) {
      const data = decode(bytes);
      if (!data.ok) return null;
      const back = fromJson(JSON.parse(JSON.stringify(toJson(data.value))));
      return back.ok ? encode(back.value) : null;
    },
  };
}

export const SIGNAL_CODECS: readonly SignalCodec[] = [
  codec('traces', (otlp) => otlp.traces(), decodeTraces, encodeTraces, tracesToJson, tracesFromJson),
  codec('logs', (otlp) => otlp.logs(), decodeLogs, encodeLogs, logsToJson, logsFromJson),
  codec('metrics', (otlp) => otlp.metrics(), decodeMetrics, encodeMetrics, metricsToJson, metricsFromJson),
];
