/** Answers from facts: the map of each engine, its figures, its trail and what is wrong with it. */
import type { HealthAnswer } from '@/lib/api/health';
import type { Finding, TopologyAnswer } from '@/lib/api/topology';
import type { Endpoints } from '@/lib/dialects/connect-texts';
import { untold } from '@/lib/dialects/missing';
import { type ControlTrail, foldedCounts } from '@/lib/metrics/control-trail';
import { engineTracing, sampledSpans } from '@/lib/metrics/engine-tracing';
import { queryMetrics } from '@/lib/metrics/query-metrics';
import type { EngineId } from '@/lib/model/engine';
import type { Entity, Measure } from '@/lib/model/facts';
import type { DecisionStore } from '@/lib/store/series/decision-store';
import { amountOf, splitsOf, totalOf } from '@/lib/store/series/query';
import { secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader, SeriesStore } from '@/lib/store/series/series-store';
import { addKnown, dataFigures, lostItems } from '@/lib/topology/losses';
import { topologyAnswer } from '@/lib/topology/topology-answer';
import { createTopologyLayouts, type LayOut, MAX_LAYOUTS } from '@/lib/topology/topology-layouts';
import { tuningOf } from '@/lib/topology/tuning';
import type { Membership } from '../engines/membership';
import type { AnalysisPort, EngineDescription, ItemsWay, TopologyAsk } from '../ports';
import type { EngineShelf } from './engine-shelf';
import type { EngineTelemetry } from './engine-telemetry';
import { createConfigRedactor } from './redacted-config';
import { createTrailRows } from './trail-rows';
import { MAX_DECISIONS, whatIf } from './what-if';

const HOUR_SECONDS = 3_600;
const RATE_SECONDS = 10;
/** Larger maps take seconds and hundreds of megabytes to lay out: they wait until someone looks. */
const MAX_PREPARED_NODES = 200;
const ENGINE: Entity = { kind: 'engine' };

const ITEMS_MEASURE = {
  in: 'items_in',
  out: 'items_out',
  delivered: 'items_delivered',
  lost: 'dropped',
  reduced: 'reduced',
} as const satisfies Record<ItemsWay, Measure>;

export interface Analysis extends AnalysisPort {
  /** Something came that can change an answer. */
  noteChange(): void;
}

