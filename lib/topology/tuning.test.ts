import { describe, expect, it } from 'vitest';
import type { ChannelTuning } from '@/lib/api/tuning';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { histogramOf } from '@/lib/histogram/operations';
import type { Entity, Fact, FactAttributes, Measure } from '@/lib/model/facts';
import { nanosOf } from '@/lib/store/series/resolution';
import { createSeriesStore, type SeriesReader } from '@/lib/store/series/series-store';
import { topologyOf } from './map.testing';
import { createTopologyModel, type TopologyVersion } from './topology-model';
import { tuningOf } from './tuning';
import { batchSuggestions, channelSuggestions, type ReaderLoad } from './tuning-advice';

const T0 = 1_700_000_000;
const channel: Entity = { kind: 'channel', channel: 'pdata:exp', node: 'exp' };
const exp: Entity = { kind: 'node', node: 'exp' };
const edge: Entity = { kind: 'edge', from: 'batch', port: 'default', channel: 'pdata:exp' };

type Told = readonly [
  Entity,
  Measure,
  'counter' | 'gauge' | 'duration',
  number | readonly number[],
  FactAttributes?,
];

/** Each second of a minute as `second` tells it. */
function minute(second: (at: number) => readonly Told[]) {
  const clock = createVirtualClock(nanosOf(T0));
  const store = createSeriesStore({ budgetBytes: 2 ** 26, clock });
  const model = createTopologyModel();
  model.apply([topologyOf('gen > batch > exp')], nanosOf(T0));
  for (let at = 0; at < 60; at++) {
    clock.advance(1_000);
    const times = { startNano: nanosOf(T0 + at), timeNano: nanosOf(T0 + at + 1) };
    store.add(
      'e',
      second(at).map(([entity, measure, kind, value, attributes = {}]) => {
        const figure = { entity, measure, attributes, ...times };
        if (typeof value !== 'number') return { ...figure, kind: 'duration', histogram: histogramOf(value) };
        return kind === 'gauge' ? { ...figure, kind, value } : { ...figure, kind: 'counter', delta: value };
      }) as Fact[],
    );
  }
  const reader = store.reader('e') as SeriesReader;
  return tuningOf(reader, model.current as TopologyVersion, nanosOf(T0 + 60), '1m');
}

describe('tuning', () => {
  it('tells of a channel how deep, how often full and empty, and how long the wait was while it was full', () => {
    const answer = minute((at) => {
      const full = at >= 45;
      const depth = full ? 64 : at < 30 ? 0 : 8;
      return [
        [channel, 'occupancy', 'counter', depth],
        [channel, 'depth', 'gauge', depth],
        [channel, 'capacity', 'gauge', 64],
        [channel, 'wait', 'duration', [full ? 2 : 0.01]],
        [channel, 'received', 'counter', 10],
        [edge, 'sent', 'counter', 10],
        [edge, 'blocked_sends', 'counter', full ? 10 : 0],
        [exp, 'busy', 'counter', full ? 1 : 0.5],
        [exp, 'concurrency', 'gauge', 1],
      ];
    });
    const row = answer.channels.find((one) => one.channel === 'pdata:exp');
    expect(row).toMatchObject({ node: 'exp', from: ['batch'], capacity: 64, peakDepth: 64, concurrency: 1 });
    expect(row?.fullRatio).toBeCloseTo(0.25, 2);
    expect(row?.emptyRatio).toBeCloseTo(0.5, 2);
    expect(row?.blockedRatio).toBeCloseTo(0.25, 2);
    expect((row?.waitWhenFullMs ?? 0) / 2_000).toBeCloseTo(1, 2);
    expect(row?.usedConcurrency).toBeCloseTo(0.625, 3);
    expect(row?.peakConcurrency).toBeCloseTo(1, 3);
  });

  it('counts the flushes of a batch by their reason', () => {
    const batch: Entity = { kind: 'node', node: 'batch' };
    const answer = minute(() => [
      [batch, 'flushes', 'counter', 1, { reason: 'size' }],
      [batch, 'flushes', 'counter', 3, { reason: 'timer' }],
      [batch, 'batches_out', 'counter', 4],
      [batch, 'items_out', 'counter', 100],
    ]);
    expect(answer.batches).toMatchObject([
      { node: 'batch', sizeFlushes: 60, timerFlushes: 180, meanItems: 25 },
    ]);
  });
});

