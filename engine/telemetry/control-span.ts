/** A control action as a span of a trace of its own, linked to the spans that it affected. */

import type { ControlRecord, SpanRow } from '@/engine/core/telemetry';
import type { OtlpSpan, OtlpSpanLink } from '@/lib/otlp/types';
import { ATTR, MAX_SPAN_LINKS } from '@/lib/semconv/attributes';
import { controlAttributes } from './log-records';
import { keyValuesOf } from './otlp-values';
import type { Recorder } from './recorder';
import * as columns from './span-columns';

const INTERNAL = 1;
const ERROR = 2;

export interface ControlSpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly epoch: bigint;
  readonly nodeId: string;
}

export function controlSpan(
  record: ControlRecord,
  recorder: Recorder,
  context: ControlSpanContext,
): OtlpSpan {
  const links = record.affected.slice(0, MAX_SPAN_LINKS).flatMap((row) => linkTo(row, recorder));
  const failed = record.outcome === 'failed';
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: `control/${record.action}/${context.nodeId === '' ? record.target : context.nodeId}`,
    kind: INTERNAL,
    startTimeUnixNano: context.epoch + BigInt(Math.floor(record.startNs)),
    endTimeUnixNano: context.epoch + BigInt(Math.floor(record.endNs)),
    attributes: controlAttributes(record, context.nodeId),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links,
    droppedLinksCount: Math.max(0, record.affectedCount - links.length),
    status: failed ? { message: record.message, code: ERROR } : undefined,
  };
}

function linkTo(row: SpanRow, { spans, traces }: Recorder): OtlpSpanLink[] {
  if (!spans.has(row)) return [];
  const at = (row & spans.mask) * columns.INT_STRIDE;
  return [
    {
      traceId: traces.hexId(spans.ints[at + columns.I_TRACE] as number),
      spanId: spans.hexId(row),
      traceState: '',
      attributes: keyValuesOf({ [ATTR.linkType]: 'control' }),
      droppedAttributesCount: 0,
      flags: 0,
    },
  ];
}
