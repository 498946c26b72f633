import { describe, expect, it } from 'vitest';
import { piecesOf, traceIdsOf } from './import-pieces';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const OTHER = 'ffffffffffffffffffffffffffffffff';
const resource = (name: string) => ({
  resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
  scopeSpans: [{ spans: [{ traceId: TRACE, spanId: '00f067aa0ba902b7', links: [{ traceId: OTHER }] }] }],
});

describe('a file that is imported', () => {
  it('goes to the server in requests that together are what stood in it', () => {
    const parts = ['a', 'b', 'c', 'd', 'e'].map(resource);
    const two = JSON.stringify(parts[0]).length * 2;
    const pieces = piecesOf({ signal: 'traces', json: { resourceSpans: parts } }, two);
    expect(pieces.map((piece) => JSON.parse(piece.body).resourceSpans.length)).toEqual([2, 2, 1]);
    expect(pieces.flatMap((piece) => JSON.parse(piece.body).resourceSpans)).toEqual(parts);
  });

  it('may hold a resource longer than a piece, which is not cut', () => {
    const pieces = piecesOf(
      { signal: 'traces', json: { resourceSpans: [resource('a'), resource('b')] } },
      10,
    );
    expect(pieces).toHaveLength(2);
  });

  it('is of the traces of its spans, not of those that they link to', () => {
    expect(traceIdsOf({ resourceSpans: [resource('a')] }, 2)).toEqual([TRACE]);
  });
});
