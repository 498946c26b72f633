/** Answers about traces. What is computed from a trace is `lib/traces`; here are ids, bounds and the two kinds of 404. */
import type { z } from 'zod';
import type { ControlActionRow } from '@/lib/api/control';
import type {
  ControlLaneAnswer,
  LineageAnswer,
  RowsAnswer,
  TraceAnswer,
  TracesAnswer,
} from '@/lib/api/traces';
import { ok } from '@/lib/base/result';
import type { SpanDetail } from '@/lib/model/span';
import type { TraceQuery } from '@/lib/model/trace-query';
import { isCursor } from '@/lib/store/list-traces';
import { controlLane } from '@/lib/traces/control-lane';
import { lineage } from '@/lib/traces/lineage';
import { parseRowsWindow } from '@/lib/traces/rows-window';
import { traceAnswer } from '@/lib/traces/trace-answer';
import { traceRows } from '@/lib/traces/trace-rows';
import { type Answer, parseWith, refused } from '../http/answer';
import { spanIdParameter, traceIdParameter, traceQuery, type tracesQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { otlpExport } from './otlp-export';
import { engineOf } from './topology-answers';

const HOUR_NANOS = 3_600_000_000_000n;
const MAX_ACTIONS_AROUND = 1_000;

export async function tracesFor(hub: Hub, query: z.infer<typeof tracesQuery>): Promise<Answer<TracesAnswer>> {
  const { from, to, ...rest } = query;
  if (from !== undefined && to !== undefined && from > to)
    return refused(400, 'bad_parameter', 'from: has to be before to');
  if (query.cursor !== undefined && !isCursor(query.cursor))
    return refused(400, 'bad_cursor', 'cursor: is none that this server gave');
  const ask = definedOnly({ ...rest, fromUnixNano: from, toUnixNano: to }) as TraceQuery;
  const { traces, total, nextCursor } = await hub.store.listTraces(ask);
  const engine = engineOf(hub, query.engine);
  const end = to ?? hub.now();
  const sampled =
    engine.ok && engine.value ? hub.analysis.sampled(engine.value, from ?? end - HOUR_NANOS, end) : null;
  return ok({ traces, total, truncated: nextCursor !== null, nextCursor, sampled });
}

export async function traceFor(hub: Hub, id: string, params: URLSearchParams): Promise<Answer<TraceAnswer>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const asked = parseWith(traceQuery, Object.fromEntries(params), 'bad_parameter');
  if (!asked.ok) return asked;
  const actions = actionsOf(hub);
  const decision = hub.analysis.decisionOf(traceId.value);
  return found(
    hub,
    traceId.value,
    await traceAnswer(hub.traces, traceId.value, {
      actions,
      decision,
      limit: asked.value.limit,
      laneLater: asked.value.control === 'later',
    }),
  );
}

/** `…/control?from=&to=`: the lane between two moments, of all spans. */
export async function controlFor(
  hub: Hub,
  id: string,
  params: URLSearchParams,
): Promise<Answer<ControlLaneAnswer>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const window = parseRowsWindow(params);
  if (!window.ok) return refused(400, 'bad_parameter', window.error);
  const [revision, trace] = await Promise.all([
    hub.traces.store.traceRevision(traceId.value),
    hub.traces.read(traceId.value),
  ]);
  const lane =
    trace && revision !== null
      ? await controlLane(hub.traces, trace, revision, actionsOf(hub), window.value)
      : null;
  return found(hub, traceId.value, lane);
}

function actionsOf(hub: Hub): readonly ControlActionRow[] {
  return hub.analysis.controlActions({
    engine: null,
    fromUnixNano: 0n,
    toUnixNano: hub.now(),
    limit: MAX_ACTIONS_AROUND,
  }).actions;
}

/** `?format=otlp`: all of it, as OTLP JSON. */
export async function otlpFor(hub: Hub, id: string): Promise<Answer<Response>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const body = await otlpExport(hub.store, traceId.value);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Disposition': `attachment; filename="trace-${traceId.value}.json"`,
    'Cache-Control': 'no-store',
  };
  return found(hub, traceId.value, body ? new Response(body, { headers }) : null);
}

export async function rowsFor(hub: Hub, id: string, params: URLSearchParams): Promise<Answer<RowsAnswer>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const window = parseRowsWindow(params);
  if (!window.ok) return refused(400, 'bad_parameter', window.error);
  return found(hub, traceId.value, await traceRows(hub.traces, traceId.value, window.value));
}

export async function lineageFor(hub: Hub, id: string): Promise<Answer<LineageAnswer>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const held = (await hub.store.traceState(traceId.value)) === 'held';
  return found(hub, traceId.value, held ? await lineage(hub.traces, traceId.value) : null);
}

export async function spanFor(hub: Hub, id: string, span: string): Promise<Answer<SpanDetail>> {
  const traceId = parseWith(traceIdParameter, id, 'bad_id');
  if (!traceId.ok) return traceId;
  const spanId = parseWith(spanIdParameter, span, 'bad_id');
  if (!spanId.ok) return spanId;
  const detail = await hub.traces.store.span(traceId.value, spanId.value);
  if (detail) return ok(detail);
  const held = (await hub.store.traceState(traceId.value)) === 'held';
  return held
    ? refused(404, 'not_found', `Trace ${traceId.value} has no span ${spanId.value}.`)
    : found<SpanDetail>(hub, traceId.value, null);
}

/** The answer, or which of the two it is: it left the store, or it never was there. */
export async function found<T>(hub: Hub, traceId: string, value: T | null): Promise<Answer<T>> {
  if (value !== null) return ok(value);
  if ((await hub.store.traceState(traceId)) === 'evicted')
    return refused(404, 'evicted', `Trace ${traceId} left the store to make room for newer ones.`);
  return refused(404, 'not_found', `Trace ${traceId} was never received here.`);
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
