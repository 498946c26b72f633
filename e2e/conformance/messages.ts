/**
 * The few messages of OTLP/HTTP that the suite needs, written and read by protobufjs: nothing of the receivers under
 * test helps to judge them.
 */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; int64 int_value = 3; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  string field_of_tomorrow = 1000;
}
message LogsRequest { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message ScopeLogs { repeated LogRecord log_records = 2; }
message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; AnyValue body = 5; }
message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; Gauge gauge = 5; }
message Gauge { repeated Point data_points = 1; }
message Point { fixed64 time_unix_nano = 3; double as_double = 4; }
message Response { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
message Any { string type_url = 1; bytes value = 2; }
`);

export type Signal = 'traces' | 'metrics' | 'logs';
export const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

const REQUEST: Readonly<Record<Signal, protobuf.Type>> = {
  traces: root.lookupType('TracesRequest'),
  metrics: root.lookupType('MetricsRequest'),
  logs: root.lookupType('LogsRequest'),
};
const RESPONSE = root.lookupType('Response');
const STATUS = root.lookupType('Status');

/** Who the suite says it is: its spans can be told from others in a receiver that keeps them. */
const RESOURCE = { attributes: [{ key: 'service.name', value: { stringValue: 'otlp-conformance' } }] };

export interface SpanFields {
  readonly traceId: string;
  readonly spanId: string;
  readonly name?: string;
  readonly startTimeUnixNano?: string | number;
  readonly [field: string]: unknown;
}

export function now(offsetMs = 0): string {
  return String(BigInt(Date.now() + offsetMs) * 1_000_000n);
}

/** Ids that no other request has. */
export function newIds(): { readonly traceId: string; readonly spanId: string } {
  const hex = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
  return { traceId: hex(16), spanId: hex(8) };
}

export function span(fields: Partial<SpanFields> = {}): SpanFields {
  const start = now();
  return {
    ...newIds(),
    name: 'conformance',
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: String(BigInt(start) + 1_000_000n),
    ...fields,
  };
}

export function tracesJson(spans: readonly object[], more: object = {}): object {
  return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ spans }], ...more }] };
}

/** One item of a signal, as OTLP JSON. */
export function oneItem(signal: Signal): object {
  if (signal === 'traces') return tracesJson([span()]);
  if (signal === 'logs') {
    const record = { timeUnixNano: now(), severityNumber: 9, body: { stringValue: 'conformance' } };
    return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ logRecords: [record] }] }] };
  }
  const gauge = { dataPoints: [{ timeUnixNano: now(), asDouble: 1.5 }] };
  return {
    resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ metrics: [{ name: 'conformance', gauge }] }] }],
  };
}

/** OTLP JSON as protobuf; ids are hex there and bytes here. */
export function protobufOf(signal: Signal, json: object): Uint8Array {
  const type = REQUEST[signal];
  const bytes = JSON.parse(JSON.stringify(json), (key, value: unknown) =>
    (key === 'traceId' || key === 'spanId') && typeof value === 'string'
      ? Buffer.from(value, 'hex').toString('base64')
      : value,
  ) as Record<string, unknown>;
  return type.encode(type.fromObject(bytes)).finish();
}

export interface PartialSuccess {
  readonly rejected: number;
  readonly errorMessage: string;
}

/** Null on full success. */
export function readResponse(signal: Signal, encoding: Encoding, body: Buffer): PartialSuccess | null {
  if (encoding === 'protobuf') {
    const plain = RESPONSE.toObject(RESPONSE.decode(body), { longs: Number, defaults: true });
    return plain.partialSuccess as PartialSuccess | null;
  }
  const key = { traces: 'rejectedSpans', metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords' }[signal];
  const { partialSuccess } = JSON.parse(body.toString('utf8')) as {
    readonly partialSuccess?: Readonly<Record<string, unknown>>;
  };
  if (!partialSuccess) return null;
  return {
    rejected: Number(partialSuccess[key] ?? 0),
    errorMessage: String(partialSuccess.errorMessage ?? ''),
  };
}

export type Encoding = 'protobuf' | 'json';

export interface Status {
  readonly code: number;
  readonly message: string;
  readonly retryInfo: boolean;
}

export function readStatus(encoding: Encoding, body: Buffer): Status {
  const isRetryInfo = (type: unknown) => String(type).endsWith('google.rpc.RetryInfo');
  if (encoding === 'protobuf') {
    const plain = STATUS.toObject(STATUS.decode(body), { defaults: true });
    const details = plain.details as readonly { readonly typeUrl: string }[];
    return {
      code: plain.code as number,
      message: plain.message as string,
      retryInfo: details.some(({ typeUrl }) => isRetryInfo(typeUrl)),
    };
  }
  const plain = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  const details = (plain.details ?? []) as readonly Readonly<Record<string, unknown>>[];
  return {
    code: Number(plain.code),
    message: String(plain.message ?? ''),
    retryInfo: details.some((detail) => isRetryInfo(detail['@type'])),
  };
}
