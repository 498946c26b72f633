/**
 * The points of one report, written as OTLP the moment they are given: each metric gathers its points in a buffer of
 * its own, which is used again for the next report, and the request is put together from the buffers that have any.
 * Labels are bytes already, made once a series. Delta temporality throughout.
 */
import { type HistogramSet, PackedHistogram } from '@/lib/histogram/histogram-set';
import { WireWriter } from '@/lib/otlp/wire-writer';
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';
import { WireTime, writeString } from './wire-attributes';

export type Labels = Readonly<Record<string, string>>;
export type MetricKind = 'gauge' | 'sum' | 'histogram';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const DELTA = 1;
const TWO_TO_32 = 0x1_0000_0000;
const METRIC_FIELD = { name: 1, unit: 3, gauge: 5, sum: 7, histogram: 10 } as const;
const NUMBER = { start: 2, time: 3, double: 4, int: 6, attribute: 7 } as const;
const HISTOGRAM = {
  attribute: 1,
  count: 4,
  sum: 5,
  scale: 6,
  zeroCount: 7,
  positive: 8,
  min: 12,
  max: 13,
} as const;

/** The labels of a series, as its points carry them. */
export function labelBytes(kind: MetricKind, labels: Labels): Uint8Array {
  const writer = new WireWriter(256);
  const field = kind === 'histogram' ? HISTOGRAM.attribute : NUMBER.attribute;
  for (const [key, value] of Object.entries(labels)) writeString(writer, field, key, value);
  return writer.finish();
}

/** One metric's points. */
export class MetricBuffer {
  readonly points = new WireWriter(1_024);
  /** Name and unit. */
  readonly head: Uint8Array;

  constructor(
    private readonly owner: MetricPoints,
    readonly kind: MetricKind,
    name: string,
    unit: string,
  ) {
    const writer = new WireWriter(128);
    writer.tag(METRIC_FIELD.name, BYTES);
    writer.string(name);
    writer.tag(METRIC_FIELD.unit, BYTES);
    writer.string(unit);
    this.head = writer.finish();
  }

  /** A point of a gauge or of a sum. */
  number(labels: Uint8Array, value: number): void {
    const { points } = this;
    const point = points.openField(1);
    points.raw(this.owner.times);
    if (Number.isSafeInteger(value)) {
      points.tag(NUMBER.int, FIXED64);
      writeFixed64(points, value);
    } else {
      points.tag(NUMBER.double, FIXED64);
      points.double(value);
    }
    points.raw(labels);
    points.close(point);
    this.owner.count++;
  }

  /** What a series of the set gathered; nothing where that is nothing. */
  histogram(labels: Uint8Array, set: HistogramSet, series: number): void {
    if (set.empty(series)) return;
    const { packed } = this.owner;
    set.packInto(series, packed);
    const { points } = this;
    const point = points.openField(1);
    points.raw(labels);
    points.raw(this.owner.times);
    points.tag(HISTOGRAM.count, FIXED64);
    writeFixed64(points, packed.count);
    points.tag(HISTOGRAM.sum, FIXED64);
    points.double(packed.stats[0] as number);
    points.tag(HISTOGRAM.scale, VARINT);
    points.sint32(HISTOGRAM_SCALE);
    points.tag(HISTOGRAM.zeroCount, FIXED64);
    writeFixed64(points, packed.zeroCount);
    const positive = points.openField(HISTOGRAM.positive);
    points.tag(1, VARINT);
    points.sint32(packed.offset);
    if (packed.length > 0) {
      points.tag(2, BYTES);
      points.bytes(packed.bytes.subarray(0, packed.length));
    }
    points.close(positive);
    points.tag(HISTOGRAM.min, FIXED64);
    points.double(packed.stats[1] as number);
    points.tag(HISTOGRAM.max, FIXED64);
    points.double(packed.stats[2] as number);
    points.close(point);
    this.owner.count++;
  }
}

export class MetricPoints {
  /** Points since `begin`. */
  count = 0;
  /** Start and end of the report, as every point carries them. */
  times: Uint8Array = new Uint8Array(0);
  readonly packed = new PackedHistogram();
  private readonly metrics = new Map<string, MetricBuffer>();
  private readonly request = new WireWriter(16_384);
  private readonly time: WireTime;
  private readonly timeWriter = new WireWriter(32);

  /** `resource` and `scope` are the fields of those messages, encoded. */
  constructor(
    epoch: bigint,
    private readonly resource: Uint8Array,
    private readonly scope: Uint8Array,
  ) {
    this.time = new WireTime(epoch);
  }

  begin(startNs: number, endNs: number): void {
    this.count = 0;
    this.timeWriter.clear();
    this.time.write(this.timeWriter, NUMBER.start, startNs);
    this.time.write(this.timeWriter, NUMBER.time, endNs);
    this.times = this.timeWriter.finish();
  }

  buffer(name: string, unit: string, kind: MetricKind): MetricBuffer {
    const known = this.metrics.get(name);
    if (known) return known;
    const made = new MetricBuffer(this, kind, name, unit);
    this.metrics.set(name, made);
    return made;
  }

  /** For figures that are few: labels are encoded each time. */
  gauge(name: string, unit: string, labels: Labels, value: number): void {
    this.buffer(name, unit, 'gauge').number(labelBytes('gauge', labels), value);
  }

  sum(name: string, unit: string, labels: Labels, delta: number): void {
    this.buffer(name, unit, 'sum').number(labelBytes('sum', labels), delta);
  }

  /** The request with all points since `begin`. */
  finish(): Uint8Array {
    const { request } = this;
    request.clear();
    const resourceMetrics = request.openField(1);
    request.tag(1, BYTES);
    request.bytes(this.resource);
    const scopeMetrics = request.openField(2);
    request.tag(1, BYTES);
    request.bytes(this.scope);
    for (const buffer of this.metrics.values()) {
      if (buffer.points.length === 0) continue;
      const metric = request.openField(2);
      request.raw(buffer.head);
      const data = request.openField(METRIC_FIELD[buffer.kind]);
      request.raw(buffer.points.written());
      if (buffer.kind !== 'gauge') {
        request.tag(2, VARINT);
        request.varint32(DELTA);
      }
      if (buffer.kind === 'sum') {
        request.tag(3, VARINT);
        request.varint32(1);
      }
      request.close(data);
      request.close(metric);
      buffer.points.clear();
    }
    request.close(scopeMetrics);
    request.close(resourceMetrics);
    return request.finish();
  }
}

/** Whole numbers within ±2^53. */
function writeFixed64(writer: WireWriter, value: number): void {
  writer.fixed32(value >>> 0);
  writer.fixed32(Math.floor(value / TWO_TO_32) >>> 0);
}