const figures: Omit<ChannelTuning, 'suggestions'> = {
  channel: 'pdata:exp',
  node: 'exp',
  from: ['batch'],
  capacity: 64,
  peakDepth: 30,
  peakUtilization: 0.4,
  utilization: 0.2,
  fullRatio: 0,
  emptyRatio: 0.3,
  waitP99Ms: 5,
  waitWhenFullMs: null,
  blockedRatio: 0,
  concurrency: 2,
  usedConcurrency: 1.2,
  peakConcurrency: 1.8,
  busyRatio: 0.6,
};
const load: ReaderLoad = { meanMs: 88, offeredPerSec: 64, blockedRatio: 0, holdsNothing: true, seconds: 900 };
const advised = (part: Partial<typeof figures>, other: Partial<ReaderLoad> = {}) =>
  channelSuggestions({ ...figures, ...part }, { ...load, ...other });

describe('tuning advice', () => {
  it('leaves alone what fits', () => {
    expect(advised({})).toEqual([]);
  });

  it('adds workers where a full channel waits for a busy reader, by what was offered at 75 % load', () => {
    const [one, ...more] = advised({ fullRatio: 0.5, peakUtilization: 1, peakDepth: 64, busyRatio: 0.99 });
    expect(more).toEqual([]);
    // 64/s × 88 ms ÷ 0.75 = 7.5
    expect(one).toMatchObject({ what: 'concurrency', fit: 'undersized', target: 'exp', now: 2, value: 8 });
    expect(one?.why).toContain('64 batches/s offered × 88 ms');
  });

  it('adds room where a channel was full although its reader had time left', () => {
    expect(advised({ fullRatio: 0.1, peakUtilization: 1, busyRatio: 0.3 })).toMatchObject([
      { what: 'capacity', fit: 'undersized', target: 'pdata:exp', now: 64, value: 128 },
    ]);
  });

  it('names what is larger than it has to be', () => {
    expect(advised({ capacity: 512, peakDepth: 9, peakUtilization: 0.01 })).toMatchObject([
      { what: 'capacity', fit: 'oversized', now: 512, value: 16 },
    ]);
    expect(advised({ concurrency: 32, peakConcurrency: 1.1, busyRatio: 0.02 })).toMatchObject([
      { what: 'concurrency', fit: 'oversized', now: 32, value: 2 },
    ]);
  });

  it('gives neither room nor workers to a node that waits for what is behind it', () => {
    const held = { fullRatio: 1, peakUtilization: 1, peakDepth: 64, busyRatio: 0.01 };
    expect(advised(held, { blockedRatio: 0.98 })).toEqual([]);
    expect(advised(held, { blockedRatio: 0 })).toHaveLength(1);
  });

  it('does not make up what was offered where the senders were always held back', () => {
    const [one] = advised({ fullRatio: 1, peakUtilization: 1, busyRatio: 1 }, { offeredPerSec: null });
    expect(one).toMatchObject({ what: 'concurrency', now: 2, value: 3 });
    expect(one?.why).toContain('measured while held back');
  });

  it('calls nothing too large that it has not watched for minutes, or whose workers may hold what they do not work on', () => {
    const spare = {
      capacity: 512,
      peakDepth: 1,
      peakUtilization: 0.01,
      concurrency: 32,
      peakConcurrency: 0.1,
    };
    expect(advised(spare)).toHaveLength(2);
    expect(advised(spare, { seconds: 60 })).toEqual([]);
    expect(advised(spare, { holdsNothing: false }).map(({ what }) => what)).toEqual(['capacity']);
  });

  it('says nothing of what it does not know', () => {
    expect(advised({ capacity: null, peakUtilization: null, concurrency: null, busyRatio: null })).toEqual(
      [],
    );
    expect(advised({ fullRatio: 0.5, peakUtilization: 1, busyRatio: null })).toEqual([]);
  });

  it('lowers the size of a batch that only ever leaves by its timer', () => {
    const batch = { node: 'b', type: '', sizeFlushes: 1, timerFlushes: 99, meanItems: 40, heldP99Ms: 400 };
    const size = { key: 'send_batch_size', value: 8_192 };
    expect(batchSuggestions(batch, size)).toMatchObject([
      { what: 'config', key: 'send_batch_size', now: 8_192, value: 40, fit: 'oversized' },
    ]);
    expect(batchSuggestions({ ...batch, sizeFlushes: 99 }, size)).toEqual([]);
    expect(batchSuggestions({ ...batch, timerFlushes: null }, size)).toEqual([]);
  });
});
