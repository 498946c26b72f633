/**
 * Everybody who watches. One tick for all: every 100 ms at most, what moved is computed once for each topic (engine,
 * pipeline, window) and written out once, however many readers it has. With no reader nothing runs.
 */
import type { ControlActionRow } from '@/lib/api/control';
import type { HealthAnswer } from '@/lib/api/health';
import type { StreamEvent } from '@/lib/api/stream';
import type { TopologyAnswer } from '@/lib/api/topology';
import type { StatsWindow } from '@/lib/model/stats-window';
import type { SpanStore } from '@/lib/store/span-store';
import { createChangeLog } from './change-log';
import { shapeOf } from './map-shape';
import { createMovingFigures, type MovingFigures } from './moving-figures';
import { parseResumeId } from './resume-id';
import { createSseConnection, type SseConnection } from './sse-connection';

export const TICK_MS = 100;
/** Windows slide even when nothing comes. */
const IDLE_STATS_MS = 1_000;
/** Figures of a large map take their time: at most this share of it goes into them. */
const MAP_SHARE = 0.3;
const HEALTH_MS = 1_000;
const LAYOUT_PATIENCE_MS = 1_500;
/** Settings and actions change by hand: this is soon enough for those who wait for them. */
const SLOW_MS = 200;
/** Figures among the settings move all the time; they alone are no news. */
const MOVING_SETTINGS_MS = 1_000;
const MOVING: ReadonlySet<string> = new Set([
  'lastSeenUnixNano',
  'overheadNs',
  'cpuShare',
  'bytesPerSec',
  'recordedPerSec',
  'keptPerSec',
]);
const HEARTBEAT_MS = 5_000;
/** Rows of traces that an event brings where nobody says otherwise. */
const MAX_TRACES_PER_EVENT = 200;
const MAX_ACTIONS = 200;
/** Open streams; one more is refused. */
export const MAX_CONNECTIONS = 256;

export interface StreamScope {
  readonly engine: string | null;
  readonly pipeline: string | null;
  readonly window: StatsWindow;
}

export interface StreamSources {
  readonly store: Pick<SpanStore, 'changedSince'>;
  /** Grows with everything that can change a map. */
  revision(): number;
  topology(scope: StreamScope): TopologyAnswer;
  /** Of all engines, newest first. */
  controlActions(limit: number): readonly ControlActionRow[];
  settings(): Extract<StreamEvent, { type: 'settings' }>['data'];
  health(): HealthAnswer;
}

export interface StreamHub {
  readonly connections: number;
  readonly skipped: number;
  /** Null where there are too many already. */
  open(scope: StreamScope, lastEventId: string | null, rows?: number): ReadableStream<Uint8Array> | null;
  /** One round for all readers at the given time; the caller owns the timer. */
  tick(nowMs: number): void;
  close(): void;
}

/** A state as it was last written out; the version changes only with its text. */
interface State {
  version: number;
  json: string;
}

interface Topic {
  readonly scope: StreamScope;
  readonly connections: Set<SseConnection>;
  readonly topology: State;
  readonly figures: MovingFigures;
  shape: string;
  seenRevision: number;
  statsAtMs: number;
  /** What the last look took. */
  costMs: number;
  provisionalSinceMs: number | null;
}