export function createAnalysis(deps: {
  readonly shelf: EngineShelf;
  readonly series: SeriesStore;
  readonly membership: Membership;
  readonly trail: ControlTrail;
  readonly decisions: DecisionStore;
  /** True where the trace can be looked at. */
  readonly isHeld: (traceId: string) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly nowUnixNano: () => bigint;
  readonly spansPerSec: () => number;
  /** Where agents send: known once the server listens. */
  readonly endpoints: () => Endpoints;
  readonly layOut: LayOut;
}): Analysis {
  const { shelf, series, membership, trail, decisions, isHeld, nowMs, nowUnixNano, spansPerSec } = deps;
  const layouts = createTopologyLayouts({
    layOut: deps.layOut,
    onSettled: () => revision++,
    onFailure: (error) => console.error('weir: a map could not be laid out:', error),
  });
  const configs = createConfigRedactor();
  let revision = 0;

  const isConnected = (engine: EngineId) => {
    const member = membership.members.get(engine);
    return member !== undefined && membership.isConnected(member, nowMs());
  };
  const trailRows = createTrailRows({
    trail,
    readerOf: (engine) => series.reader(engine),
    versionOf: (engine, atNano) => shelf.of(engine as EngineId).topology.at(atNano),
    disturbancesOf: (engine, from, to) => disturbances(shelf.of(engine as EngineId), from, to),
  });
  const nowSeconds = () => secondsOf(nowUnixNano());

  return {
    noteChange() {
      revision++;
    },
    get revision() {
      return revision;
    },
    describe(engine) {
      const telemetry = shelf.of(engine);
      const reader = series.reader(engine);
      return {
        dialect: telemetry.dialect,
        pipelines: telemetry.topology.current?.pipelines ?? [],
        missing: missingOf(telemetry, reader, deps.endpoints()),
        arrivals: arrivalsOf(telemetry),
        tracing: reader ? engineTracing(reader, nowSeconds()) : null,
      };
    },
    dataFigures() {
      const now = nowSeconds();
      const hour = { from: now - HOUR_SECONDS, to: now };
      const recent = { from: now - RATE_SECONDS, to: now };
      const parts = [...membership.members.keys()].flatMap((engine) => {
        const reader = series.reader(engine);
        if (!reader) return [];
        const { current } = shelf.of(engine).topology;
        return [dataFigures(reader, current, hour, recent, isConnected(engine))];
      });
      const sum = (key: 'lost' | 'presumedLost' | 'reduced' | 'itemsPerSec') =>
        addKnown(parts.map((part) => part[key]));
      return {
        lost: sum('lost'),
        presumedLost: sum('presumedLost'),
        reduced: sum('reduced'),
        spansPerSec: spansPerSec(),
        itemsPerSec: sum('itemsPerSec'),
      } satisfies HealthAnswer['data'];
    },
    unsent() {
      const now = nowSeconds();
      const hour = { from: now - HOUR_SECONDS, to: now };
      return [...membership.members.keys()].flatMap((engine) => {
        const reader = series.reader(engine);
        if (!reader) return [];
        return splitsOf(reader, ENGINE, 'export_lost', 'signal').flatMap((signal) => {
          const items = amountOf(reader, ENGINE, 'export_lost', hour, (split) => split.signal === signal);
          return items === null || items === 0 ? [] : [{ engine, signal, items }];
        });
      });
    },
    seriesStats() {
      const { bytes, budgetBytes, series: count } = series.stats();
      return { seriesBytes: bytes, seriesBudgetBytes: budgetBytes, series: count };
    },
    topology(ask) {
      const atNano = ask.atUnixNano ?? nowUnixNano();
      const telemetry = ask.engine === null ? null : shelf.of(ask.engine);
      const version = telemetry?.topology.at(atNano);
      const reader = ask.engine === null ? null : series.reader(ask.engine);
      if (!telemetry || !version || !reader) return nothingKnown(ask, atNano);
      const answer = topologyAnswer(
        {
          engine: telemetry.id,
          version,
          reader,
          atNano,
          window: ask.window,
          pipeline: ask.pipeline,
          findings: findingsAt(telemetry, ask.atUnixNano),
          missing: missingOf(telemetry, reader, deps.endpoints()),
          ...(ask.atUnixNano === null && { rolling: telemetry.rolling }),
        },
        layouts,
      );
      return configs.answer(answer);
    },
    prepareMaps() {
      for (const { id, topology } of shelf.all().slice(0, MAX_LAYOUTS)) {
        const { current } = topology;
        if (current && current.nodes.length <= MAX_PREPARED_NODES) layouts.places(id, current);
      }
    },
    async laidOut({ engine, atUnixNano }) {
      const version = engine && shelf.of(engine).topology.at(atUnixNano ?? nowUnixNano());
      if (version) await layouts.settled(engine, version);
    },
    tuning({ engine, window, atUnixNano }) {
      const version = engine === null ? null : shelf.of(engine).topology.at(atUnixNano);
      const reader = engine === null ? null : series.reader(engine);
      const known =
        version && reader
          ? tuningOf(reader, version, atUnixNano, window)
          : { window, partial: true, channels: [], batches: [] };
      return { engine: engine ?? '', atUnixNano: String(atUnixNano), ...known };
    },
    metrics(ask) {
      const { metric, node, channel, path, stepMs } = ask;
      const reader = ask.engine === null ? null : series.reader(ask.engine);
      const [fromNano, toNano] = [ask.fromUnixNano, ask.toUnixNano];
      return queryMetrics(reader, { metric, node, channel, path, fromNano, toNano, stepMs });
    },
    findings: (engine, from, to) => shelf.of(engine).diagnosis.timeline(from, to),
    controlActions(ask) {
      const entries = trail.entries(ask.engine, ask.fromUnixNano, ask.toUnixNano);
      const asked = ask.engine === null ? [...membership.members.keys()] : [ask.engine];
      const readers = asked.flatMap((engine) => series.reader(engine) ?? []);
      return {
        actions: entries.slice(0, ask.limit).map(trailRows.row),
        total: entries.length,
        truncated: entries.length > ask.limit,
        folded: foldedCounts(readers),
      };
    },
    edgeTotal(engine, { from, port, to, channel }) {
      const reader = series.reader(engine);
      if (!reader) return null;
      const sent = totalOf(reader, { kind: 'edge', from, port, channel }, 'sent');
      return sent ?? totalOf(reader, { kind: 'channel', channel, node: to }, 'received');
    },
    itemsTotal(engine, node, way) {
      const reader = series.reader(engine);
      const measure = ITEMS_MEASURE[way];
      if (!reader || reader.series({ kind: 'node', node }, measure).length === 0) return null;
      return totalOf(reader, { kind: 'node', node }, measure);
    },
    lostTotals(engine) {
      const reader = series.reader(engine);
      return reader ? lostItems(reader) : [];
    },
    nodesOf: (engine) => shelf.of(engine).topology.current?.nodes.map(({ id }) => id) ?? [],
    runningConfig(engine, node) {
      const found = shelf.of(engine).topology.current?.nodes.find(({ id }) => id === node);
      const config = configs.redacted(found?.config ?? null);
      return config !== null && typeof config === 'object' ? (config as Record<string, unknown>) : null;
    },
    decisionOf(traceId) {
      const fact = decisions.of(traceId);
      return fact ? { kept: fact.kept, by: fact.by, votes: fact.votes } : null;
    },
    sampled(engine, fromUnixNano, toUnixNano) {
      const reader = series.reader(engine);
      const span = { from: secondsOf(fromUnixNano), to: secondsOf(toUnixNano) };
      return reader ? sampledSpans(reader, span) : null;
    },
    whatIf: (engine, tailSampling) => whatIf(decisions.newest(engine, MAX_DECISIONS), tailSampling, isHeld),
  };
}

