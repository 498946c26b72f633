/** Answers from facts: the map of each engine, its figures, its trail and what is wrong with it. */
import type { HealthAnswer } from '@/lib/api/health';
import type { Finding, TopologyAnswer } from '@/lib/api/topology';
import { createBoundedMap } from '@/lib/base/bounded-map';
import { type ControlTrail, foldedCounts } from '@/lib/metrics/control-trail';
import { engineTracing, sampledSpans } from '@/lib/metrics/engine-tracing';
import { queryMetrics } from '@/lib/metrics/query-metrics';
import type { EngineId } from '@/lib/model/engine';
import { secondsOf } from '@/lib/store/series/resolution';
import type { DecisionStore } from '@/lib/store/series/decision-store';
import type { SeriesReader, SeriesStore } from '@/lib/store/series/series-store';
import { addKnown, dataFigures } from '@/lib/topology/losses';
import { topologyAnswer } from '@/lib/topology/topology-answer';
import { createTopologyLayouts } from '@/lib/topology/topology-layouts';
import { MAX_ENGINES, type Membership } from '../engines/membership';
import type { AnalysisPort, EngineDescription, TopologyAsk } from '../ports';
import { createEngineTelemetry, type EngineTelemetry } from './engine-telemetry';
import { createConfigRedactor } from './redacted-config';
import { MAX_DECISIONS, whatIf } from './what-if';
import { createTrailRows } from './trail-rows';

const HOUR_SECONDS = 3_600;
const RATE_SECONDS = 10;

export interface Analysis extends AnalysisPort {
  telemetryOf(engine: EngineId): EngineTelemetry;
  /** Something came that can change an answer. */
  noteChange(): void;
}

export function createAnalysis(deps: {
  readonly series: SeriesStore;
  readonly membership: Membership;
  readonly trail: ControlTrail;
  readonly decisions: DecisionStore;
  /** True where the trace can be looked at. */
  readonly isHeld: (traceId: string) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly nowUnixNano: () => bigint;
  readonly spansPerSec: () => number;
}): Analysis {
  const { series, membership, trail, decisions, isHeld, nowMs, nowUnixNano, spansPerSec } = deps;
  const engines = createBoundedMap<EngineId, EngineTelemetry>(MAX_ENGINES, (id) => series.forget(id));
  const layouts = createTopologyLayouts();
  const configs = createConfigRedactor();
  let revision = 0;

  /** A new incarnation forgets what was seen and counts from zero. */
  const telemetryOf = (engine: EngineId): EngineTelemetry => {
    const incarnation = membership.members.get(engine)?.incarnation ?? 1;
    let telemetry = engines.get(engine);
    if (!telemetry) {
      telemetry = createEngineTelemetry(engine);
      telemetry.incarnation = incarnation;
      engines.set(engine, telemetry);
    } else if (telemetry.incarnation !== incarnation) {
      telemetry.incarnation = incarnation;
      telemetry.topology.restart();
      series.restart(engine);
    }
    return telemetry;
  };
  const isConnected = (engine: EngineId) => {
    const member = membership.members.get(engine);
    return member !== undefined && membership.isConnected(member, nowMs());
  };
  const trailRows = createTrailRows({
    trail,
    readerOf: (engine) => series.reader(engine),
    versionOf: (engine, atNano) => engines.get(engine as EngineId)?.topology.at(atNano) ?? null,
    disturbancesOf: () => [],
  });
  const nowSeconds = () => secondsOf(nowUnixNano());

  return {
    telemetryOf,
    noteChange() {
      revision++;
    },
    get revision() {
      return revision;
    },
    describe(engine) {
      const telemetry = telemetryOf(engine);
      const reader = series.reader(engine);
      return {
        dialect: telemetry.dialect,
        pipelines: telemetry.topology.current?.pipelines ?? [],
        missing: missingOf(telemetry, reader),
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
        const { current } = telemetryOf(engine).topology;
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
    seriesStats() {
      const { bytes, budgetBytes, series: count } = series.stats();
      return { seriesBytes: bytes, seriesBudgetBytes: budgetBytes, series: count };
    },
    topology(ask) {
      const atNano = ask.atUnixNano ?? nowUnixNano();
      const telemetry = ask.engine === null ? null : telemetryOf(ask.engine);
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
          findings: openFindings(),
          missing: missingOf(telemetry, reader),
        },
        layouts,
      );
      return configs.answer(answer);
    },
    metrics(ask) {
      const { metric, node, channel, path, stepMs } = ask;
      const reader = ask.engine === null ? null : series.reader(ask.engine);
      const [fromNano, toNano] = [ask.fromUnixNano, ask.toUnixNano];
      return queryMetrics(reader, { metric, node, channel, path, fromNano, toNano, stepMs });
    },
    findings: () => [],
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
    nodesOf: (engine) => telemetryOf(engine).topology.current?.nodes.map(({ id }) => id) ?? [],
    runningConfig(engine, node) {
      const found = telemetryOf(engine).topology.current?.nodes.find(({ id }) => id === node);
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
    whatIf: (engine, tailSampling) =>
      whatIf(decisions.newest(engine, MAX_DECISIONS), tailSampling, isHeld),
  };
}

function openFindings(): readonly Finding[] {
  return [];
}

function missingOf(telemetry: EngineTelemetry, reader: SeriesReader | null): EngineDescription['missing'] {
  if (telemetry.dialect === 'weir') return [];
  if (reader?.tells('depth')) return [];
  return [
    {
      what: 'queue depth, utilisation and backpressure',
      how: 'this source sends no metrics of its channels: the map is drawn from its spans alone',
    },
  ];
}

function nothingKnown(ask: TopologyAsk, atNano: bigint): TopologyAnswer {
  return {
    engine: ask.engine ?? '',
    pipeline: ask.pipeline,
    revision: 0,
    atUnixNano: String(atNano),
    window: ask.window,
    nodes: [],
    edges: [],
    control: [],
    verdict: null,
    findings: [],
    missing: [],
  };
}
