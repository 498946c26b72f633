/**
 * What a capture's metrics count, without any code of what is tested: JSON lines as they stand, a cumulative sum is its
 * last value for each start time, a delta is added up.
 */
import { captureLines } from './capture-files';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes?: readonly Attribute[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
}
interface Data {
  readonly aggregationTemporality?: number;
  readonly dataPoints: readonly Point[];
}
interface Line {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string; readonly attributes?: readonly Attribute[] };
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: Data;
        readonly gauge?: Data;
        readonly histogram?: Data;
        readonly exponentialHistogram?: Data;
      }[];
    }[];
  }[];
}

type Texts = Readonly<Record<string, string>>;

export interface Told {
  /** Which request it came in. */
  readonly report: number;
  readonly instance: string;
  readonly set: string;
  readonly metric: string;
  readonly scope: Texts;
  readonly of: Texts;
  readonly series: string;
  readonly start: number;
  readonly isDelta: boolean;
  /** Unix seconds. */
  readonly time: number;
  readonly value: number;
  /** Of a histogram; else 0. */
  readonly count: number;
}

function texts(attributes: readonly Attribute[] | undefined): Texts {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, String(Object.values(value)[0])]),
  );
}

const secondsOf = (nanos: string) => Number(BigInt(nanos) / 1_000n) / 1e6;

export function toldPoints(capture: string): Told[] {
  return (captureLines(capture, 'metrics.jsonl.gz') as Line[]).flatMap(({ resourceMetrics }, report) =>
    resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
      scopeMetrics.flatMap(({ scope, metrics }) =>
        metrics.flatMap(({ name, sum, gauge, histogram, exponentialHistogram }) =>
          [sum, gauge, histogram, exponentialHistogram].flatMap((data) =>
            (data?.dataPoints ?? []).map((point): Told => {
              const of = texts(point.attributes);
              const own = texts(scope.attributes);
              const from = texts(resource.attributes);
              return {
                report,
                instance: from['service.instance.id'] ?? '',
                set: scope.name,
                metric: name,
                scope: own,
                of,
                series: JSON.stringify([from, scope.name, own, name, of]),
                start: secondsOf(point.startTimeUnixNano ?? '0'),
                isDelta: data?.aggregationTemporality === 1,
                time: secondsOf(point.timeUnixNano),
                value: point.sum ?? point.asDouble ?? Number(point.asInt ?? 0),
                count: Number(point.count ?? 0),
              };
            }),
          ),
        ),
      ),
    ),
  );
}

/** Amounts over (start, time], of deltas and of differenced sums alike. */
export interface Amount {
  readonly key: string;
  readonly report: number;
  readonly instance: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly count: number;
}

/** Amounts of the points that `keyOf` gives a key. */
export function amounts(points: readonly Told[], keyOf: (point: Told) => string | null): Amount[] {
  const last = new Map<string, Told>();
  return points.flatMap((point): Amount[] => {
    const key = keyOf(point);
    if (key === null) return [];
    const { report, instance } = point;
    const at = `${point.series} ${point.start}`;
    const before = point.isDelta ? undefined : last.get(at);
    last.set(at, point);
    return [
      {
        key,
        report,
        instance,
        from: before?.time ?? point.start,
        to: point.time,
        value: point.value - (before?.value ?? 0),
        count: point.count - (before?.count ?? 0),
      },
    ];
  });
}

/** Sums by key; what is 0 is left out. */
export function totals(parts: readonly Amount[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { key, value } of parts) sums.set(key, (sums.get(key) ?? 0) + value);
  return new Map([...sums].filter(([, value]) => value > 0).sort());
}

/** What falls into [from, to], each amount spread evenly over its stretch. */
export function amountWithin(parts: readonly Amount[], from: number, to: number): number {
  let sum = 0;
  for (const part of parts) {
    const overlap = Math.min(to, part.to) - Math.max(from, part.from);
    if (overlap > 0) sum += part.value * (overlap / (part.to - part.from));
  }
  return sum;
}

/** Without the gate a processor tells its signal, and the configuration has one such processor for it. */
const ONLY: Texts = {
  'memory_limiter traces': 'memory_limiter@traces/in',
  'memory_limiter logs': 'memory_limiter@logs',
  'filter/healthz traces': 'filter/healthz@traces/in',
  'attributes/tag traces': 'attributes/tag@traces/in',
  'probabilistic_sampler traces': 'probabilistic_sampler@traces/ok',
};

/** `node way` of what counts items that a node took in, gave out, delivered or lost, as the engine itself counts. */
export function itemsKey({ set, metric, scope, of }: Told): string | null {
  const component = scope['otelcol.component.id'];
  const pipeline = scope['otelcol.pipeline.id'];
  const gated = component && (pipeline ? `${component}@${pipeline}` : component);
  if (/^otelcol\.\w+\.consumed\.items$/.test(metric)) return `${gated} in`;
  if (/^otelcol\.\w+\.produced\.items$/.test(metric)) return `${gated} out`;
  if (/^otelcol_receiver_(accepted|refused|failed)_/.test(metric)) return `${of.receiver} in`;
  if (/^otelcol_exporter_sent_/.test(metric)) return `${of.exporter} delivered`;
  if (/^otelcol_exporter_(send|enqueue)_failed_/.test(metric)) return `${of.exporter} lost`;
  const ungated = ONLY[`${of.processor} ${of['otel.signal']}`];
  if (!gated && metric === 'otelcol_processor_incoming_items') return `${ungated} in`;
  if (!gated && metric === 'otelcol_processor_outgoing_items') return `${ungated} out`;
  const node = `${scope['node.id']}@${scope['pipeline.group.id']}/${scope['pipeline.id']}`;
  if (set === 'node.consumer' && metric === 'consumed.items') return `${node} in`;
  if (set === 'node.producer' && metric === 'produced.items') return `${node} out`;
  return null;
}

/** The channel whose depth (or capacity) a point tells; null for any other point. */
export function channelKey(point: Told, what: 'depth' | 'capacity'): string | null {
  const { set, metric, scope, of } = point;
  const collector = what === 'depth' ? 'otelcol_exporter_queue_size' : 'otelcol_exporter_queue_capacity';
  if (metric === collector) return `pdata:${of.exporter}:${of.data_type}`;
  const own = what === 'depth' ? 'queue.depth' : 'capacity';
  if (set !== 'channel.receiver' || metric !== own || scope['channel.kind'] !== 'pdata') return null;
  return `pdata:${scope['node.id']}@${scope['pipeline.group.id']}/${scope['pipeline.id']}`;
}
