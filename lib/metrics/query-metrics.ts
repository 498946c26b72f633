/** `GET /api/v1/metrics`: the lines of one chart, on equal steps, at most `MAX_LINES` of them with the true total. */
import type { MetricQuery, MetricSeries, MetricsAnswer } from '@/lib/api/metrics';
import type { Entity } from '@/lib/model/facts';
import { nanosOf, secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { type Figure, figureOf, idOf, type Line } from './figures';
import { type Steps, spanOfStep, stepsOver } from './steps';

/** Lines of one answer: more than an eye tells apart, few enough to send twice a second. */
export const MAX_LINES = 200;

export interface MetricsRequest {
  readonly metric: MetricQuery;
  readonly node: string | null;
  readonly channel: string | null;
  readonly path: string | null;
  readonly fromNano: bigint;
  readonly toNano: bigint;
  readonly stepMs: number;
}

/** `reader` is null where nothing of the engine has come. Steps without anything told are null. */
export function queryMetrics(reader: SeriesReader | null, request: MetricsRequest): MetricsAnswer {
  const figure = figureOf(request.metric);
  const steps = stepsOver(secondsOf(request.fromNano), secondsOf(request.toNano), request.stepMs);
  const lines = reader ? linesOf(reader, figure, request) : [];
  // A line without any value says nothing and is not counted.
  const series = lines.slice(0, MAX_LINES).flatMap((line) => valuesOf(line, steps));
  return {
    metric: request.metric,
    unit: figure.unit,
    fromUnixNano: nanosOf(steps.from).toString(),
    toUnixNano: nanosOf(steps.from + steps.count * steps.seconds).toString(),
    stepMs: steps.seconds * 1_000,
    steps: steps.count,
    series,
    total: lines.length > MAX_LINES ? lines.length : series.length,
    truncated: lines.length > MAX_LINES,
    source: reader && figure.measures.some((measure) => reader.tells(measure)) ? reader.source : null,
  };
}

function linesOf(reader: SeriesReader, figure: Figure, request: MetricsRequest): readonly Line[] {
  return reader
    .entities(figure.of)
    .filter((entity) => isWanted(entity, request) && hasAny(reader, entity, figure))
    .sort((a, b) => compare(idOf(a), idOf(b)))
    .flatMap((entity) => figure.lines(reader, entity));
}

function hasAny(reader: SeriesReader, entity: Entity, figure: Figure): boolean {
  return figure.measures.some((measure) => reader.series(entity, measure).length > 0);
}

function isWanted(entity: Entity, { node, channel, path }: MetricsRequest): boolean {
  if (channel !== null && !('channel' in entity && entity.channel === channel)) return false;
  if (path !== null && !(entity.kind === 'path' && entity.path === path)) return false;
  if (node === null) return true;
  if (entity.kind === 'path') return entity.path.split('>').includes(node);
  if (entity.kind === 'edge') return entity.from === node || entity.channel === `pdata:${node}`;
  return 'node' in entity ? entity.node === node : entity.kind === 'engine';
}

function valuesOf(line: Line, steps: Steps): MetricSeries[] {
  const values = Array.from({ length: steps.count }, (_, i) => line.at(spanOfStep(steps, i)));
  return values.some((value) => value !== null) ? [{ id: line.id, split: line.split, values }] : [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
