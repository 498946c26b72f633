/** What a chart can show: for each name of `METRIC_QUERIES` its unit, what it is of, and how one step of it is read. */
import type { MetricQuery } from '@/lib/api/metrics';
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { channelParts, utilizationOf } from '@/lib/store/series/channel-utilization';
import { errorRatio, shareOf } from '@/lib/store/series/node-figures';
import { amountOf, gaugeMean, histogramOf, rateOf, splitsOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';

export interface Line {
  readonly id: string;
  readonly split: string;
  at(span: Span): number | null;
}

export interface Figure {
  readonly unit: string;
  readonly of: Entity['kind'];
  /** Tells whether the source has it at all. */
  readonly measures: readonly Measure[];
  lines(reader: SeriesReader, entity: Entity): readonly Line[];
}

const QUANTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

const FIGURES: Readonly<Record<MetricQuery, Figure>> = {
  'node.throughput_in': plain('item/s', 'node', ['items_in', 'items_created'], (reader, entity, span) =>
    addKnown(rateOf(reader, entity, 'items_in', span), rateIfAny(reader, entity, 'items_created', span)),
  ),
  'node.throughput_out': plain('item/s', 'node', ['items_out', 'items_delivered'], (reader, entity, span) =>
    addKnown(rateOf(reader, entity, 'items_out', span), rateIfAny(reader, entity, 'items_delivered', span)),
  ),
  'node.latency': quantiles('node', 'duration'),
  // Of a step that is hardly begun nothing is said: the share of a first report is none of the whole.
  'node.error_ratio': plain('1', 'node', ['batches_in', 'items_in'], (reader, entity, span) =>
    2 * reader.covered('direct', span) < span.to - span.from ? null : errorRatio(reader, entity, span),
  ),
  'node.busy': plain('1', 'node', ['busy'], (reader, entity, span) =>
    shareOf(reader, entity, 'busy', span, null),
  ),
  'node.blocked': plain('1', 'node', ['blocked'], (reader, entity, span) =>
    shareOf(reader, entity, 'blocked', span, null),
  ),
  'node.in_flight': plain(
    'item',
    'node',
    ['in_flight_items', 'in_flight'],
    (reader, entity, span) =>
      gaugeMean(reader, entity, 'in_flight_items', span) ?? gaugeMean(reader, entity, 'in_flight', span),
  ),
  'node.batch_size': sizes(),
  'node.dropped': counted('item', 'node', 'dropped', 'reason'),
  'node.delayed': counted('item', 'node', 'delayed', 'reason'),
  'channel.utilization': utilization(),
  'channel.depth': plain('message', 'channel', ['depth'], (reader, entity, span) =>
    gaugeMean(reader, entity, 'depth', span),
  ),
  'channel.wait': quantiles('channel', 'wait'),
  'channel.blocked': plain('message/s', 'edge', ['blocked_sends'], (reader, entity, span) =>
    rateOf(reader, entity, 'blocked_sends', span),
  ),
  'channel.rate': plain('message/s', 'channel', ['received'], (reader, entity, span) =>
    rateOf(reader, entity, 'received', span),
  ),
  'path.latency': quantiles('path', 'path_duration'),
  'path.throughput': plain('batch/s', 'path', ['path_duration'], (reader, entity, span) => {
    const count = histogramOf(reader, entity, 'path_duration', span)?.count;
    const seconds = reader.covered('timed', span);
    return seconds <= 0 ? null : (count ?? 0) / seconds;
  }),
  'control.actions': counted('action', 'control', 'control_actions', 'outcome'),
  'tracing.spans': split('span/s', 'engine', 'spans', 'state', (reader, entity, span, filter) =>
    rateOf(reader, entity, 'spans', span, filter),
  ),
  'tracing.overhead': split('ns', 'engine', 'overhead', 'mode', (reader, entity, span, filter) =>
    gaugeMean(reader, entity, 'overhead', span, filter),
  ),
};

export function figureOf(metric: MetricQuery): Figure {
  return FIGURES[metric];
}

export function idOf(entity: Entity): string {
  switch (entity.kind) {
    case 'engine':
      return 'engine';
    case 'node':
      return entity.node;
    case 'channel':
    case 'edge':
      return entity.channel;
    case 'path':
      return entity.path;
    case 'control':
      return entity.action;
  }
}

type Read = (reader: SeriesReader, entity: Entity, span: Span) => number | null;
type SplitRead = (
  reader: SeriesReader,
  entity: Entity,
  span: Span,
  filter: (attributes: FactAttributes) => boolean,
) => number | null;

function plain(unit: string, of: Entity['kind'], measures: readonly Measure[], read: Read): Figure {
  return {
    unit,
    of,
    measures,
    lines: (reader, entity) => {
      const split = entity.kind === 'edge' ? edgeSplit(entity) : '';
      return [{ id: idOf(entity), split, at: (span) => read(reader, entity, span) }];
    },
  };
}

function edgeSplit(entity: { readonly from: string; readonly port: string }): string {
  return entity.port === 'default' ? entity.from : `${entity.from}:${entity.port}`;
}

/** Durations in milliseconds at three quantiles, of one reading of the histogram a step. */
function quantiles(of: Entity['kind'], measure: Measure): Figure {
  return {
    unit: 'ms',
    of,
    measures: [measure],
    lines: (reader, entity) => {
      const read = lastAnswer((span) => histogramOf(reader, entity, measure, span));
      return QUANTILES.map(([split, q]) => ({
        id: idOf(entity),
        split,
        at: (span) => {
          const seconds = read(span)?.quantile(q);
          return seconds === undefined || Number.isNaN(seconds) ? null : seconds * 1_000;
        },
      }));
    },
  };
}

/** Items in the step, by a reason or an outcome. */
function counted(unit: string, of: Entity['kind'], measure: Measure, by: keyof FactAttributes): Figure {
  return split(unit, of, measure, by, (reader, entity, span, filter) =>
    amountOf(reader, entity, measure, span, filter),
  );
}

function split(
  unit: string,
  of: Entity['kind'],
  measure: Measure,
  by: keyof FactAttributes,
  read: SplitRead,
): Figure {
  return {
    unit,
    of,
    measures: [measure],
    lines: (reader, entity) =>
      splitsOf(reader, entity, measure, by).map((value) => ({
        id: idOf(entity),
        split: value,
        at: (span) => read(reader, entity, span, (attributes) => (attributes[by] ?? '') === value),
      })),
  };
}

/** Batches by their size: powers of four, named by their bounds, smallest first. */
const SIZE_BOUNDS = [1, 4, 16, 64, 256, 1_024, 4_096, Number.POSITIVE_INFINITY];

function sizes(): Figure {
  return {
    unit: 'batch',
    of: 'node',
    measures: ['batch_size'],
    lines: (reader, entity) => {
      const read = lastAnswer((span) => {
        const counts = new Array<number>(SIZE_BOUNDS.length).fill(0);
        for (const { index, count } of histogramOf(reader, entity, 'batch_size', span)?.buckets() ?? []) {
          const size = 2 ** ((index + 1) / 128);
          const at = SIZE_BOUNDS.findIndex((bound) => size <= bound * 1.000_001);
          counts[at] = (counts[at] ?? 0) + count;
        }
        return counts;
      });
      return SIZE_BOUNDS.map((bound, at) => ({
        id: idOf(entity),
        split: sizeName(SIZE_BOUNDS[at - 1], bound),
        at: (span) => {
          const count = read(span)[at] ?? 0;
          return count > 0 || reader.covered('timed', span) > 0 ? count : null;
        },
      }));
    },
  };
}

function sizeName(below: number | undefined, bound: number): string {
  if (below === undefined) return '1';
  return bound === Number.POSITIVE_INFINITY ? `> ${below}` : `${below + 1}–${bound}`;
}

/** The fullest part under the plain name, then each part of a channel that has several. */
function utilization(): Figure {
  return {
    unit: '1',
    of: 'channel',
    measures: ['occupancy', 'depth'],
    lines: (reader, entity) => {
      const parts = channelParts(reader, entity);
      const id = idOf(entity);
      const whole: Line = {
        id,
        split: '',
        at: (span) => utilizationOf(reader, entity, span, null, parts).value,
      };
      if (parts.length < 2) return [whole];
      const own = parts.map((part) => ({
        id,
        split: part.name,
        at: (span: Span) => utilizationOf(reader, entity, span, null, [part]).value,
      }));
      return [whole, ...own];
    },
  };
}

/** Several lines read the same step one after the other: the answer is kept until the next. */
function lastAnswer<T>(read: (span: Span) => T): (span: Span) => T {
  const answers = new Map<number, T>();
  return (span) => {
    const known = answers.get(span.from);
    if (known !== undefined) return known;
    const answer = read(span);
    answers.set(span.from, answer);
    return answer;
  };
}

/** What many nodes never do is left out rather than added as unknown. */
function rateIfAny(reader: SeriesReader, entity: Entity, measure: Measure, span: Span): number | null {
  return reader.series(entity, measure).length === 0 ? null : rateOf(reader, entity, measure, span);
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}
