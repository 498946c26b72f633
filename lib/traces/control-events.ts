/**
 * The control lane of a trace: what an operator or the engine ordered while it ran, and the control messages its spans
 * met. An action and the event that it left in a span are one mark. Acks, nacks, ticks and collections are folded.
 */
import type { ControlActionRow } from '@/lib/api/control';
import type { ControlEvent } from '@/lib/api/traces';
import type { SpanDetail, SpanEvent } from '@/lib/model/span';
import { ATTR } from '@/lib/semconv/attributes';
import { eventLabel } from './event-label';

export const FOLDED: ReadonlySet<string> = new Set(['ack', 'nack', 'timer_tick', 'collect_telemetry']);
const PREFIX = 'control/';

/**
 * What an operator or the engine ordered, and what the given spans met of that. Of a trace only the spans that were met
 * by more than acks need be given.
 */
export function controlEvents(
  spans: readonly SpanDetail[],
  actions: readonly ControlActionRow[],
  fromUnixNano: bigint,
  toUnixNano: bigint,
): ControlEvent[] {
  const met = actions.flatMap((action) => {
    const affected = affectedSpans(action, spans);
    const at = momentWithin(action, fromUnixNano, toUnixNano, affected.length > 0);
    return at === null ? [] : [{ action, affected, at }];
  });
  const within = met.map(({ action }) => action);
  return [...met.map(actionMark), ...spans.flatMap((span) => spanMarks(span, within))].sort(
    (a, b) => compareNanos(a.timeUnixNano, b.timeUnixNano) || a.kind.localeCompare(b.kind),
  );
}

interface MetAction {
  readonly action: ControlActionRow;
  readonly affected: readonly SpanDetail[];
  readonly at: bigint;
}

function affectedSpans(action: ControlActionRow, spans: readonly SpanDetail[]): SpanDetail[] {
  return spans.filter(
    (span) =>
      (action.spanId !== null &&
        span.backlinks.some((link) => link.type === 'control' && link.spanId === action.spanId)) ||
      span.events.some((event) => isSame(event, span, action)),
  );
}

/**
 * An action is told when it has come to its outcome: a drain long after it was ordered. Where only its order falls into
 * the trace it stands there; what hit the trace stands on its lane in any case, at the nearer end.
 */
function momentWithin(action: ControlActionRow, from: bigint, to: bigint, hit: boolean): bigint | null {
  const told = BigInt(action.timeUnixNano);
  const ordered = told - BigInt(Math.round((action.tookMs ?? 0) * 1e6));
  if (told >= from && told <= to) return told;
  if (ordered >= from && ordered <= to) return ordered;
  if (!hit) return null;
  return ordered > to ? to : from;
}

function actionMark({ action, affected, at }: MetAction): ControlEvent {
  const what = action.summary !== '' ? action.summary : action.action;
  return {
    kind: action.action,
    timeUnixNano: at.toString(),
    target: action.target,
    label: action.revision === null ? what : `${what} rev ${action.revision}`,
    spanIds: affected.map((span) => span.spanId),
    folded: FOLDED.has(action.action),
    count: 1,
    action,
  };
}

function spanMarks(span: SpanDetail, actions: readonly ControlActionRow[]): ControlEvent[] {
  return span.events
    .filter((event) => event.name.startsWith(PREFIX) && !FOLDED.has(event.name.slice(PREFIX.length)))
    .filter((event) => !actions.some((action) => isSame(event, span, action)))
    .map((event) => ({
      kind: event.name.slice(PREFIX.length),
      timeUnixNano: event.timeUnixNano,
      target: span.nodeId,
      label: eventLabel(event.name.slice(PREFIX.length), event.attributes),
      spanIds: [span.spanId],
      folded: false,
      count: 1,
      action: null,
    }));
}

/** By id where the event has one, else by what it is, its revision and its node. */
function isSame(event: SpanEvent, span: SpanDetail, action: ControlActionRow): boolean {
  if (event.name !== `${PREFIX}${action.action}`) return false;
  const id = event.attributes[ATTR.controlId];
  if (typeof id === 'string') return id === action.id;
  const revision = event.attributes.revision ?? event.attributes[ATTR.controlRevision];
  const sameTarget = action.target === span.nodeId || action.target === 'pipeline';
  return sameTarget && action.revision !== null && Number(revision) === action.revision;
}

export function compareNanos(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
