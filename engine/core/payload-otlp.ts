/** Payloads made from protobuf bytes or from objects; the other form is made when it is first asked for, and kept. */
import { assertUnreachable } from '@/lib/base/assert';
import type { Result } from '@/lib/base/result';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { decodeMetrics } from '@/lib/otlp/decode-metrics';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeMetrics } from '@/lib/otlp/encode-metrics';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { OtlpData, OtlpSignal, Payload } from './payload';

/** The bytes are kept as they are and never changed; give up yours. */
export function payloadFromBytes(signal: OtlpSignal, bytes: Uint8Array): Payload {
  return new OtlpPayload(signal, bytes, null);
}

export function payloadFromData(data: OtlpData): Payload {
  return new OtlpPayload(data.signal, null, data);
}

/**
 * Several requests of one signal as one: the export requests of OTLP are one repeated field, so joining their bytes
 * merges them. A single one is returned as it is.
 */
export function mergePayloads(payloads: readonly Payload[]): Payload {
  const [first] = payloads;
  if (!first) throw new Error('nothing to merge');
  if (payloads.length === 1) return first;
  const parts = payloads.map((payload) => {
    if (payload.signal !== first.signal)
      throw new Error(`cannot merge ${payload.signal} into ${first.signal}`);
    return payload.bytes();
  });
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return payloadFromBytes(first.signal, joined);
}

class OtlpPayload implements Payload {
  constructor(
    readonly signal: OtlpSignal,
    private encoded: Uint8Array | null,
    private objects: OtlpData | null,
  ) {}

  bytes(): Uint8Array {
    if (this.encoded) return this.encoded;
    if (!this.objects) throw new Error('a payload has bytes or objects');
    this.encoded = encode(this.objects);
    return this.encoded;
  }

  /** Throws where the bytes are no OTLP: receivers decode before they admit what they have not checked. */
  decoded(): OtlpData {
    if (this.objects) return this.objects;
    if (!this.encoded) throw new Error('a payload has bytes or objects');
    this.objects = decode(this.signal, this.encoded);
    return this.objects;
  }
}

function encode(data: OtlpData): Uint8Array {
  switch (data.signal) {
    case 'logs':
      return encodeLogs(data.data);
    case 'metrics':
      return encodeMetrics(data.data);
    case 'traces':
      return encodeTraces(data.data);
    default:
      return assertUnreachable(data);
  }
}

function decode(signal: OtlpSignal, bytes: Uint8Array): OtlpData {
  switch (signal) {
    case 'logs':
      return { signal, data: sound(decodeLogs(bytes)) };
    case 'metrics':
      return { signal, data: sound(decodeMetrics(bytes)) };
    case 'traces':
      return { signal, data: sound(decodeTraces(bytes)) };
    default:
      return assertUnreachable(signal);
  }
}

function sound<T>(result: Result<T, { readonly message: string }>): T {
  if (!result.ok) throw new Error(`payload is no OTLP: ${result.error.message}`);
  return result.value;
}
