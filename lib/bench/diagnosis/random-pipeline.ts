/**
 * Pipelines by seed: chains, trees, diamonds and meshes of 5 to 40 nodes, one to three receivers, loads of 20 to 90 %.
 * Grown from open ends, then sized: a dry run tells what each node has to bear, and its working time follows from the
 * load that it is meant to have.
 *
 *   src ──●──●──┬──●───────┐            ● an open end is lengthened, branched, joined with others, or ended
 *   src ──●─────┘    └──●──┴──▶ exp
 */
import { createRandom, type Random } from '@/lib/base/random';
import {
  type EngineStyle,
  type NodeSpec,
  type PipelineSpec,
  type Role,
  type Shape,
  type SourceSpec,
  STYLES,
} from './pipeline-spec';
import { simulate } from './queue-simulation';
import { sum } from './tally';

/** Two of the longest waves: what a load is on the mean shows over whole ones. */
const DRY_SECONDS = 80;
/** Batches a second of the quietest source. */
const LEAST_RATE = 9;
const MAX_DEPTH = 9;
/** An end with less is not divided further, so that every node has about two batches a second to be judged by. */
const DIVIDED_FROM = 9;
/** Of a batching node, which flushes some times a second. */
const FLUSHES = 3;
/** A Collector's processors work in the hands of whoever calls them. */
const UNBOUNDED = 1_000;

interface Draft {
  readonly id: string;
  readonly role: Role;
  readonly outputs: string[];
}

interface OpenEnd {
  readonly node: Draft;
  readonly depth: number;
  readonly routed: boolean;
  readonly batched: boolean;
  /** Batches a second, roughly. */
  readonly flow: number;
}

export function randomPipeline(seed: number): PipelineSpec {
  const random = createRandom(seed);
  const style = STYLES[pick(random, [5, 3, 2])] as EngineStyle;
  const shapes = ['chain', 'tree', 'diamond', 'mesh'] as const;
  const shape = shapes[pick(random, [2, 3, 2, 3])] as (typeof shapes)[number];
  const drafts = grow(random, style, shape);
  const load = between(random, 0.2, 0.9);
  const sources = drafts
    .filter(({ role }) => role === 'source')
    .map(
      ({ id }): SourceSpec => ({
        node: id,
        perSec: logBetween(random, LEAST_RATE, 50),
        items: Math.round(logBetween(random, 5, 50)),
        shape: randomShape(random),
        signals: [1, between(random, 0.2, 1), between(random, 0.2, 1)],
      }),
    );
  const unsized = drafts.map((draft) => withPolicies(draft, random, style));
  return sized({ seed, style, shape, load, nodes: unsized, sources }, random);
}

function grow(random: Random, style: EngineStyle, shape: 'chain' | 'tree' | 'diamond' | 'mesh'): Draft[] {
  const drafts: Draft[] = [];
  const add = (role: Role): Draft => {
    const draft: Draft = { id: `${role.replace('_', '-')}-${drafts.length + 1}`, role, outputs: [] };
    drafts.push(draft);
    return draft;
  };
  const receivers = shape === 'chain' ? 1 : 1 + pick(random, [3, 4, 3]);
  const target = Math.round(shape === 'chain' ? between(random, 5, 10) : logBetween(random, 6, 40));
  const ends: OpenEnd[] = Array.from({ length: receivers }, () => ({
    node: add('source'),
    flow: LEAST_RATE,
    depth: 0,
    routed: false,
    batched: false,
  }));
  const connect = (ends: readonly OpenEnd[], node: Draft) => {
    for (const end of ends) end.node.outputs.push(node.id);
  };
  const take = (): OpenEnd => ends.splice(Math.floor(random.next() * ends.length), 1)[0] as OpenEnd;

  while (drafts.length + ends.length < target) {
    const joins = shape === 'mesh' ? 0.25 : shape === 'diamond' ? 0.3 : 0.1;
    const branches = shape === 'chain' ? 0 : 0.3;
    const end = take();
    if (end.depth >= MAX_DEPTH) {
      ends.push(end);
      if (ends.every(({ depth }) => depth >= MAX_DEPTH)) break;
      continue;
    }
    const chance = random.next();
    if (ends.length > 0 && chance < joins && shape !== 'chain') {
      // Several senders into one channel.
      const joined = [end, take()];
      const node = add(style === 'collector' ? 'pass' : random.next() < 0.3 ? 'filter' : 'pass');
      connect(joined, node);
      ends.push({
        node,
        depth: Math.max(...joined.map(({ depth }) => depth)) + 1,
        routed: joined.some(({ routed }) => routed),
        batched: joined.some(({ batched }) => batched),
        flow: joined.reduce((sum, { flow }) => sum + flow, 0),
      });
    } else if (chance < joins + branches && end.flow >= DIVIDED_FROM) {
      const role: Role =
        !end.routed && random.next() < 0.4
          ? 'type_router'
          : random.next() < 0.5
            ? 'fanout'
            : 'content_router';
      const node = add(role);
      connect([end], node);
      const routed = end.routed || role === 'type_router';
      const width = role === 'type_router' ? 3 : 2 + pick(random, [3, 1]);
      const flow = role === 'fanout' ? end.flow : end.flow / (width + 1);
      const opened = Array.from({ length: width }, () => ({
        ...end,
        node,
        depth: end.depth + 1,
        routed,
        flow,
      }));
      ends.push(...opened);
    } else {
      const role: Role =
        !end.batched && random.next() < 0.25 ? 'batch' : random.next() < 0.2 ? 'filter' : 'pass';
      const node = add(role);
      connect([end], node);
      ends.push({
        ...end,
        node,
        depth: end.depth + 1,
        batched: end.batched || role === 'batch',
        flow: role === 'batch' ? Math.min(end.flow, FLUSHES) : end.flow,
      });
    }
  }
  // Ports of one node must not end in the same one: an edge would be there twice.
  while (ends.length > 0) {
    const end = take();
    const together = [end];
    if (ends.length > 0 && random.next() < 0.25) {
      const other = ends.findIndex(({ node }) => node !== end.node);
      if (other >= 0) together.push(...ends.splice(other, 1));
    }
    const hasRetry = style !== 'collector' && random.next() < 0.3;
    const exporter = hasRetry ? add('retry') : add('export');
    connect(together, exporter);
    if (hasRetry) exporter.outputs.push(add('export').id);
  }
  return drafts;
}

