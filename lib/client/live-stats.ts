/**
 * The figures of the map as they move, read one id at a time. What the stream tells is kept in `live` in any case: while
 * the cursor is frozen the stores show an answer of the past, and going live again shows what moved meanwhile.
 */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { StatsUpdate } from '@/lib/api/stream';
import type { ControlChannel, EdgeStats, Finding, NodeStats, TopologyAnswer } from '@/lib/api/topology';
import { createKeyedStore, type KeyedStore, useKeyed } from './keyed-store';
import { createValueStore, useValue } from './value-store';

export const nodeStatsStore: KeyedStore<NodeStats> = createKeyedStore();
export const edgeStatsStore: KeyedStore<EdgeStats> = createKeyedStore();
export const controlChannelStore: KeyedStore<ControlChannel> = createKeyedStore();

export interface Diagnosis {
  readonly verdict: Finding | null;
  readonly findings: readonly Finding[];
  /** The moment the figures are of; empty before the first answer. */
  readonly atUnixNano: string;
}
export const diagnosisStore = createValueStore<Diagnosis>({ verdict: null, findings: [], atUnixNano: '' });

interface Figures extends Diagnosis {
  readonly nodes: Readonly<Record<string, NodeStats>>;
  readonly edges: Readonly<Record<string, EdgeStats>>;
  readonly control: Readonly<Record<string, ControlChannel>>;
}

/** What the stream told of the map it is of; null before the first map. */
let live: (Figures & { readonly of: string }) | null = null;

function mapKey({ engine, pipeline, window }: TopologyAnswer): string {
  return `${engine}\n${pipeline ?? ''}\n${window}`;
}

function figuresOf(answer: TopologyAnswer): Figures {
  const { verdict, findings, atUnixNano } = answer;
  return {
    nodes: Object.fromEntries(answer.nodes.map((node) => [node.id, node.stats])),
    edges: Object.fromEntries(answer.edges.map((edge) => [edge.id, edge.stats])),
    control: Object.fromEntries(answer.control.map((channel) => [channel.node, channel])),
    verdict,
    findings,
    atUnixNano,
  };
}

/** A map came over the stream. */
export function noteLiveMap(answer: TopologyAnswer, frozen: boolean): void {
  live = { of: mapKey(answer), ...figuresOf(answer) };
  if (!frozen) show(live);
}

/** Figures that moved came over the stream. */
export function noteLiveFigures(update: StatsUpdate, frozen: boolean): void {
  const { control, verdict, findings, atUnixNano } = update;
  const nodes = withSparks(update);
  const edges: Record<string, EdgeStats> = {};
  for (const [id, stats] of Object.entries(update.edges)) {
    edges[id] = { ...stats, spark: live?.edges[id]?.spark ?? [] };
  }
  if (live) {
    Object.assign(live.nodes, nodes);
    Object.assign(live.edges, edges);
    Object.assign(live.control, control);
    Object.assign(live, { verdict, findings, atUnixNano });
  }
  if (frozen) return;
  nodeStatsStore.merge(nodes);
  edgeStatsStore.merge(edges);
  controlChannelStore.merge(control);
  writeDiagnosis({ verdict, findings, atUnixNano });
}

/** Figures and sparklines come apart; whichever did not move is what it was. */
function withSparks({ nodes, sparks }: StatsUpdate): Readonly<Record<string, NodeStats>> {
  const joined: Record<string, NodeStats> = {};
  for (const [id, stats] of Object.entries(nodes)) {
    joined[id] = { ...stats, spark: sparks[id] ?? live?.nodes[id]?.spark ?? [] };
  }
  for (const [id, spark] of Object.entries(sparks)) {
    const known = joined[id] ?? live?.nodes[id];
    if (known && !nodes[id]) joined[id] = { ...known, spark };
  }
  return joined;
}

/** An answer is shown: of the cursor, or the live map, whose figures may have moved since. */
export function showMap(answer: TopologyAnswer, isLive: boolean): void {
  const own = figuresOf(answer);
  const isNewer = (known: typeof live) =>
    known?.of === mapKey(answer) && BigInt(known.atUnixNano) > BigInt(own.atUnixNano);
  show(isLive && live && isNewer(live) ? live : own);
}

function show({ nodes, edges, control, verdict, findings, atUnixNano }: Figures): void {
  nodeStatsStore.replace(nodes);
  edgeStatsStore.replace(edges);
  controlChannelStore.replace(control);
  writeDiagnosis({ verdict, findings, atUnixNano });
}

/** What is equal keeps its identity, so that a verdict that stands renders nobody. */
function writeDiagnosis(next: Diagnosis): void {
  diagnosisStore.set(replaceEqualDeep(diagnosisStore.get(), next));
}

export function useControlChannel(node: string): ControlChannel | undefined {
  return useKeyed(controlChannelStore, node);
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
