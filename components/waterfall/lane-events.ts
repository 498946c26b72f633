/** The control lanes of several traces as one: an action that fell on several is one mark, and counted once. */
import type { ControlEvent, ControlLaneAnswer } from '@/lib/api/traces';

export interface LaneEvent extends ControlEvent {
  /** The trace that told it first. */
  readonly traceId: string;
  /** On the time of the page. */
  readonly atMs: number;
}

export interface LaneKind {
  readonly kind: string;
  readonly total: number;
  readonly folded: boolean;
}

export interface TraceLane {
  readonly traceId: string;
  readonly lane: ControlLaneAnswer;
}

export interface JoinedLane {
  readonly events: readonly LaneEvent[];
  /** With the true totals of each kind. */
  readonly kinds: readonly LaneKind[];
}

export function joinLanes(lanes: readonly TraceLane[], originUnixNano: bigint): JoinedLane {
  const joined = new Map<string, LaneEvent>();
  const kinds = new Map<string, LaneKind>();
  const count = (kind: string, by: number, folded: boolean) =>
    kinds.set(kind, { kind, total: (kinds.get(kind)?.total ?? 0) + by, folded });
  for (const { traceId, lane } of lanes) {
    for (const { kind, total, folded } of lane.kinds) count(kind, total, folded);
    for (const event of lane.events) {
      const atMs = Number(BigInt(event.timeUnixNano) - originUnixNano) / 1e6;
      const next = { ...event, traceId, atMs };
      const key = keyOf(next);
      const same = joined.get(key);
      joined.set(key, same ? merged(same, next) : next);
      if (same) count(event.kind, -event.count, event.folded);
    }
  }
  return { events: [...joined.values()].sort((a, b) => a.atMs - b.atMs), kinds: [...kinds.values()] };
}

export function keyOf(event: ControlEvent): string {
  const spans = `${event.spanIds.length}${event.spanIds[0] ?? ''}`;
  return event.count === 1 && event.action
    ? event.action.id
    : `${event.timeUnixNano}${event.kind}${event.target}${event.label}${spans}`;
}

/** Leads to the trace that it affected, where the one that told it first was merely there. */
function merged(first: LaneEvent, next: LaneEvent): LaneEvent {
  const told = first.spanIds.length === 0 ? next : first;
  return { ...told, spanIds: [...first.spanIds, ...next.spanIds] };
}

export interface Tick {
  readonly event: LaneEvent;
  readonly x: number;
  /** Messages that it stands for. */
  readonly count: number;
}

const TICK_PX = 8;

/** What would lie upon one another is one tick: a lane has no more of them than it has room for. */
export function ticksOf(events: readonly LaneEvent[], xOf: (ms: number) => number, width: number): Tick[] {
  const ticks: Tick[] = [];
  const last = new Map<string, number>();
  for (const event of events) {
    const x = xOf(event.atMs);
    if (x < -TICK_PX || x > width + TICK_PX) continue;
    const at = last.get(event.kind);
    const before = at === undefined ? undefined : ticks[at];
    if (at === undefined || before === undefined || x - before.x >= TICK_PX) {
      last.set(event.kind, ticks.push({ event, x, count: event.count }) - 1);
    } else ticks[at] = { ...before, count: before.count + event.count };
  }
  return ticks;
}
