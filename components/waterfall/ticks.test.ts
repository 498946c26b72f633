import { describe, expect, it } from 'vitest';
import { ticksOf } from './ticks';

const labels = (from: number, to: number) =>
  ticksOf(from, to, 5).map((tick) => tick.label.replace('\u00a0', ' '));

describe('a time ruler', () => {
  it('has round steps in a fitting unit', () => {
    expect(labels(0, 9_000)).toEqual(['0 s', '2 s', '4 s', '6 s', '8 s']);
    expect(labels(0, 12)).toEqual(['0 ms', '5 ms', '10 ms']);
    expect(labels(0.2, 0.201)).toEqual([
      '200.0 µs',
      '200.2 µs',
      '200.4 µs',
      '200.6 µs',
      '200.8 µs',
      '201.0 µs',
    ]);
  });

  it('is empty for no time at all', () => {
    expect(ticksOf(1, 1, 5)).toEqual([]);
  });
});
