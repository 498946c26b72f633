import { describe, expect, test } from 'vitest';
import { clockOf, momentAt } from './moment-input';

const at = (hours: number, minutes: number, seconds = 0) =>
  new Date(2026, 10, 23, hours, minutes, seconds).getTime();

describe('a time of day', () => {
  test('means its newest moment', () => {
    expect(momentAt('12:04:10', at(13, 0))).toBe(at(12, 4, 10));
    expect(momentAt('12:04', at(13, 0))).toBe(at(12, 4));
    expect(momentAt('23:59:00', at(0, 1))).toBe(new Date(2026, 10, 22, 23, 59).getTime());
  });

  test('is read as it is written', () => {
    for (const ms of [at(0, 0), at(9, 5, 7), at(23, 59, 59)]) expect(momentAt(clockOf(ms), ms)).toBe(ms);
    expect(clockOf(null)).toBe('');
  });

  test('is nothing where it is no time', () => {
    for (const text of ['', '24:00', '12:60', '1:2', 'noon']) expect(momentAt(text, at(13, 0))).toBeNull();
  });
});
