/** The figures of the map as they move: written by the stream (or by a frozen answer), read one id at a time. */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { EdgeStats, Finding, NodeStats, TopologyAnswer } from '@/lib/api/topology';
import { createKeyedStore, type KeyedStore, useKeyed } from './keyed-store';
import { createValueStore, useValue } from './value-store';

export const nodeStatsStore: KeyedStore<NodeStats> = createKeyedStore();
export const edgeStatsStore: KeyedStore<EdgeStats> = createKeyedStore();

export interface Diagnosis {
  readonly verdict: Finding | null;
  readonly findings: readonly Finding[];
  /** The moment the figures are of; empty before the first answer. */
  readonly atUnixNano: string;
}
export const diagnosisStore = createValueStore<Diagnosis>({ verdict: null, findings: [], atUnixNano: '' });

/** What is equal keeps its identity, so that a verdict that stands renders nobody. */
export function writeDiagnosis(next: Diagnosis): void {
  diagnosisStore.set(replaceEqualDeep(diagnosisStore.get(), next));
}

export function writeTopologyStats(answer: TopologyAnswer): void {
  nodeStatsStore.replace(Object.fromEntries(answer.nodes.map((node) => [node.id, node.stats])));
  edgeStatsStore.replace(Object.fromEntries(answer.edges.map((edge) => [edge.id, edge.stats])));
  writeDiagnosis({ verdict: answer.verdict, findings: answer.findings, atUnixNano: answer.atUnixNano });
}

export function useNodeStats(id: string): NodeStats | undefined {
  return useKeyed(nodeStatsStore, id);
}

export function useEdgeStats(id: string): EdgeStats | undefined {
  return useKeyed(edgeStatsStore, id);
}

export function useVerdict(): Finding | null {
  return useValue(diagnosisStore, (diagnosis) => diagnosis.verdict);
}

export function useOpenFindings(): readonly Finding[] {
  return useValue(diagnosisStore, (diagnosis) => diagnosis.findings);
}
