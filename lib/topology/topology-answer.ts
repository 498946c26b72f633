/** Puts together what the map shows of one engine at one moment. The same for now and for a frozen past. */
import type {
  ControlChannel,
  EdgeStats,
  Finding,
  Missing,
  NodeStats,
  TopologyAnswer,
} from '@/lib/api/topology';
import type { Entity } from '@/lib/model/facts';
import { type StatsWindow, WINDOW_SECONDS } from '@/lib/model/stats-window';
import { controlChannelId } from '@/lib/semconv/urn';
import { gaugeAt, rateOf, windowEnding } from '@/lib/store/series/query';
import { secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { MapEdge, MapNode } from './compose';
import { type EdgeContext, edgeStats } from './edge-stats';
import { nodeStats } from './node-stats';
import { createRollingSeconds, type RollingSeconds } from './rolling-seconds';
import type { TopologyLayouts } from './topology-layouts';
import type { TopologyVersion } from './topology-model';

export interface MapStats {
  readonly nodes: Readonly<Record<string, NodeStats>>;
  readonly edges: Readonly<Record<string, EdgeStats>>;
}

export interface TopologyRequest {
  readonly engine: string;
  readonly version: TopologyVersion;
  readonly reader: SeriesReader;
  /** The cursor, or now; nanoseconds since 1970. */
  readonly atNano: bigint;
  readonly window: StatsWindow;
  /** One pipeline of the engine; null for all. */
  readonly pipeline: string | null;
  readonly findings: readonly Finding[];
  readonly missing: readonly Missing[];
  /** What was reckoned at the last look; absent where the moment is not now. */
  readonly rolling?: RollingSeconds;
}

export function topologyAnswer(
  request: TopologyRequest,
  layouts: Pick<TopologyLayouts, 'places'>,
): TopologyAnswer {
  const { engine, version, reader, atNano, window, pipeline, findings, missing } = request;
  const stats = mapStats(request);
  const places = layouts.places(engine, version);
  const { nodes, edges } = partOfPipeline(version, pipeline);
  return {
    engine,
    pipeline,
    revision: version.revision,
    atUnixNano: atNano.toString(),
    window,
    layout: places.final ? 'final' : 'provisional',
    nodes: nodes.flatMap((node) => {
      const own = stats.nodes[node.id];
      const { concurrency: _, ...shown } = node;
      const position = places.positions.get(node.id) ?? { x: 0, y: 0 };
      return own ? [{ ...shown, state: stateOf(node.state), position, stats: own }] : [];
    }),
    edges: edges.flatMap((edge) => {
      const own = stats.edges[edge.id];
      const { capacity: _, ...shown } = edge;
      return own ? [{ ...shown, stats: own }] : [];
    }),
    control: nodes.map((node) => controlChannel(reader, node, request)),
    verdict: findings[0] ?? null,
    findings,
    missing,
  };
}

/** What moves: the figures of each node and edge by id. */
export function mapStats(
  request: Pick<TopologyRequest, 'version' | 'reader' | 'atNano' | 'window' | 'pipeline' | 'rolling'>,
): MapStats {
  const { reader, atNano, window, rolling = createRollingSeconds() } = request;
  const { nodes, edges } = partOfPipeline(request.version, request.pipeline);
  const span = windowEnding(reader, secondsOf(atNano), WINDOW_SECONDS[window]);
  const byId = new Map(request.version.nodes.map((node) => [node.id, node]));
  const into = countBy(request.version.edges, (edge) => edge.to);
  const outOf = countBy(request.version.edges, (edge) => edge.from);
  const contextOf = (edge: MapEdge): EdgeContext => ({
    from: byId.get(edge.from),
    to: byId.get(edge.to),
    intoTarget: into.get(edge.to) ?? 0,
    outOfSource: outOf.get(edge.from) ?? 0,
  });
  return {
    nodes: Object.fromEntries(nodes.map((node) => [node.id, nodeStats(reader, node, span, rolling)])),
    edges: Object.fromEntries(
      edges.map((edge) => [edge.id, edgeStats(reader, edge, contextOf(edge), span, rolling)]),
    ),
  };
}

/** A node without a pipeline belongs to the process and is in each that it is connected to. */
function partOfPipeline(
  version: TopologyVersion,
  pipeline: string | null,
): { nodes: readonly MapNode[]; edges: readonly MapEdge[] } {
  if (pipeline === null) return version;
  const own = new Set(version.nodes.filter((node) => node.pipeline === pipeline).map((node) => node.id));
  const shared = new Set(version.nodes.filter((node) => node.pipeline === null).map((node) => node.id));
  const isIn = (id: string) => own.has(id) || shared.has(id);
  const edges = version.edges.filter(
    (edge) => (own.has(edge.from) || own.has(edge.to)) && isIn(edge.from) && isIn(edge.to),
  );
  const touched = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  return { nodes: version.nodes.filter((node) => own.has(node.id) || touched.has(node.id)), edges };
}

function controlChannel(
  reader: SeriesReader,
  node: MapNode,
  { atNano, window }: Pick<TopologyRequest, 'atNano' | 'window'>,
): ControlChannel {
  const channel = controlChannelId(node.id);
  const entity: Entity = { kind: 'channel', channel, node: node.id };
  const at = secondsOf(atNano);
  const span = windowEnding(reader, at, WINDOW_SECONDS[window]);
  return {
    node: node.id,
    channel,
    depth: gaugeAt(reader, entity, 'depth', at),
    capacity: gaugeAt(reader, entity, 'capacity', at),
    ratePerSec: rateOf(reader, entity, 'received', span),
  };
}

function stateOf(text: string | null): 'running' | 'draining' | 'drained' | 'stopped' | null {
  return text === 'running' || text === 'draining' || text === 'drained' || text === 'stopped' ? text : null;
}

function countBy<T>(list: readonly T[], key: (entry: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of list) counts.set(key(entry), (counts.get(key(entry)) ?? 0) + 1);
  return counts;
}
