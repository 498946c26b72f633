import { describe, expect, it } from 'vitest';
import type { MetricsAnswer } from '@/lib/api/metrics';
import { acrossIds, chartData, lastValue, timeTicks } from './chart-data';

function answer(series: MetricsAnswer['series']): MetricsAnswer {
  return {
    metric: 'node.throughput_in',
    unit: '{item}/s',
    fromUnixNano: '1000000000000',
    toUnixNano: '1003000000000',
    stepMs: 1_000,
    steps: 3,
    series,
    total: series.length,
    truncated: false,
    source: 'metrics',
  };
}

describe('the rows of a chart', () => {
  it('have one moment a step, and a gap where nothing is known', () => {
    const data = chartData(answer([{ id: 'a', split: '', values: [1, null, 3] }]), (series) => series);
    expect(data.rows.map((row) => row.t)).toEqual([1_000_000, 1_001_000, 1_002_000]);
    expect(data.rows.map((row) => row.s0)).toEqual([1, null, 3]);
  });

  it('keep the largest series in a stable order and say how many are hidden', () => {
    const series = ['c', 'a', 'b'].map((id, index) => ({ id, split: '', values: [index, index, index] }));
    const data = chartData(answer(series), (series) => series, 2);
    expect(data.lines.map((line) => line.id)).toEqual(['a', 'b']);
    expect(data.hidden).toBe(1);
  });

  it('add sizes up over all nodes, in the order of the sizes, without those that never came', () => {
    const sizes = (id: string, small: (number | null)[], large: (number | null)[]) => [
      { id, split: '5–16', values: small },
      { id, split: '17–64', values: large },
      { id, split: '> 64', values: [0, 0, 0] },
    ];
    const series = [...sizes('a', [1, null, 3], [4, 0, null]), ...sizes('b', [1, null, 1], [0, 2, null])];
    const data = chartData(answer(series), acrossIds);
    expect(data.lines.map((line) => line.split)).toEqual(['5–16', '17–64']);
    expect(data.rows.map(({ s0, s1 }) => [s0, s1])).toEqual([
      [2, 4],
      [null, 2],
      [4, null],
    ]);
  });

  it('know the newest figure that is known', () => {
    const { rows } = chartData(answer([{ id: 'a', split: '', values: [1, 2, null] }]), (series) => series);
    expect(lastValue(rows, 's0')).toBe(2);
    expect(lastValue(rows, 's9')).toBeNull();
  });
});

describe('ticks of a time axis', () => {
  it('stand at round moments and are never more than asked for', () => {
    expect(timeTicks(1_500, 61_000, 6)).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    for (const span of [1_000, 9_000, 60_000, 3_600_000])
      expect(timeTicks(0, span, 6).length).toBeLessThanOrEqual(7);
  });
});
