/** What engines reported of control actions: the newest 10,000, each once, its latest outcome. */
import type { ControlActionRow, ControlActionsAnswer } from '@/lib/api/control';
import type { ControlFact } from '@/lib/model/facts';
import { CONTROL_OUTCOMES } from '@/lib/semconv/control';
import type { SeriesReader } from '@/lib/store/series/series-store';

export const MAX_ACTIONS = 10_000;

export interface TrailEntry extends ControlFact {
  readonly engine: string;
}

export interface ControlTrail {
  add(engine: string, fact: ControlFact): void;
  /** Newest first; `engine` null for all. */
  entries(engine: string | null, fromNano: bigint, toNano: bigint): readonly TrailEntry[];
  readonly size: number;
  /** Actions that left for want of room. */
  readonly evicted: number;
}

export function createControlTrail(limit = MAX_ACTIONS): ControlTrail {
  /** In order of arrival, by engine and `control.id`. */
  const held = new Map<string, TrailEntry>();
  let evicted = 0;
  return {
    add(engine, fact) {
      const key = `${engine}\u0000${fact.id}`;
      held.delete(key);
      held.set(key, { ...fact, engine });
      if (held.size <= limit) return;
      for (const oldest of held.keys()) {
        held.delete(oldest);
        evicted++;
        break;
      }
    },
    entries(engine, fromNano, toNano) {
      const isWanted = (entry: TrailEntry) =>
        (engine === null || entry.engine === engine) &&
        entry.timeNano >= fromNano &&
        entry.timeNano <= toNano;
      return [...held.values()].filter(isWanted).sort((a, b) => (a.timeNano < b.timeNano ? 1 : -1));
    },
    get size() {
      return held.size;
    },
    get evicted() {
      return evicted;
    },
  };
}

/** The row without what only the one who ordered it knows (`summary`, `undoable`). */
export function trailRow(entry: TrailEntry, after: ControlActionRow['after']): ControlActionRow {
  return {
    id: entry.id,
    engine: entry.engine,
    timeUnixNano: entry.timeNano.toString(),
    action: entry.action,
    target: entry.target,
    origin: entry.origin,
    revision: entry.revision,
    outcome: CONTROL_OUTCOMES.find((outcome) => outcome === entry.outcome) ?? 'applied',
    message: entry.message,
    tookMs: entry.durationMs,
    affected: entry.affectedCount,
    traceId: entry.traceId || null,
    spanId: entry.spanId || null,
    summary: '',
    undoable: false,
    after,
  };
}

/** Acks, nacks, ticks and collections: too many to list, counted since the engine's start. */
const FOLDED: ReadonlySet<string> = new Set(['ack', 'nack', 'timer_tick', 'collect_telemetry']);

export function foldedCounts(readers: readonly SeriesReader[]): ControlActionsAnswer['folded'] {
  const counts = new Map<string, { action: string; outcome: string; count: number }>();
  for (const reader of readers) {
    for (const entity of reader.entities('control')) {
      if (entity.kind !== 'control' || !FOLDED.has(entity.action)) continue;
      for (const { data, attributes } of reader.series(entity, 'control_actions')) {
        if (data.kind !== 'counter') continue;
        const outcome = attributes.outcome ?? 'applied';
        const key = `${entity.action} ${outcome}`;
        const held = counts.get(key) ?? { action: entity.action, outcome, count: 0 };
        held.count += data.total;
        counts.set(key, held);
      }
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
