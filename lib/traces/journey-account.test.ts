import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpanDetail } from '@/lib/model/span';
import { journeyAccount } from './journey-account';
import { eventOf, spanOf } from './testing/span-of';

const SEED = 20_261_124;

const receiver = (spanId: string, items: number, over: Partial<SpanDetail> = {}) =>
  spanOf({
    spanId,
    items,
    name: 'receiver/otlp/recv',
    nodeId: 'recv',
    kind: 'server',
    status: 'ok',
    ...over,
  });
const processor = (spanId: string, parentSpanId: string, items: number, over: Partial<SpanDetail> = {}) =>
  spanOf({
    spanId,
    parentSpanId,
    items,
    name: 'processor/x/proc',
    nodeId: 'proc',
    kind: 'internal',
    status: 'ok',
    ...over,
  });
const exporter = (spanId: string, parentSpanId: string, items: number, status: SpanDetail['status'] = 'ok') =>
  spanOf({ spanId, parentSpanId, items, status });
const merge = (traceId: string, spanId: string, items: number): SpanDetail['links'][number] => ({
  traceId,
  spanId,
  type: 'merge',
  attributes: { 'pdata.items': items },
  state: 'held',
});
const totalsOf = (spans: readonly SpanDetail[]) => journeyAccount([{ traceId: 't', spans }]);

describe('the account of a journey', () => {
  it('adds up from the receivers over a merge and a fan-out to both exporters', () => {
    const a = [receiver('a1', 120), processor('a2', 'a1', 120, { backlinks: [merge('m', 'm1', 120)] })];
    const b = [receiver('b1', 64), processor('b2', 'b1', 64, { backlinks: [merge('m', 'm1', 64)] })];
    const m = [
      processor('m1', '', 184, { links: [merge('a', 'a2', 120), merge('b', 'b2', 64)] }),
      processor('m2', 'm1', 184),
      exporter('m3', 'm2', 184, 'error'),
      exporter('m4', 'm2', 184),
    ];
    expect(
      journeyAccount([
        { traceId: 'a', spans: a },
        { traceId: 'b', spans: b },
        { traceId: 'm', spans: m },
      ]),
    ).toEqual({
      admitted: 184,
      fromElsewhere: 0,
      toElsewhere: 0,
      created: 184,
      delivered: 184,
      dropped: 0,
      returned: 184,
      open: 0,
      state: 'adds up',
      hops: [],
    });
    expect(journeyAccount([{ traceId: 'm', spans: m }]).fromElsewhere).toBe(184);
    expect(journeyAccount([{ traceId: 'a', spans: a }]).toElsewhere).toBe(120);
  });

  it('counts what a filter dropped and each further attempt of a retry', () => {
    const dropped = eventOf('batch_drop', '1', { reason: 'debug', items: 5 });
    const account = totalsOf([
      receiver('1', 20),
      processor('2', '1', 20, { events: [dropped], itemsOut: 15 }),
      processor('3', '2', 15),
      exporter('4', '3', 15, 'error'),
      exporter('5', '3', 15),
    ]);
    expect(account).toMatchObject({ dropped: 5, created: 15, returned: 15, delivered: 15, state: 'adds up' });
  });

  it('leaves open what never came, and says where', () => {
    const account = totalsOf([receiver('1', 20), processor('2', '1', 20), exporter('3', '2', 12)]);
    expect(account).toMatchObject({ delivered: 12, open: 8, state: 'does not add up' });
    expect(account.hops).toEqual([{ traceId: 't', spanId: '2', node: 'proc', missing: 8 }]);
  });

  it('is unknown where a span does not tell its items', () => {
    expect(totalsOf([spanOf({ spanId: '1', items: null })]).state).toBe('unknown');
  });

  it(`is an equation that holds for any tree of hops, complete or not (seed ${SEED})`, () => {
    const tree = fc.array(
      fc.record({
        parent: fc.nat({ max: 8 }),
        items: fc.nat({ max: 9 }),
        failed: fc.boolean(),
        leaf: fc.boolean(),
      }),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(tree, (nodes) => {
        const spans = nodes.map(({ parent, items, failed, leaf }, i) =>
          spanOf({
            spanId: `${i}`,
            parentSpanId: i === 0 || parent >= i ? '' : `${parent}`,
            items,
            status: failed ? 'error' : 'ok',
            ...(leaf ? {} : { kind: 'internal', name: 'processor/x/proc' }),
          }),
        );
        const a = totalsOf(spans);
        expect(a.admitted + a.fromElsewhere + a.created).toBe(
          a.delivered + a.dropped + a.returned + a.toElsewhere + a.open,
        );
      }),
      { seed: SEED },
    );
  });
});
