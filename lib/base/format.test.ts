import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatClockMs,
  formatCompact,
  formatCount,
  formatFactor,
  formatMs,
  formatMsBare,
  formatPercent,
  formatRate,
  formatUnit,
  UNKNOWN,
  unixMsFromNano,
} from './format';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('figures', () => {
  test.each([
    [0.000086, '86 ns'],
    [0.412, '412 µs'],
    [4.2137, '4.21 ms'],
    [88.12, '88.1 ms'],
    [999.6, '1 s'],
    [2_810, '2.81 s'],
    [59_960, '1 min'],
    [192_000, '3 min 12 s'],
    [3_840_000, '1 h 4 min'],
    [0, '0 ms'],
    [-860, '−860 ms'],
  ])('a duration of %f ms reads %s', (ms, text) => {
    expect(plain(formatMs(ms))).toBe(text);
  });

  test.each([
    [8_533, '8.5k'],
    [950.4, '950'],
    [4.21, '4.2'],
    [0.314, '0.31'],
    [1_240_000, '1.2M'],
    [999_600, '1M'],
    [123_456, '123k'],
  ])('a rate of %f reads %s', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });

  test.each([
    [2, 6.4, '×3.2'],
    [1, 823, '×823'],
    [30, 20, '÷1.5'],
    [5, 5, '×1'],
  ])('a change from %f to %f reads %s', (before, after, text) => {
    expect(formatFactor(before, after)).toBe(text);
  });

  test.each([
    [0.19, '19 %'],
    [0.007, '0.7 %'],
    [0.0004, '< 0.1 %'],
    [0, '0 %'],
    [1, '100 %'],
  ])('a share of %f reads %s', (ratio, text) => {
    expect(plain(formatPercent(ratio))).toBe(text);
  });

  test('a count is grouped by thousands', () => {
    expect(formatCount(1_204_331)).toBe('1,204,331');
  });

  test('bytes are binary', () => {
    expect(plain(formatBytes(268_435_456))).toBe('256 MiB');
  });

  test('what is not known is never 0', () => {
    for (const format of [formatMs, formatMsBare, formatCompact, formatRate, formatCount, formatPercent]) {
      expect(format(null)).toBe(UNKNOWN);
      expect(format(Number.NaN)).toBe(UNKNOWN);
    }
  });

  test('a clock time has leading zeros', () => {
    expect(formatClockMs(new Date(2026, 0, 2, 3, 4, 5, 6).getTime(), true)).toBe('03:04:05.006');
  });

  test('nanoseconds become milliseconds, and nonsense becomes null', () => {
    expect(unixMsFromNano('1500000')).toBe(1.5);
    expect(unixMsFromNano('x')).toBeNull();
  });

  test('a unit chooses its formatter', () => {
    expect(plain(formatUnit(0.088, 's'))).toBe('88 ms');
    expect(plain(formatUnit(0.99, 'ratio'))).toBe('99 %');
    expect(plain(formatUnit(214, '{batch}'))).toBe('214 batch');
    expect(formatUnit(64, '{message}/s')).toBe('64/s');
  });
});