export function createStreamHub(processTag: string, sources: StreamSources): StreamHub {
  const topics = new Map<string, Topic>();
  const control = createChangeLog<ControlActionRow>((row) => row.id, MAX_ACTIONS * 2);
  const settings: State = { version: 0, json: '' };
  const health: State = { version: 0, json: '' };
  let healthAtMs = Number.NEGATIVE_INFINITY;
  let steadySettings = '';
  let settingsAtMs = Number.NEGATIVE_INFINITY;
  let slowAtMs = Number.NEGATIVE_INFINITY;
  let heartbeatAtMs = Number.NEGATIVE_INFINITY;
  let closed = false;
  let skippedByClosed = 0;

  const all = function* () {
    for (const topic of topics.values()) yield* topic.connections;
  };
  const count = () => [...topics.values()].reduce((sum, topic) => sum + topic.connections.size, 0);

  const topicOf = (scope: StreamScope): Topic => {
    const key = `${scope.engine ?? ''}\0${scope.pipeline ?? ''}\0${scope.window}`;
    const known = topics.get(key);
    if (known) return known;
    const topic: Topic = {
      scope,
      connections: new Set(),
      topology: { version: 0, json: '' },
      figures: createMovingFigures(),
      shape: '',
      seenRevision: -1,
      statsAtMs: Number.NEGATIVE_INFINITY,
      costMs: 0,
      provisionalSinceMs: null,
    };
    topics.set(key, topic);
    return topic;
  };

  const refreshMap = (topic: Topic, nowMs: number) => {
    const age = nowMs - topic.statsAtMs;
    const revision = sources.revision();
    if (
      age < Math.max(TICK_MS, topic.costMs / MAP_SHARE) ||
      (revision === topic.seenRevision && age < IDLE_STATS_MS)
    )
      return;
    topic.seenRevision = revision;
    topic.statsAtMs = nowMs;
    const startedMs = performance.now();
    const answer = sources.topology(topic.scope);
    const shape = shapeOf(answer);
    if (shape !== topic.shape && isPlaced(topic, answer, nowMs)) {
      topic.shape = shape;
      renew(topic.topology, answer);
    }
    topic.figures.update(answer);
    topic.costMs = performance.now() - startedMs;
  };

  const sendTraces = (topic: Topic) => {
    // Readers that stand at the same mark and want as many rows, nearly always all of them, share one text.
    const shared = new Map<string, { json: string; mark: number; empty: boolean }>();
    for (const connection of topic.connections) {
      const { traces: mark } = connection.marks;
      const key = `${mark} ${connection.rows}`;
      let update = shared.get(key);
      if (!update) {
        const changed = sources.store.changedSince(mark, connection.rows, topic.scope.engine);
        const { traces, more, total } = changed;
        update = {
          json: JSON.stringify({ traces, more, total }),
          mark: changed.mark,
          empty: traces.length + more === 0,
        };
        shared.set(key, update);
      }
      const marks = { ...connection.marks, traces: update.mark };
      if (update.empty) connection.skipTo(marks);
      else connection.offerList('traces', update.json, marks);
    }
  };

  const sendControl = (topic: Topic) => {
    for (const connection of topic.connections) {
      if (connection.marks.control >= control.mark) continue;
      const { engine } = topic.scope;
      const actions = control
        .since(connection.marks.control)
        .filter((row) => engine === null || row.engine === engine);
      connection.offerList('control', JSON.stringify({ actions }), {
        ...connection.marks,
        control: control.mark,
      });
    }
  };

  return {
    get connections() {
      return count();
    },
    get skipped() {
      let sum = skippedByClosed;
      for (const connection of all()) sum += connection.skipped;
      return sum;
    },
    open(scope, lastEventId, rows = MAX_TRACES_PER_EVENT) {
      if (closed || count() >= MAX_CONNECTIONS) return null;
      const topic = topicOf(scope);
      // A page that opens asks for its lists itself: it is sent what comes from now on. All actions of late it gets.
      const newest = sources.store.changedSince(Number.MAX_SAFE_INTEGER, 0, null).mark;
      const marks = parseResumeId(lastEventId, processTag) ?? { traces: newest, control: 0 };
      const connection = createSseConnection(processTag, marks, rows, (ended) => {
        skippedByClosed += ended.skipped;
        topic.connections.delete(ended);
        if (topic.connections.size === 0) {
          for (const [key, value] of topics) if (value === topic) topics.delete(key);
        }
      });
      topic.connections.add(connection);
      connection.heartbeat();
      return connection.body;
    },
    tick(nowMs) {
      if (topics.size === 0) return;
      if (nowMs - healthAtMs >= HEALTH_MS) {
        healthAtMs = nowMs;
        renew(health, sources.health());
      }
      if (nowMs - slowAtMs >= SLOW_MS) {
        slowAtMs = nowMs;
        const news = sources.settings();
        const steady = JSON.stringify(news, withoutMoving);
        if (steady !== steadySettings || nowMs - settingsAtMs >= MOVING_SETTINGS_MS) {
          steadySettings = steady;
          settingsAtMs = nowMs;
          renew(settings, news);
        }
        control.update(sources.controlActions(MAX_ACTIONS));
      }
      for (const topic of topics.values()) {
        refreshMap(topic, nowMs);
        for (const connection of topic.connections) {
          offer(connection, 'topology', topic.topology);
          connection.offerChanges('stats', topic.figures.version, topic.figures.textSince);
          offer(connection, 'settings', settings);
          offer(connection, 'health', health);
        }
        sendTraces(topic);
        sendControl(topic);
      }
      if (nowMs - heartbeatAtMs < HEARTBEAT_MS) return;
      heartbeatAtMs = nowMs;
      for (const connection of all()) connection.heartbeat();
    },
    close() {
      closed = true;
      for (const connection of [...all()]) connection.close();
    },
  };
}

/** A map that is being laid out is held back for a moment, so that its cards do not jump. */
function isPlaced(topic: Topic, { layout }: TopologyAnswer, nowMs: number): boolean {
  if (layout === 'final') {
    topic.provisionalSinceMs = null;
    return true;
  }
  topic.provisionalSinceMs ??= nowMs;
  return nowMs - topic.provisionalSinceMs >= LAYOUT_PATIENCE_MS;
}

function renew(state: State, value: unknown): void {
  const json = JSON.stringify(value);
  if (json === state.json) return;
  state.json = json;
  state.version++;
}

function withoutMoving(key: string, value: unknown): unknown {
  return MOVING.has(key) ? undefined : value;
}

function offer(connection: SseConnection, event: string, state: State): void {
  if (state.version > 0) connection.offerState(event, state.version, state.json);
}
