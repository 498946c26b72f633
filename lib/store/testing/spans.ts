/** Spans for tests, written as few words as the test is about. Times are milliseconds after T0. */
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { KeyValue, OtlpSpan, TracesData } from '@/lib/otlp/types';

export const T0 = 1_700_000_000_000_000_000n;

export interface TestSpan {
  readonly trace: number;
  readonly span: number;
  readonly parent?: number;
  readonly service?: string;
  readonly node?: string;
  readonly name?: string;
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly waitMs?: number;
  readonly blockedMs?: number;
  readonly outcomeMs?: number;
  readonly latencyMs?: number;
  readonly items?: number;
  readonly batch?: string;
  readonly signal?: string;
  readonly policy?: string;
  readonly control?: string;
  readonly error?: string;
  readonly links?: readonly { readonly trace: number; readonly span: number; readonly type?: string }[];
  /** Bytes of an attribute that only takes room. */
  readonly padding?: number;
}

export function traceId(trace: number): string {
  // Spread over the id space, so that prefixes differ.
  return `${(Math.imul(trace + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}${trace.toString(16).padStart(24, '0')}`;
}

export function spanId(span: number): string {
  return (span + 1).toString(16).padStart(16, '0');
}

export function text(key: string, value: string | undefined): KeyValue[] {
  return value === undefined ? [] : [{ key, value: { stringValue: value } }];
}

export function double(key: string, value: number | undefined): KeyValue[] {
  return value === undefined ? [] : [{ key, value: { doubleValue: value } }];
}

export function otlpSpan(span: TestSpan): OtlpSpan {
  const start = T0 + BigInt(Math.round((span.startMs ?? 0) * 1e6));
  return {
    traceId: traceId(span.trace),
    spanId: spanId(span.span),
    traceState: '',
    parentSpanId: span.parent === undefined ? '' : spanId(span.parent),
    flags: 0,
    name: span.name ?? 'processor/batch/proc',
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round((span.durationMs ?? 1) * 1e6)),
    attributes: [
      ...text('node.id', span.node),
      ...text('signal.type', span.signal),
      ...text('pdata.id', span.batch),
      ...(span.items === undefined
        ? []
        : [{ key: 'pdata.batch.size', value: { intValue: BigInt(span.items) } }]),
      ...double('latency.ms', span.latencyMs),
      ...double('channel.wait.ms', span.waitMs),
      ...double('channel.send.blocked.ms', span.blockedMs),
      ...double('outcome.wait.ms', span.outcomeMs),
      ...text('tailsampling.policy', span.policy),
      ...text('control.id', span.control),
      ...(span.padding === undefined ? [] : text('padding', 'x'.repeat(span.padding))),
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: (span.links ?? []).map((link) => ({
      traceId: traceId(link.trace),
      spanId: spanId(link.span),
      traceState: '',
      attributes: text('link.type', link.type),
      droppedAttributesCount: 0,
      flags: 0,
    })),
    droppedLinksCount: 0,
    status: span.error === undefined ? undefined : { code: 2, message: span.error },
  };
}

export function tracesData(spans: readonly TestSpan[]): TracesData {
  const services = [...new Set(spans.map(({ service }) => service ?? 'engine'))];
  return {
    resourceSpans: services.map((service) => ({
      resource: { attributes: text('service.name', service), droppedAttributesCount: 0 },
      scopeSpans: [
        {
          scope: undefined,
          schemaUrl: '',
          spans: spans.filter((span) => (span.service ?? 'engine') === service).map(otlpSpan),
        },
      ],
      schemaUrl: '',
    })),
  };
}

export function request(spans: readonly TestSpan[]): Uint8Array {
  return encodeTraces(tracesData(spans));
}

export interface TestLog {
  readonly trace?: number;
  readonly span?: number;
  readonly timeMs?: number;
  readonly event?: string;
  readonly attributes?: readonly KeyValue[];
  readonly padding?: number;
}

export function logRequest(logs: readonly TestLog[], service = 'engine'): Uint8Array {
  return encodeLogs({
    resourceLogs: [
      {
        resource: { attributes: text('service.name', service), droppedAttributesCount: 0 },
        schemaUrl: '',
        scopeLogs: [
          {
            scope: undefined,
            schemaUrl: '',
            logRecords: logs.map((log) => ({
              timeUnixNano: T0 + BigInt(Math.round((log.timeMs ?? 0) * 1e6)),
              observedTimeUnixNano: 0n,
              severityNumber: 9,
              severityText: 'INFO',
              body: log.padding === undefined ? undefined : { stringValue: 'x'.repeat(log.padding) },
              attributes: log.attributes ?? [],
              droppedAttributesCount: 0,
              flags: 0,
              traceId: log.trace === undefined ? '' : traceId(log.trace),
              spanId: log.span === undefined ? '' : spanId(log.span),
              eventName: log.event ?? '',
            })),
          },
        ],
      },
    ],
  });
}
