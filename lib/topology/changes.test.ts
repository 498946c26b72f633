import { describe, expect, it } from 'vitest';
import type { ControlActionRow } from '@/lib/api/control';
import type { EdgeStats, Finding, NodeStats, TopologyAnswer } from '@/lib/api/topology';
import { changesBetween } from './changes';

interface NodeShape {
  readonly stats?: Partial<NodeStats>;
  readonly config?: unknown;
  readonly state?: 'running' | 'drained';
}

const figures: NodeStats = {
  partial: false,
  inPerSec: 100,
  outPerSec: 100,
  meanMs: 4,
  p50Ms: 4,
  p99Ms: 8,
  maxMs: 9,
  errorRatio: 0,
  busyRatio: 0.3,
  blockedRatio: 0,
  inFlight: 1,
  inFlightItems: 10,
  concurrency: 1,
  reducedPerSec: 0,
  lostPerSec: 0,
  spark: Array<number>(60).fill(100),
  conservation: null,
};

function map(
  at: string,
  nodes: Readonly<Record<string, NodeShape>>,
  edges: Readonly<Record<string, Partial<EdgeStats>>> = {},
): TopologyAnswer {
  return {
    engine: 'e',
    pipeline: null,
    revision: 1,
    atUnixNano: at,
    window: '1m',
    layout: 'final',
    nodes: Object.entries(nodes).map(([id, { stats, config = {}, state = 'running' }]) => ({
      id,
      component: id,
      pipeline: null,
      kind: 'processor',
      type: '',
      stateful: false,
      ports: [],
      position: { x: 0, y: 0 },
      state,
      config,
      configSchema: null,
      faults: null,
      stats: { ...figures, ...stats },
    })),
    edges: Object.entries(edges).map(([id, stats]) => ({
      id,
      from: 'a',
      port: 'default',
      to: 'b',
      channel: 'c',
      provenance: 'declared',
      stats: { utilization: 0, waitP99Ms: 1, blockedRatio: 0, ratePerSec: 10, ...stats } as EdgeStats,
    })),
    control: [],
    verdict: null,
    findings: [],
    missing: [],
  };
}

const between = (
  before: TopologyAnswer,
  after: TopologyAnswer,
  findings: readonly Finding[] = [],
  actions: readonly ControlActionRow[] = [],
) => changesBetween({ before, after, findings, actions });

const finding = (id: string, since: string, until?: string): Finding => ({
  id,
  kind: 'bottleneck',
  node: 'a',
  title: `Bottleneck: ${id}`,
  since,
  ...(until === undefined ? {} : { until }),
  confidence: null,
  evidence: [],
});

describe('what changed between two moments', () => {
  it('is nothing where nothing did', () => {
    const shape = { a: { config: { deep: { list: [1, 2] } } } };
    expect(between(map('10', shape, { 'a>b': {} }), map('20', shape, { 'a>b': {} }))).toEqual([]);
  });

  it('puts findings before actions before the map before configuration before figures', () => {
    const action = {
      id: 'x',
      timeUnixNano: '15',
      action: 'config_update',
      target: 'a',
      outcome: 'applied',
      summary: 'config.delayMs 5 → 80',
    } as ControlActionRow;
    const changes = between(
      map('10', { a: { config: { delayMs: 5 } } }),
      map('20', { a: { config: { delayMs: 80 }, stats: { p99Ms: 400 } }, fresh: {} }),
      [finding('f', '16')],
      [action],
    );
    expect(changes.map(({ kind }) => kind)).toEqual([
      'finding_opened',
      'action',
      'node_added',
      'config',
      'figure',
    ]);
    expect(changes[3]).toMatchObject({ text: 'delayMs', before: '5', after: '80' });
    expect(changes[4]).toMatchObject({ text: 'work p99', before: 8, after: 400, unit: 'ms' });
  });

  it('tells what opened from what closed, and leaves out what stayed as it was', () => {
    const changes = between(map('10', {}), map('20', {}), [
      finding('open', '12'),
      finding('gone', '5', '15'),
      finding('brief', '12', '14'),
      finding('stayed', '5'),
      finding('later', '25'),
    ]);
    expect(changes.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'finding_opened Bottleneck: open',
      'finding_closed Bottleneck: gone',
      'finding_opened Bottleneck: brief',
    ]);
  });

  it('ranks figures by how far they moved and how much they tell', () => {
    const changes = between(
      map('10', { a: {} }, { 'a>b': { utilization: 0.1 } }),
      map('20', { a: { stats: { lostPerSec: 500, busyRatio: 0.45 } } }, { 'a>b': { utilization: 0.98 } }),
    );
    expect(changes.map(({ text }) => text)).toEqual(['lost', 'utilisation', 'working']);
  });

  it('does not take an unsteady load for a change, nor what is not known', () => {
    const unsteady = Array.from({ length: 60 }, (_, i) => (i % 2 ? 10 : 300));
    const at = (inPerSec: number | null) => ({ a: { stats: { inPerSec, spark: unsteady } } });
    expect(between(map('10', at(100)), map('20', at(150)))).toEqual([]);
    expect(between(map('10', at(100)), map('20', at(null)))).toEqual([]);
    expect(between(map('10', at(100)), map('20', at(900))).map(({ text }) => text)).toEqual(['in']);
  });

  it('names what the map gained and lost, and a node that was drained', () => {
    const changes = between(
      map('10', { a: {}, old: {} }, { 'old>a': {} }),
      map('20', { a: { state: 'drained' }, fresh: {} }, { 'a>fresh': {} }),
    );
    expect(changes.map(({ kind, place }) => `${kind} ${place.id}`)).toEqual([
      'edge_added a>fresh',
      'edge_gone old>a',
      'node_added fresh',
      'node_gone old',
      'state a',
    ]);
  });
});
