/** Making a whole declared topology of an effective configuration, and the bounds that hold for every dialect. */
import type { EdgeFact, TopologyFact } from '@/lib/model/facts';

/** Nodes, and edges, that one configuration may declare; a pipeline beyond that is not drawn by anyone. */
export const MAX_DECLARED = 10_000;

export type DeclaredNode = TopologyFact['nodes'][number];

export interface DeclaredTopology {
  readonly pipelines: readonly string[];
  readonly nodes: readonly DeclaredNode[];
  readonly edges: readonly EdgeFact[];
  readonly capacities: Readonly<Record<string, number>>;
  /** Components that are configured and in no pipeline. */
  readonly unused?: readonly string[];
  /** What of it could not be understood, in words; empty where all was. */
  readonly problems: readonly string[];
}

export function declaredNode(
  node: Pick<DeclaredNode, 'id' | 'component' | 'pipeline' | 'nodeKind' | 'type' | 'stateful' | 'config'> &
    Partial<DeclaredNode>,
): DeclaredNode {
  const untold = { ports: [], concurrency: null, state: null, configSchema: null, faults: null };
  return { ...untold, ...node, kind: 'node' };
}

export function topologyFactOf(declared: DeclaredTopology, timeNano: bigint): TopologyFact {
  const { pipelines, nodes, edges, capacities, unused = [] } = declared;
  return {
    kind: 'topology',
    timeNano,
    pipeline: '',
    pipelines,
    revision: 0,
    nodes,
    edges,
    capacities,
    unused,
  };
}