function withPolicies({ id, role, outputs }: Draft, random: Random, style: EngineStyle): NodeSpec {
  const isExporter = role === 'export';
  return {
    id,
    role,
    outputs,
    workers: 1,
    capacity: Math.round(logBetween(random, 24, 160)),
    serviceMs: 0.01,
    usualItems: 1,
    perItem: between(random, 0.1, 0.7),
    cv: isExporter ? between(random, 0.15, 0.8) : between(random, 0.1, 0.4),
    failing: isExporter && random.next() < 0.2 ? between(random, 0.005, 0.03) : 0,
    reduces: role === 'filter' ? between(random, 0.05, 0.4) : 0,
    flushItems: Math.round(logBetween(random, 60, 400)),
    flushMs: Math.round(logBetween(random, 150, 600)),
    ...(style === 'collector' && !isExporter && role !== 'source' && { workers: UNBOUNDED }),
  };
}

/** Working times from what each node has to bear and the load that it is meant to have. */
function sized(spec: PipelineSpec, random: Random): PipelineSpec {
  const roomy = spec.nodes.map((node) => ({ ...node, capacity: 100_000, failing: 0, workers: UNBOUNDED }));
  const dry = simulate({ ...spec, nodes: roomy });
  const batches = new Map<string, number>();
  const items = new Map<string, number>();
  for (let second = 1; second <= DRY_SECONDS; second++) {
    dry.second(second);
    for (const [id, { tally }] of dry.nodes) {
      batches.set(id, (batches.get(id) ?? 0) + sum(tally.batchesIn));
      items.set(id, (items.get(id) ?? 0) + sum(tally.itemsIn));
    }
  }
  const working = spec.nodes.filter(
    ({ role, workers }) => role !== 'source' && role !== 'retry' && workers < UNBOUNDED,
  );
  const heaviest = working[Math.floor(random.next() * working.length)];
  const nodes = spec.nodes.map((node): NodeSpec => {
    const came = batches.get(node.id) ?? 0;
    const perSec = Math.max(0.2, came / DRY_SECONDS);
    const usualItems = came === 0 ? 10 : Math.max(1, (items.get(node.id) ?? 0) / came);
    if (node.role === 'source') return { ...node, usualItems, serviceMs: 0.1, capacity: 1 };
    if (node.role === 'retry') return { ...node, usualItems, serviceMs: 0.1, workers: 32 };
    const wanted = node === heaviest ? spec.load : between(random, 0.05, Math.max(0.06, spec.load));
    if (node.role === 'export') {
      const serviceMs = logBetween(random, 8, 150);
      const workers = Math.max(1, Math.ceil((perSec * serviceMs) / 1_000 / wanted));
      return { ...node, usualItems, workers, serviceMs: (wanted * workers * 1_000) / perSec };
    }
    if (node.workers === UNBOUNDED) return { ...node, usualItems, serviceMs: logBetween(random, 0.3, 8) };
    return { ...node, usualItems, serviceMs: Math.min(80, (wanted * 1_000) / perSec) };
  });
  return { ...spec, nodes };
}

function randomShape(random: Random): Shape {
  switch (pick(random, [3, 4, 2, 2])) {
    case 0:
      return { kind: 'steady' };
    case 1:
      return { kind: 'poisson' };
    case 2: {
      const onMs = logBetween(random, 200, 2_000);
      return { kind: 'bursty', onMs, offMs: onMs * between(random, 1.2, 3), swing: between(random, 0.3, 1) };
    }
    default:
      return { kind: 'wave', periodMs: logBetween(random, 5_000, 40_000), swing: between(random, 0.2, 0.5) };
  }
}

/** Index drawn by weight. */
export function pick(random: Random, weights: readonly number[]): number {
  let at = random.next() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    at -= weight;
    if (at < 0) return i;
  }
  return weights.length - 1;
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

function logBetween(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.next();
}
