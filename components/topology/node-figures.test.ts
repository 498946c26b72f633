import { describe, expect, test } from 'vitest';
import type { NodeStats, TopologyNode } from '@/lib/api/topology';
import { badgesOf, belongsTo, isIdleNode, latencyText, rateText, shortType } from './node-figures';

const stats: NodeStats = {
  partial: false,
  inPerSec: 2_800,
  outPerSec: 5_600,
  meanMs: 88,
  p50Ms: 88,
  p99Ms: 112,
  maxMs: 130,
  errorRatio: 0,
  busyRatio: 0.99,
  blockedRatio: 0,
  inFlight: 1,
  inFlightItems: 250,
  concurrency: 1,
  reducedPerSec: null,
  lostPerSec: null,
  spark: [],
  conservation: null,
};
const node: TopologyNode = {
  id: 'n',
  component: 'n',
  pipeline: null,
  kind: 'processor',
  type: 'urn:otel:processor:fanout',
  stateful: false,
  ports: [],
  position: { x: 0, y: 0 },
  state: 'running',
  config: null,
  configSchema: null,
  faults: null,
  stats,
};
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('types are short, whoever names them', () => {
  expect(shortType('urn:otel:exporter:otlp_http')).toBe('otlp_http');
  expect(shortType('otlphttp')).toBe('otlphttp');
});

describe('rates', () => {
  test('a processor says both', () => expect(rateText(node, stats)).toEqual({ in: '2.8k', out: '5.6k' }));
  test('an exporter has no output', () =>
    expect(rateText({ kind: 'exporter' }, stats)).toEqual({ in: '2.8k', out: null }));
  test('a receiver has no input', () =>
    expect(rateText({ kind: 'receiver' }, stats)).toEqual({ in: null, out: '5.6k' }));
});

test('a source without quantiles has its mean said to be one', () => {
  expect(plain(latencyText({ ...stats, p50Ms: null, p99Ms: null }))).toBe('mean 88 ms');
});

test('where a map has several pipelines, each card says whose it is', () => {
  expect(belongsTo({ type: 'filter', component: 'filter/healthz' }, 'traces/in')).toBe('filter · traces/in');
  expect(belongsTo({ type: 'batch', component: 'batch' }, 'logs')).toBe('logs');
  expect(belongsTo({ type: 'batch', component: 'batch' }, '')).toBe('batch');
});

test('latency says median and p99 in one unit', () => {
  expect(plain(latencyText(stats))).toBe('88 · 112 ms');
  expect(latencyText({ ...stats, p50Ms: 0.0074, p99Ms: 0.044 })).toBe('7.4 · 44 µs');
  expect(latencyText({ ...stats, p50Ms: null, meanMs: null, p99Ms: null })).toBe('–');
});

describe('badges', () => {
  test('a healthy stateless node has none', () => expect(badgesOf(node, stats)).toEqual([]));
  test('loss comes first', () => {
    const badges = badgesOf(
      { ...node, faults: { dropRate: 0.1 } },
      { ...stats, lostPerSec: 12, errorRatio: 0.1 },
    );
    expect(badges.map((badge) => plain(badge.text))).toEqual(['lost 12/s', '10 % err', 'faults']);
  });
  test('faults that are all off are none', () => {
    expect(badgesOf({ ...node, faults: { latencyMs: 0, stall: false } }, stats)).toEqual([]);
  });
  test('what a filter leaves out is not an alarm', () => {
    expect(badgesOf(node, { ...stats, reducedPerSec: 588 })).toMatchObject([{ tone: 'neutral' }]);
  });
});

test('unknown is not idle', () => {
  expect(isIdleNode(undefined)).toBe(false);
  expect(isIdleNode({ ...stats, inPerSec: null, outPerSec: null })).toBe(false);
  expect(isIdleNode({ ...stats, inPerSec: 0, outPerSec: 0 })).toBe(true);
});
