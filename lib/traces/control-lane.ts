/**
 * The control lane of a trace of any size, between two moments: actions and what they hit one by one, and the messages
 * that come with every batch (acks, nacks, ticks) one by one where they fit, else as marks that stand for several.
 *
 *     ◆ config_update rev 15      ◆ drain
 *     ·  ·  ack ×812  ·  ·        ack ×97
 */
import type { ControlActionRow } from '@/lib/api/control';
import type { ControlEvent, ControlLaneAnswer } from '@/lib/api/traces';
import type { SpanDetail } from '@/lib/model/span';
import type { ControlMarks, TelemetryStore } from '@/lib/store/telemetry-store';
import type { AnalysedTrace } from './analysed-trace';
import { compareNanos, controlEvents, FOLDED } from './control-events';
import { eventLabel } from './event-label';
import type { TraceReader } from './trace-reader';

/** Marks of one kind in one answer. */
export const MARKS_A_KIND = 120;
/** Spans that more than acks met: so many are decoded, and further ones stand as messages of their own. */
const MAX_MET_SPANS = 4_000;
const PAGE = 2_000;

export interface LaneWindow {
  readonly from: bigint | null;
  readonly to: bigint | null;
}

export const WHOLE_LANE: LaneWindow = { from: null, to: null };

/** What does not depend on the window or on the actions, worked out once for a trace. */
export interface MetMarks {
  readonly marks: ControlMarks;
  /** Spans that an action linked to, or that tell of more than acks. */
  readonly met: readonly SpanDetail[];
}

export async function metMarks(store: TelemetryStore, traceId: string): Promise<MetMarks | null> {
  const marks = await store.controlMarks(traceId);
  if (!marks) return null;
  const wanted = new Set(marks.linked);
  const folded = marks.kinds.map((kind) => FOLDED.has(kind));
  for (let i = 0; i < marks.length && wanted.size < MAX_MET_SPANS; i++)
    if (folded[marks.kind[i] as number] !== true) wanted.add(marks.spanIdAt(i));
  const ids = [...wanted];
  const met: SpanDetail[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = await store.spans(traceId, ids.slice(from, from + PAGE));
    met.push(...page.filter((span) => span !== null));
  }
  return { marks, met };
}

export async function controlLane(
  reader: TraceReader,
  trace: AnalysedTrace,
  revision: number,
  actions: readonly ControlActionRow[],
  window: LaneWindow = WHOLE_LANE,
): Promise<ControlLaneAnswer> {
  const { columns, endMs } = trace;
  const origin = columns.originUnixNano;
  const end = origin + BigInt(Math.ceil(endMs * 1e6));
  const found = await reader.controlMarks(trace);
  const ordered = controlEvents(found?.met ?? [], actions, origin, end);
  const kinds = new Map<string, number>();
  for (const { kind } of ordered) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const within = ({ timeUnixNano }: ControlEvent) => isWithin(BigInt(timeUnixNano), window);
  const told = new Set(found?.met.map((span) => span.spanId));
  const events: ControlEvent[] = [];
  let total = 0;
  for (const list of byKind(ordered.filter(within))) {
    total += list.length;
    events.push(...thinned(list));
  }
  if (found) {
    const { marks } = found;
    const fromNs = offsetOf(window.from, marks, Number.NEGATIVE_INFINITY);
    const toNs = offsetOf(window.to, marks, Number.POSITIVE_INFINITY);
    for (const [code, kind] of marks.kinds.entries()) {
      const all = rowsOfKind(marks, code, FOLDED.has(kind) ? null : told);
      if (all.length === 0) continue;
      kinds.set(kind, (kinds.get(kind) ?? 0) + all.length);
      const here = all.filter(
        (i) => (marks.atNs[i] as number) >= fromNs && (marks.atNs[i] as number) <= toNs,
      );
      total += here.length;
      events.push(...(await foldedMarks(reader.store, columns.traceId, marks, here, kind)));
    }
    if (marks.left > 0) kinds.set('not read', marks.left);
  }
  return {
    revision,
    events: events.sort(
      (a, b) => compareNanos(a.timeUnixNano, b.timeUnixNano) || Number(a.folded) - Number(b.folded),
    ),
    kinds: [...kinds].map(([kind, count]) => ({ kind, total: count, folded: FOLDED.has(kind) })),
    total,
    truncated: events.some((event) => event.count > 1),
  };
}

/** Marks of a kind; `but` those whose spans were decoded, and so told already. */
function rowsOfKind(marks: ControlMarks, code: number, but: ReadonlySet<string> | null): number[] {
  const rows: number[] = [];
  for (let i = 0; i < marks.length; i++)
    if (marks.kind[i] === code && !but?.has(marks.spanIdAt(i))) rows.push(i);
  return rows;
}

async function foldedMarks(
  store: TelemetryStore,
  traceId: string,
  marks: ControlMarks,
  rows: readonly number[],
  kind: string,
): Promise<ControlEvent[]> {
  const chosen = runsOf(rows);
  // One by one they say what they carried; as a number they need not be decoded.
  const single = chosen.filter((run) => run.length === 1).map(([i = 0]) => marks.spanIdAt(i));
  const spans = await store.spans(traceId, single);
  const byId = new Map(spans.flatMap((span) => (span ? [[span.spanId, span] as const] : [])));
  return chosen.map((run) => {
    const [first = 0] = run;
    const spanId = marks.spanIdAt(first);
    const time = momentOf(marks, first).toString();
    const span = byId.get(spanId);
    const event = span?.events.find((each) => each.name.endsWith(`/${kind}`) && each.timeUnixNano === time);
    return {
      kind,
      timeUnixNano: time,
      target: span?.nodeId ?? '',
      label: run.length > 1 ? `${kind} ×${run.length}` : eventLabel(kind, event?.attributes ?? {}),
      spanIds: [spanId],
      folded: FOLDED.has(kind),
      action: null,
      count: run.length,
    };
  });
}

function thinned(events: readonly ControlEvent[]): ControlEvent[] {
  return runsOf(events).flatMap((run) => {
    const [first] = run;
    if (!first) return [];
    const spanIds = run.flatMap((event) => event.spanIds);
    return [
      run.length === 1
        ? first
        : { ...first, label: `${first.kind} ×${run.length}`, spanIds, count: run.length },
    ];
  });
}

function byKind(events: readonly ControlEvent[]): ControlEvent[][] {
  const lists = new Map<string, ControlEvent[]>();
  for (const event of events) {
    const list = lists.get(event.kind);
    if (list) list.push(event);
    else lists.set(event.kind, [event]);
  }
  return [...lists.values()];
}

/** At most so many runs as one kind has marks, as even as they come; each alone where they fit. */
function runsOf<T>(items: readonly T[]): T[][] {
  const count = Math.min(items.length, MARKS_A_KIND);
  return Array.from({ length: count }, (_, i) =>
    items.slice(Math.floor((i * items.length) / count), Math.floor(((i + 1) * items.length) / count)),
  );
}

function momentOf(marks: ControlMarks, i: number): bigint {
  return marks.epochUnixNano + BigInt(Math.round(marks.atNs[i] as number));
}

function offsetOf(moment: bigint | null, marks: ControlMarks, otherwise: number): number {
  return moment === null ? otherwise : Number(moment - marks.epochUnixNano);
}

function isWithin(at: bigint, { from, to }: LaneWindow): boolean {
  return (from === null || at >= from) && (to === null || at <= to);
}
