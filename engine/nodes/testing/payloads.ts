/** Small OTLP requests for tests. */
import type { Payload } from '@/engine/core/payload';
import { payloadFromBytes, payloadFromData } from '@/engine/core/payload-otlp';
import { createRandom } from '@/lib/base/random';
import type { KeyValue, OtlpLogRecord } from '@/lib/otlp/types';
import type { Signal } from '@/lib/semconv/signals';
import { makeBatch } from '../receivers/traffic-content';

export interface LogLine {
  readonly text?: string;
  readonly severity?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly eventName?: string;
}

export function logs(lines: readonly LogLine[], resource: Readonly<Record<string, string>> = {}): Payload {
  const data = {
    resourceLogs: [
      {
        resource: { attributes: pairs(resource), droppedAttributesCount: 0 },
        scopeLogs: [{ scope: undefined, logRecords: lines.map(record), schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  };
  return payloadFromData({ signal: 'logs', data });
}

/** Texts of the records of a request, in order. */
export function textsOf(payload: Payload): string[] {
  const data = payload.decoded();
  if (data.signal !== 'logs') throw new Error(`no logs but ${data.signal}`);
  return data.data.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body }) => (body && 'stringValue' in body ? String(body.stringValue) : '')),
    ),
  );
}

/** A request of generated telemetry, as bytes alone: what comes from a wire. */
export function generated(signal: Signal, items: number, seed = 1): Payload {
  const data = makeBatch(signal, items, { unixNano: 1_700_000_000_000_000_000n }, createRandom(seed));
  return payloadFromBytes(data.signal, payloadFromData(data).bytes());
}

function pairs(attributes: Readonly<Record<string, string>>): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

function record({ text = '', severity = 9, attributes = {}, eventName = '' }: LogLine): OtlpLogRecord {
  return {
    timeUnixNano: 1n,
    observedTimeUnixNano: 1n,
    severityNumber: severity,
    severityText: '',
    body: { stringValue: text },
    attributes: pairs(attributes),
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName,
  };
}
