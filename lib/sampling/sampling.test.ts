import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TAIL_SAMPLING, type TailPolicy, tailSamplingSchema } from './config';
import { evaluatePolicies, type TraceSummary } from './evaluate';
import { hashSeed, hashTraceId } from './trace-hash';

const TRACE: TraceSummary = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  status: 'UNSET',
  durationMs: 40,
  nodes: ['rcv', 'exp'],
  spanCount: 3,
  attributes: { tenant: 'acme' },
  droppedItems: 0,
  blockedMs: 0,
  controlActions: [],
};

const judge = (policies: readonly TailPolicy[], trace: Partial<TraceSummary> = {}) =>
  evaluatePolicies({ policies: [...policies], maxWaitMs: 1_000 }, { ...TRACE, ...trace });

const ALWAYS: TailPolicy = { name: 'all', type: 'always_sample' };
const errors: TailPolicy = { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } };

/** FNV-1a, 64 bits, as its definition reads. */
function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

describe('policies', () => {
  it('keep by any that samples, whatever the order', () => {
    expect(judge([errors, ALWAYS])).toMatchObject({ kept: true, by: 'all' });
    expect(judge([errors], { status: 'ERROR' })).toMatchObject({ kept: true, by: 'errors' });
    expect(judge([errors])).toMatchObject({ kept: false, by: '', votes: { errors: 'not_sampled' } });
  });

  it('let a drop that matches win over all that sample', () => {
    const drop: TailPolicy = {
      name: 'quiet',
      type: 'drop',
      drop: { drop_sub_policy: [{ name: 'sub', type: 'node', node: { ids: ['exp'] } }] },
    };
    expect(judge([ALWAYS, drop])).toMatchObject({ kept: false, votes: { all: 'sampled', quiet: 'dropped' } });
    expect(judge([drop, ALWAYS], { nodes: ['rcv'] })).toMatchObject({ kept: true, by: 'all' });
  });

  it('read latency as the Collector does: at least the threshold, or between an open and a closed one', () => {
    const slow = (latency: { threshold_ms: number; upper_threshold_ms?: number }, durationMs: number) =>
      judge([{ name: 'slow', type: 'latency', latency }], { durationMs }).kept;
    expect([39, 40, 41].map((ms) => slow({ threshold_ms: 40 }, ms))).toEqual([false, true, true]);
    const band = { threshold_ms: 40, upper_threshold_ms: 50 };
    expect([40, 41, 50, 51].map((ms) => slow(band, ms))).toEqual([false, true, true, false]);
  });

  it('match attributes exactly, by pattern, and inverted', () => {
    const by = (string_attribute: {
      key: string;
      values: string[];
      enabled_regex_matching?: boolean;
      invert_match?: boolean;
    }) => judge([{ name: 'tenant', type: 'string_attribute', string_attribute }]).kept;
    expect(by({ key: 'tenant', values: ['acme'] })).toBe(true);
    expect(by({ key: 'tenant', values: ['ac'] })).toBe(false);
    expect(by({ key: 'tenant', values: ['^ac'], enabled_regex_matching: true })).toBe(true);
    expect(by({ key: 'tenant', values: ['acme'], invert_match: true })).toBe(false);
  });

  it('know dropped items, backpressure and acts', () => {
    const own: TailPolicy[] = [
      { name: 'lost', type: 'dropped' },
      { name: 'full', type: 'backpressure', backpressure: { threshold_ms: 5 } },
      { name: 'acts', type: 'control', control: { actions: ['restart'] } },
    ];
    expect(judge(own)).toMatchObject({ kept: false, unjudged: [] });
    expect(judge(own, { droppedItems: 1 }).by).toBe('lost');
    expect(judge(own, { blockedMs: 5 }).by).toBe('full');
    expect(judge(own, { controlActions: ['restart'] }).by).toBe('acts');
  });

  it('say which of them a stored decision cannot answer', () => {
    const { attributes: _, droppedItems: __, ...told } = TRACE;
    const evaluation = evaluatePolicies(
      {
        policies: [
          { name: 'rate', type: 'rate_limiting', rate_limiting: { spans_per_second: 10 } },
          { name: 'tenant', type: 'string_attribute', string_attribute: { key: 'tenant', values: ['acme'] } },
          { name: 'lost', type: 'dropped' },
          { name: 'plain', type: 'status_code', status_code: { status_codes: ['UNSET'] } },
        ],
        maxWaitMs: 1_000,
      },
      { ...told, status: 'ERROR', attributes: {} },
    );
    expect(evaluation.unjudged).toEqual(['rate', 'tenant', 'lost', 'plain']);
    expect(evaluation.kept).toBe(false);
  });
});

describe('the probabilistic draw', () => {
  it('is FNV-1a over the salt and the id', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ minLength: 16, maxLength: 16 }), (salt, id) => {
        const exact = Number(fnv1a(Buffer.concat([Buffer.from(salt), id]))) / 2 ** 64;
        expect(hashTraceId(hashSeed(salt), Buffer.from(id).toString('hex'))).toBeCloseTo(exact, 12);
      }),
    );
  });

  it('keeps about its share, the same traces every time', () => {
    const policy: TailPolicy = {
      name: 'some',
      type: 'probabilistic',
      probabilistic: { sampling_percentage: 20 },
    };
    const ids = Array.from({ length: 4_000 }, (_, i) => createHash('md5').update(String(i)).digest('hex'));
    const kept = ids.filter((traceId) => judge([policy], { traceId }).kept);
    expect(kept.length / ids.length).toBeGreaterThan(0.17);
    expect(kept.length / ids.length).toBeLessThan(0.23);
    expect(ids.filter((traceId) => judge([policy], { traceId }).kept)).toEqual(kept);
  });
});

describe('the schema', () => {
  it('takes the default policies and refuses two of one name', () => {
    expect(tailSamplingSchema.safeParse(DEFAULT_TAIL_SAMPLING).success).toBe(true);
    expect(tailSamplingSchema.safeParse({ policies: [ALWAYS, ALWAYS] }).success).toBe(false);
  });
});
