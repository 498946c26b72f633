import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrace } from './analysed-trace';
import { criticalPath, criticalRows, journeyCriticalPath, mergeWait } from './critical-path';
import { columnsOf, randomSpans } from './testing/random-trace';
import { type SlowTrace, slowCritical, slowJourney } from './testing/slow-waterfall';
import { traceFromPicture } from './testing/trace-picture';

const SEED = 20_261_134;

/** Traces with merge and retry links to anywhere: to themselves, in circles, to spans and traces that are not there. */
function randomJourney(traceIds: readonly string[]): fc.Arbitrary<SlowTrace[]> {
  const link = fc.record({
    row: fc.nat(24),
    traceId: fc.constantFrom(...traceIds, 'gone'),
    to: fc.nat(24),
    type: fc.constantFrom('merge' as const, 'retry' as const, 'split' as const),
    heldMs: fc.constantFrom(1, 2, 3, Number.NaN),
    items: fc.constant(1),
  });
  const one = (traceId: string) =>
    fc.tuple(randomSpans, fc.array(link, { maxLength: 12 })).map(([spans, links]) => ({
      traceId,
      spans,
      links: links
        .filter(({ row }) => row < spans.length)
        .map(({ to, ...each }) => ({ ...each, spanId: `${each.traceId}/${to}` })),
    }));
  return fc.tuple(...traceIds.map(one));
}

describe('the critical path', () => {
  it('is the chain of causes of the last to finish, not of the one that waits longest', () => {
    const columns = traceFromPicture(
      't',
      `
      recv  b1   |WW------------|
        a   b1.1 |  .WW         |
        b   b1.2 |  ..WWWW      |
          c b1.2 |        ..WWWW|`,
    );
    expect(criticalRows(columns)).toEqual([0, 2, 3]);
    expect(criticalPath(columns)).toEqual(['t/0', 't/2', 't/3']);
  });

  it('goes through the attempt that failed before the one that did not', () => {
    const columns = traceFromPicture(
      't',
      `
      retry b |W-----------|
        exp b | .WW        | err
        exp b |      .WW   | link=retry:t/1`,
    );
    expect(criticalRows(columns)).toEqual([0, 1, 2]);
  });

  it('descends into nested calls', () => {
    const columns = traceFromPicture(
      't',
      `
      http  - |WWWWWWWWWW|
        db  - | WW       |
        rpc - |    WWW   |`,
    );
    expect(criticalRows(columns)).toEqual([0, 2]);
  });

  it(`is the one that a look at every chain finds, with retries, cycles and missing parents (seed ${SEED})`, () => {
    fc.assert(
      fc.property(randomJourney(['t']), ([trace]) => {
        if (!trace) return;
        expect(criticalRows(columnsOf('t', trace.spans, trace.links))).toEqual(slowCritical(trace));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it(`of a journey goes through merges as a slow search does, in circles and past missing traces (seed ${SEED})`, () => {
    fc.assert(
      fc.property(randomJourney(['a', 'b', 'c']), (traces) => {
        const held = new Map(
          traces.map(({ traceId, spans, links }) => [
            traceId,
            analyseTrace(columnsOf(traceId, spans, links)),
          ]),
        );
        for (const { traceId } of traces) {
          const steps = journeyCriticalPath(held, traceId).map((step) => step.spanId);
          expect(steps).toEqual(slowJourney(traces, traceId));
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('a merge', () => {
  const a = traceFromPicture('a', `recv a |WW|\n  batch a |  .W|`);
  const b = traceFromPicture('b', `recv b |WWWW|\n  batch b |    .W|`);
  const merged = traceFromPicture(
    'm',
    `
    batch m |WW   | link=merge:a/1:40:9 link=merge:b/1:24:1
      exp m |  .WW|`,
  );

  it('waited for the contributor that was held the shortest', () => {
    expect(mergeWait(merged, 0)?.last.traceId).toBe('b');
    expect(mergeWait(merged, 0)?.held.map((link) => link.heldMs)).toEqual([9]);
    expect(mergeWait(merged, 1)).toBeNull();
  });

  it('is preceded on the journey by its last contributor', () => {
    const traces = new Map([a, b, merged].map((each) => [each.traceId, analyseTrace(each)]));
    expect(journeyCriticalPath(traces, 'm').map((step) => step.spanId)).toEqual(['b/0', 'b/1', 'm/0', 'm/1']);
  });

  it('that was made from itself does not hang', () => {
    const self = traceFromPicture('s', `batch s |WW| link=merge:s/0:1:1`);
    expect(journeyCriticalPath(new Map([['s', analyseTrace(self)]]), 's')).toHaveLength(1);
  });
});
