import { describe, expect, test } from 'vitest';
import type { StatsUpdate } from '@/lib/api/stream';
import type { NodeStats, TopologyAnswer } from '@/lib/api/topology';
import { diagnosisStore, nodeStatsStore, noteLiveFigures, noteLiveMap, showMap } from './live-stats';

const stats = (inPerSec: number) => ({ inPerSec, spark: [] as number[] }) as unknown as NodeStats;

function answer(at: string, figures: Readonly<Record<string, number>>): TopologyAnswer {
  return {
    engine: 'e',
    pipeline: null,
    revision: 1,
    atUnixNano: at,
    window: '10s',
    layout: 'final',
    nodes: Object.entries(figures).map(([id, value]) => ({
      id,
      stats: stats(value),
    })) as unknown as TopologyAnswer['nodes'],
    edges: [],
    control: [],
    verdict: null,
    findings: [],
    missing: [],
  };
}

const moved = (at: string, figures: Readonly<Record<string, number>>): StatsUpdate => ({
  engine: 'e',
  pipeline: null,
  revision: 1,
  atUnixNano: at,
  nodes: Object.fromEntries(Object.entries(figures).map(([id, value]) => [id, stats(value)])),
  edges: {},
  sparks: {},
  control: {},
  verdict: null,
  findings: [],
});

const shown = () => nodeStatsStore.ids().map((id) => `${id} ${nodeStatsStore.get(id)?.inPerSec}`);

describe('live figures', () => {
  test('what moved is laid over the map that came', () => {
    noteLiveMap(answer('10', { a: 1, b: 2 }), false);
    noteLiveFigures(moved('11', { b: 3 }), false);
    expect(shown()).toEqual(['a 1', 'b 3']);
    expect(diagnosisStore.get().atUnixNano).toBe('11');
  });

  test('a sparkline that did not move stays with figures that did, and the other way round', () => {
    noteLiveMap(answer('10', { a: 1 }), false);
    noteLiveFigures({ ...moved('11', {}), sparks: { a: [1, 2] } }, false);
    expect(nodeStatsStore.get('a')).toMatchObject({ inPerSec: 1, spark: [1, 2] });
    noteLiveFigures(moved('12', { a: 4 }), false);
    expect(nodeStatsStore.get('a')).toMatchObject({ inPerSec: 4, spark: [1, 2] });
  });

  test('while frozen the past stays on screen, and going live shows all that moved meanwhile', () => {
    const map = answer('10', { a: 1, b: 2 });
    noteLiveMap(map, false);
    showMap(answer('4', { a: 7 }), false);
    noteLiveFigures(moved('12', { a: 5 }), true);
    noteLiveFigures(moved('13', { b: 6 }), true);
    expect(shown()).toEqual(['a 7']);
    showMap(map, true);
    expect(shown()).toEqual(['a 5', 'b 6']);
  });

  test('an answer newer than what the stream told, or of another map, is shown as it is', () => {
    noteLiveMap(answer('10', { a: 1 }), false);
    showMap(answer('20', { a: 2 }), true);
    expect(shown()).toEqual(['a 2']);
    showMap({ ...answer('5', { z: 3 }), window: '1m' }, true);
    expect(shown()).toEqual(['z 3']);
  });
});
