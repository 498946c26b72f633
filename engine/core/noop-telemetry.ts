/** Telemetry that hears nothing: for tests of the core alone, and for an engine that runs without any. */
import { INVALID_SPAN_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { UNTRACED } from './pdata';
import type { EngineTelemetry, HopTelemetry } from './telemetry';

/** The span of a handling that is not recorded. */
export const NOOP_SPAN: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

const nothing = () => undefined;

export const NOOP_HOP_TELEMETRY: HopTelemetry = {
  recording: false,
  sent: nothing,
  begin: () => UNTRACED,
  beginAdmission: () => UNTRACED,
  beginFlush: () => UNTRACED,
  blocked: nothing,
  unblocked: () => 0,
  accepted: nothing,
  outcomeWaitBegins: nothing,
  resumed: nothing,
  outcomeWaitEnds: nothing,
  absorbed: () => Number.NaN,
  absorbedInto: nothing,
  event: nothing,
  acked: nothing,
  itemsOut: nothing,
  end: nothing,
  opened: nothing,
  resolved: nothing,
  spanOf: () => NOOP_SPAN,
  delayed: nothing,
};

export const NOOP_TELEMETRY: EngineTelemetry = {
  hops: NOOP_HOP_TELEMETRY,
  layoutChanged: nothing,
  controlAction: nothing,
};
