/**
 * The map of one engine over time. Declared topology (an engine's own event, an effective configuration) wins over
 * what was observed, observed over inferred. Each change is a new version with a revision of its own, so that the map
 * can be shown as it was; at most `MAX_VERSIONS`, oldest first out.
 *
 *   facts ──▶ declared by pipeline ─┐
 *             seen nodes, edges    ─┴─▶ compose ──▶ version n (since t) ──▶ at(t)
 */
import type { EdgeFact, Fact, NodeFact, SeenFact, TopologyFact } from '@/lib/model/facts';
import { composeMap, type MapEdge, type MapNode } from './compose';
import { edgeId } from './edge-id';

export const MAX_VERSIONS = 500;
/** Nodes and edges of one engine that are only observed; beyond that they are counted and not drawn. */
export const MAX_OBSERVED = 20_000;

export interface TopologyVersion {
  readonly revision: number;
  readonly sinceNano: bigint;
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly pipelines: readonly string[];
  /** Components that are configured and in no pipeline. */
  readonly unused: readonly string[];
  /** Equal for versions that are drawn alike: the key of their layout. */
  readonly shape: string;
}

export interface TopologyModel {
  /** True where the map changed. */
  apply(facts: readonly Fact[], nowNano: bigint): boolean;
  /** A new incarnation: what was observed is forgotten, what was declared stays until something new is declared. */
  restart(): void;
  /** Puts versions of a file in their places among those that are there. */
  restore(past: readonly Omit<TopologyVersion, 'revision' | 'shape'>[]): void;
  /** The map at a moment; null before anything was known. */
  at(timeNano: bigint): TopologyVersion | null;
  readonly current: TopologyVersion | null;
  readonly versions: readonly TopologyVersion[];
  readonly refused: number;
}

export function createTopologyModel(): TopologyModel {
  let declared = new Map<string, TopologyFact>();
  let stale = false;
  const nodes = new Map<string, NodeFact>();
  const edges = new Map<string, EdgeFact>();
  let seen: SeenFact = NOTHING_SEEN;
  const versions: TopologyVersion[] = [];
  let revision = 0;
  let content = '';
  let refused = 0;

  const declare = (fact: TopologyFact): boolean => {
    const held = declared.get(fact.pipeline);
    if (!stale && held && held.timeNano > fact.timeNano) return false;
    if (stale) {
      declared = new Map();
      stale = false;
    }
    declared.set(fact.pipeline, fact);
    return true;
  };

  const observe = <T>(held: Map<string, T>, key: string, fact: T): boolean => {
    if (!held.has(key) && held.size >= MAX_OBSERVED) {
      refused++;
      return false;
    }
    held.set(key, fact);
    return true;
  };

  const applyOne = (fact: Fact): boolean => {
    if (fact.kind === 'topology') return declare(fact);
    if (fact.kind === 'seen') {
      seen = bounded(fact);
      refused += fact.nodes.length - seen.nodes.length + fact.edges.length - seen.edges.length;
      return true;
    }
    if (fact.kind === 'node') return observe(nodes, fact.id, fact);
    if (fact.kind !== 'edge') return false;
    const key = edgeId(fact);
    const known = edges.get(key);
    if (known && rank(known) >= rank(fact)) return false;
    return observe(edges, key, fact);
  };

  return {
    apply(facts, nowNano) {
      let touched = false;
      let since = nowNano;
      for (const fact of facts) {
        if (!applyOne(fact)) continue;
        touched = true;
        if (fact.kind === 'topology') since = fact.timeNano;
      }
      if (!touched) return false;
      const map = composeMap(
        [...declared.values()],
        [...nodes.values(), ...seen.nodes],
        [...edges.values(), ...seen.edges],
      );
      const text = JSON.stringify(map);
      if (text === content) return false;
      content = text;
      revision++;
      const last = versions.at(-1);
      const sinceNano = last && since <= last.sinceNano ? last.sinceNano + 1n : since;
      versions.push({ revision, sinceNano, ...map, shape: shapeOf(map.nodes, map.edges) });
      if (versions.length > MAX_VERSIONS) versions.shift();
      return true;
    },
    restart() {
      stale = declared.size > 0;
      nodes.clear();
      edges.clear();
      seen = NOTHING_SEEN;
    },
    restore(past) {
      for (const version of past) {
        if (versions.some(({ sinceNano }) => sinceNano === version.sinceNano)) continue;
        versions.push({ ...version, revision: ++revision, shape: shapeOf(version.nodes, version.edges) });
      }
      versions.sort((a, b) => (a.sinceNano < b.sinceNano ? -1 : 1));
      if (versions.length > MAX_VERSIONS) versions.splice(0, versions.length - MAX_VERSIONS);
    },
    at(timeNano) {
      for (let i = versions.length - 1; i >= 0; i--) {
        const version = versions[i] as TopologyVersion;
        if (version.sinceNano <= timeNano) return version;
      }
      // The oldest is as near as is known: telemetry of a moment may come before the map of it.
      return versions[0] ?? null;
    },
    get current() {
      return versions.at(-1) ?? null;
    },
    get versions() {
      return versions;
    },
    get refused() {
      return refused;
    },
  };
}

const NOTHING_SEEN: SeenFact = { kind: 'seen', nodes: [], edges: [] };

function bounded(fact: SeenFact): SeenFact {
  return {
    ...fact,
    nodes: fact.nodes.slice(0, MAX_OBSERVED),
    edges: fact.edges.slice(0, MAX_OBSERVED),
  };
}

function rank(edge: EdgeFact): number {
  return edge.provenance === 'declared' ? 2 : edge.provenance === 'observed' ? 1 : 0;
}

function shapeOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): string {
  return JSON.stringify([nodes.map((node) => [node.id, node.kind]), edges.map((edge) => edge.id)]);
}
