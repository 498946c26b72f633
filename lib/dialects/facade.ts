/** The door into this folder: which dialect, and facts of what came. Nothing outside asks which engine it was. */
import type { DialectName } from '@/lib/model/engine';
import type { Fact, TopologyFact } from '@/lib/model/facts';
import { collectorDeclared, learnCollector, learnCollectorSpans } from './collector-knowledge';
import { collectorLogFacts } from './collector-logs';
import { mapCollectorSeries } from './collector-metrics';
import { collectorSeen } from './collector-sketch';
import { topologyFactOf } from './declared-topology';
import type { Dialect, DialectState, ResourceLogs, ResourceMetrics, ResourceSpans } from './dialect';
import type { EffectiveTopology } from './effective-topology';
import { type MetricFacts, metricFacts } from './metric-facts';
import { learnOtap, otapSeen } from './otap-knowledge';
import { otapLogFacts } from './otap-logs';
import { mapOtapSeries } from './otap-metrics';
import { eventFact, weirLogFacts } from './weir-logs';
import { mapWeirSeries } from './weir-metrics';

const spans: Dialect = {
  name: 'spans',
  mapSeries: () => null,
  logFacts: namedEvents,
};

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  weir: { name: 'weir', mapSeries: mapWeirSeries, logFacts: weirLogFacts },
  otap: {
    name: 'otap',
    mapSeries: mapOtapSeries,
    logFacts: otapLogFacts,
    learn({ scopeMetrics }, state) {
      const learnt = learnOtap(
        state.otap,
        scopeMetrics.map(({ scope }) => scope),
      );
      return learnt ? told(otapSeen(state.otap), state) : [];
    },
  },
  collector: {
    name: 'collector',
    mapSeries: mapCollectorSeries,
    logFacts: collectorLogFacts,
    learn: (part, state) =>
      learnCollector(state.collector, part) ? told(collectorSeen(state.collector), state) : [],
  },
  spans,
};

/** `part` is one resource's share of a request; `state` is that engine's own. */
export function factsFromMetrics(
  dialect: DialectName,
  part: ResourceMetrics,
  state: DialectState,
): MetricFacts {
  const learnt = DIALECTS[dialect].learn?.(part, state) ?? [];
  const read = metricFacts(DIALECTS[dialect], part, state);
  return { facts: [...learnt, ...read.facts], points: read.points };
}

/** Ids and channels hang on what is known: what series mean is looked up anew. */
function told(fact: Fact, state: DialectState): Fact[] {
  state.meanings.clear();
  return [fact];
}

/** What traces tell of the topology, where the metrics alone do not; empty where nothing is new. */
export function topologyFromSpans(dialect: DialectName, part: ResourceSpans, state: DialectState): Fact[] {
  if (dialect !== 'collector') return [];
  return learnCollectorSpans(state.collector, part) ? told(collectorSeen(state.collector), state) : [];
}

/** An effective configuration as the truth about the topology from then on. */
export function topologyFromConfig(
  read: EffectiveTopology,
  timeNano: bigint,
  state: DialectState,
): TopologyFact {
  if (read.dialect === 'collector') collectorDeclared(state.collector, read.config);
  state.meanings.clear();
  const fact = topologyFactOf(read.topology, timeNano);
  noteTypes(fact, state);
  return fact;
}

export function factsFromLogs(dialect: DialectName, part: ResourceLogs, state: DialectState): Fact[] {
  const facts = DIALECTS[dialect].logFacts(part, state);
  for (const fact of facts) if (fact.kind === 'topology') noteTypes(fact, state);
  return facts;
}

/** What a series means may hang on the type of its node: a change is looked up anew. */
export function noteTypes(fact: TopologyFact, state: DialectState): void {
  let changed = false;
  for (const { id, type } of fact.nodes) {
    if (state.nodeTypes.get(id) === type) continue;
    state.nodeTypes.set(id, type);
    changed = true;
  }
  if (changed) state.meanings.clear();
}

function namedEvents(logs: ResourceLogs): Fact[] {
  return logs.scopeLogs.flatMap(({ scope, logRecords }) =>
    logRecords.filter((record) => record.eventName !== '').map((record) => eventFact(scope, record)),
  );
}