/** Those open at the cursor, or now, as they stand or stood. */
function findingsAt({ diagnosis }: EngineTelemetry, atNano: bigint | null): readonly Finding[] {
  if (atNano === null) return diagnosis.open;
  return diagnosis.at(atNano);
}

/** What else happened in that time and may explain a change. */
function disturbances({ diagnosis, restarts }: EngineTelemetry, from: bigint, to: bigint): string[] {
  const within = (nano: bigint) => nano >= from && nano <= to;
  return [
    ...restarts.filter(within).map(() => 'a restart of the engine'),
    ...diagnosis
      .timeline(from, to)
      .filter(({ since }) => within(BigInt(since)))
      .map(({ title }) => `the onset of “${title}”`),
  ];
}

function arrivalsOf({ first, dialectState }: EngineTelemetry): EngineDescription['arrivals'] {
  const since = (at: bigint | null) => (at === null ? null : String(at));
  return {
    traces: since(first.traces),
    metrics: since(first.metrics),
    logs: since(first.logs),
    pipelineTelemetry: dialectState.collector.gate,
  };
}

function missingOf(
  telemetry: EngineTelemetry,
  reader: SeriesReader | null,
  endpoints: Endpoints,
): EngineDescription['missing'] {
  return untold({
    endpoints,
    hasTraces: telemetry.first.traces !== null,
    dialect: telemetry.dialect,
    state: telemetry.dialectState,
    tells: (measure) => reader?.tells(measure) ?? false,
    isDeclared: telemetry.config?.isRead ?? false,
    configProblem: telemetry.config?.problem ?? null,
  });
}

function nothingKnown(ask: TopologyAsk, atNano: bigint): TopologyAnswer {
  return {
    engine: ask.engine ?? '',
    pipeline: ask.pipeline,
    revision: 0,
    atUnixNano: String(atNano),
    window: ask.window,
    layout: 'final',
    nodes: [],
    edges: [],
    control: [],
    verdict: null,
    findings: [],
    missing: [],
  };
}
