/** When an incident shows in the data, and when it is over in it: by the exporter's figures before it began. */
import type { Incident } from './capture-configured';
import { amounts, type Told } from './capture-counts';

/** The figures of an exporter that an incident shows in, and which way is bad. */
function signKey(
  exporter: string,
  point: Told,
): { readonly key: string; readonly bad: 'up' | 'down' } | null {
  const { metric, set, scope, of } = point;
  const who = of.exporter ?? scope['otelcol.component.id'];
  const [node, place] = exporter.split('@');
  const split = JSON.stringify([of, scope['core.id'], scope['otelcol.signal']]);
  if (place !== undefined) {
    if (scope['node.id'] !== node || scope['channel.kind'] === 'control') return null;
    if (set === 'channel.receiver' && metric === 'queue.depth') return { key: `depth ${split}`, bad: 'up' };
    return set === 'exporter.exports' && metric === 'messages' ? { key: `sent ${split}`, bad: 'down' } : null;
  }
  if (who !== exporter) return null;
  if (/^otelcol_exporter_(queue_size|in_flight_requests|send_failed_|enqueue_failed_)/.test(metric))
    return { key: `${metric} ${split}`, bad: 'up' };
  return metric.startsWith('otelcol_exporter_sent_') ? { key: `${metric} ${split}`, bad: 'down' } : null;
}

export interface Signs {
  /** Unix seconds of the first report in which a figure leaves the range that it had before the incident. */
  readonly first: number;
  /** Of the first report after it in which all are within it again. */
  readonly back: number;
  readonly intervalSeconds: number;
}

/** When each report was sent: Unix seconds of the newest thing in it. */
export function reportTimes(points: readonly Told[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  for (const { report, time } of points) ends.set(report, Math.max(ends.get(report) ?? 0, time));
  return ends;
}

export function signsOf(points: readonly Told[], { exporter, from, to }: Incident): Signs {
  const ends = reportTimes(points);
  const times = [...ends.values()];
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const intervalSeconds = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;

  const isGauge = (point: Told) => /queue_size|in_flight|queue\.depth/.test(point.metric);
  const bad = new Map<string, 'up' | 'down'>();
  const values = new Map<string, Map<number, number>>();
  const put = (key: string, report: number, value: number) => {
    const own = values.get(key) ?? new Map<number, number>();
    own.set(report, (own.get(report) ?? 0) + value);
    values.set(key, own);
  };
  for (const point of points) {
    const sign = signKey(exporter, point);
    if (!sign) continue;
    bad.set(sign.key, sign.bad);
    if (isGauge(point)) put(sign.key, point.report, point.value);
  }
  const counted = amounts(
    points.filter((point) => !isGauge(point)),
    (point) => signKey(exporter, point)?.key ?? null,
  );
  for (const { key, report, value } of counted) put(key, report, value);

  // The first report of a process counts from its start: it has no range.
  const before = [...ends].filter(([report, time]) => report > 0 && time <= from).map(([report]) => report);
  const isOut = (report: number) =>
    [...values].some(([key, own]) => {
      const known = before.map((one) => own.get(one) ?? 0);
      const value = own.get(report) ?? 0;
      return bad.get(key) === 'up' ? value > Math.max(...known) : value < Math.min(...known);
    });
  const first = [...ends].find(([report, time]) => time > from && isOut(report))?.[1] ?? Number.NaN;
  const back = [...ends].find(([report, time]) => time > to && !isOut(report))?.[1] ?? Number.NaN;
  return { first, back, intervalSeconds };
}
