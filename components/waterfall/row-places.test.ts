import { describe, expect, it } from 'vitest';
import { indexOfRow, pagesBetween, placeAt, placeCount } from './row-places';

const groups = [
  { traceId: 'a', rows: 2, header: true },
  { traceId: 'b', rows: 0, header: true },
  { traceId: 'c', rows: 3, header: true },
];

describe('the places of a waterfall', () => {
  it('are headers and rows in one run', () => {
    expect(placeCount(groups)).toBe(8);
    const places = Array.from({ length: 9 }, (_, index) => placeAt(groups, index));
    expect(
      places.map((place) => (place?.kind === 'row' ? `${place.group}${place.row}` : place?.kind)),
    ).toEqual(['header', '00', '01', 'header', 'header', '20', '21', '22', undefined]);
  });

  it('are found again from group and row', () => {
    expect(indexOfRow(groups, 2, 1)).toBe(6);
    expect(placeAt(groups, 6)).toEqual({ kind: 'row', group: 2, row: 1 });
  });

  it('are fetched by pages', () => {
    expect(pagesBetween(groups, 0, 8, 2)).toEqual([
      { group: 0, page: 0 },
      { group: 2, page: 0 },
      { group: 2, page: 1 },
    ]);
  });
});
