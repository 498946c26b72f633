/** Log records of the contract: topology, control actions, sampling decisions, and events that leave on their own. */
import type { ControlRecord, TopologyBody } from '@/engine/core/telemetry';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import type { AnyValue, KeyValue, OtlpLogRecord, Resource, Scope } from '@/lib/otlp/types';
import { ATTR } from '@/lib/semconv/attributes';
import { LOG_EVENT } from '@/lib/semconv/events';
import { keyValuesOf, toAnyValue } from './otlp-values';

const INFO = 9;
const WARN = 13;

export interface ScopedLog {
  /** Name of the scope, with the node that it is of; the engine's own where there is none. */
  readonly scope: Scope;
  readonly record: OtlpLogRecord;
}

export interface LogFields {
  readonly event: string;
  readonly time: bigint;
  readonly attributes: readonly KeyValue[];
  readonly body?: AnyValue;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly severity?: number;
}

export function logRecord(fields: LogFields): OtlpLogRecord {
  return {
    timeUnixNano: fields.time,
    observedTimeUnixNano: fields.time,
    severityNumber: fields.severity ?? INFO,
    severityText: fields.severity === WARN ? 'WARN' : 'INFO',
    body: fields.body,
    attributes: fields.attributes,
    droppedAttributesCount: 0,
    flags: 0,
    traceId: fields.traceId ?? '',
    spanId: fields.spanId ?? '',
    eventName: fields.event,
  };
}

export function topologyRecord(body: TopologyBody, time: bigint): OtlpLogRecord {
  return logRecord({ event: LOG_EVENT.topology, time, attributes: [], body: toAnyValue(body) });
}

/** What both tellings of a control action have: the log record and the span. */
export function controlAttributes(record: ControlRecord, nodeId: string): KeyValue[] {
  return keyValuesOf({
    [ATTR.nodeId]: nodeId === '' ? undefined : nodeId,
    [ATTR.controlAction]: record.action,
    [ATTR.controlId]: record.id,
    [ATTR.controlOrigin]: record.origin,
    [ATTR.controlRevision]: record.revision,
    [ATTR.controlOutcome]: record.outcome,
    [ATTR.affectedCount]: record.affectedCount,
    'control.target': record.target,
    'control.message': record.message === '' ? undefined : record.message,
    'control.duration.ms': { double: (record.endNs - record.startNs) / 1e6 },
  });
}

export function controlLog(
  record: ControlRecord,
  nodeId: string,
  time: bigint,
  traceId: string,
  spanId: string,
): OtlpLogRecord {
  return logRecord({
    event: LOG_EVENT.control,
    time,
    attributes: controlAttributes(record, nodeId),
    traceId,
    spanId,
    severity: record.outcome === 'applied' || record.outcome === 'coalesced' ? INFO : WARN,
  });
}

export interface Decision {
  readonly traceId: string;
  readonly kept: boolean;
  readonly by: string;
  readonly votes: Readonly<Record<string, string>>;
  readonly status: string;
  readonly durationMs: number;
  readonly nodes: readonly string[];
  readonly spanCount: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly droppedItems: number;
  readonly blockedMs: number;
  readonly controlActions: readonly string[];
  /** Decisions since the last one told that were not, because there were too many. */
  readonly leftOut: number;
}

export function decisionRecord(decision: Decision, time: bigint): OtlpLogRecord {
  return logRecord({
    event: LOG_EVENT.samplingDecision,
    time,
    traceId: decision.traceId,
    attributes: keyValuesOf({
      kept: decision.kept,
      by: decision.by,
      votes: decision.votes,
      status: decision.status,
      'duration.ms': { double: decision.durationMs },
      nodes: decision.nodes,
      'span.count': decision.spanCount,
      attributes: decision.attributes,
      'dropped.items': decision.droppedItems,
      'blocked.ms': { double: decision.blockedMs },
      'control.actions': decision.controlActions,
      'decisions.left_out': decision.leftOut > 0 ? decision.leftOut : undefined,
    }),
  });
}

/** One request of all records, grouped by scope. */
export function encodeLogRequest(resource: Resource, logs: readonly ScopedLog[]): Uint8Array {
  const byScope = new Map<Scope, OtlpLogRecord[]>();
  for (const { scope, record } of logs) {
    const known = byScope.get(scope);
    if (known) known.push(record);
    else byScope.set(scope, [record]);
  }
  const scopeLogs = [...byScope].map(([scope, logRecords]) => ({ scope, logRecords, schemaUrl: '' }));
  return encodeLogs({ resourceLogs: [{ resource, scopeLogs, schemaUrl: '' }] });
}
