/** The door into this folder: which dialect, and facts of what came. Nothing outside asks which engine it was. */
import type { DialectName } from '@/lib/model/engine';
import type { Fact, TopologyFact } from '@/lib/model/facts';
import type { Dialect, DialectState, ResourceLogs, ResourceMetrics } from './dialect';
import { type MetricFacts, metricFacts } from './metric-facts';
import { eventFact, weirLogFacts } from './weir-logs';
import { mapWeirSeries } from './weir-metrics';

const spans: Dialect = {
  name: 'spans',
  mapSeries: () => null,
  logFacts: namedEvents,
};

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  weir: { name: 'weir', mapSeries: mapWeirSeries, logFacts: weirLogFacts },
  otap: { ...spans, name: 'otap' },
  collector: { ...spans, name: 'collector' },
  spans,
};

/** `part` is one resource's share of a request; `state` is that engine's own. */
export function factsFromMetrics(
  dialect: DialectName,
  part: ResourceMetrics,
  state: DialectState,
): MetricFacts {
  return metricFacts(DIALECTS[dialect], part, state);
}

export function factsFromLogs(dialect: DialectName, part: ResourceLogs, state: DialectState): Fact[] {
  const facts = DIALECTS[dialect].logFacts(part);
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
