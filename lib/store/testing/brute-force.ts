/** What the store should answer, computed the slow and obvious way from the spans that were sent. */
import type { TraceQuery, TraceSummary } from '@/lib/model/trace-query';
import { T0, type TestSpan, traceId } from './spans';

export interface Expected {
  summaries(): TraceSummary[];
  list(query: TraceQuery): TraceSummary[];
}

/** `spans` in order of arrival, duplicates included: the first of equal ids counts. */
export function bruteForce(sent: readonly TestSpan[]): Expected {
  const traces = new Map<number, TestSpan[]>();
  const seen = new Set<string>();
  for (const span of sent) {
    const key = `${span.trace}/${span.span}`;
    if (seen.has(key)) continue;
    seen.add(key);
    traces.set(span.trace, [...(traces.get(span.trace) ?? []), span]);
  }
  const summaries = [...traces].map(([trace, spans]) => summary(trace, spans, traces));
  return {
    summaries: () => summaries,
    list: (query) => {
      const found = summaries.filter((each) => matches(each, query, traces));
      const sign = query.sort.startsWith('-') ? -1 : 1;
      const key = (each: TraceSummary) =>
        query.sort.endsWith('start') ? Number(BigInt(each.startUnixNano) - T0) : each.durationMs;
      return found.sort((a, b) => sign * (key(a) - key(b)) || (a.traceId < b.traceId ? -1 : 1));
    },
  };
}

const start = (span: TestSpan) => Math.round((span.startMs ?? 0) * 1e6);
const end = (span: TestSpan) => start(span) + Math.round((span.durationMs ?? 1) * 1e6);
const byStart = (spans: readonly TestSpan[]) =>
  spans
    .map((span, arrival) => ({ span, arrival }))
    .sort((a, b) => start(a.span) - start(b.span) || a.arrival - b.arrival)
    .map(({ span }) => span);

function work(span: TestSpan): number {
  if (span.latencyMs !== undefined) return span.latencyMs;
  return Math.max(0, (span.durationMs ?? 1) - (span.blockedMs ?? 0) - (span.outcomeMs ?? 0));
}

function summary(
  trace: number,
  spans: readonly TestSpan[],
  all: ReadonlyMap<number, readonly TestSpan[]>,
): TraceSummary {
  const roots = byStart(spans.filter(({ parent }) => parent === undefined));
  const root = roots[0] ?? byStart(spans)[0];
  if (!root) throw new Error('a trace has spans');
  const from = Math.min(...spans.map(start));
  const failed = spans.find(({ error }) => error !== undefined);
  const sum = (of: (span: TestSpan) => number | undefined) =>
    spans.reduce((total, span) => total + Math.fround(of(span) ?? 0), 0);
  const linksOut = spans.some(({ links }) => links?.some((link) => link.trace !== trace));
  const linksIn = [...all].some(
    ([other, others]) =>
      other !== trace && others.some(({ links }) => links?.some((link) => link.trace === trace)),
  );
  return {
    traceId: traceId(trace),
    engine: spans[0]?.service ?? 'engine',
    batchId: root.batch ?? '',
    rootName: root.name ?? 'processor/batch/proc',
    startUnixNano: String(T0 + BigInt(from)),
    durationMs: (Math.max(...spans.map(end)) - from) / 1e6,
    waitMs: sum(({ waitMs }) => waitMs),
    workMs: sum(work),
    blockedMs: sum(({ blockedMs }) => blockedMs),
    spanCount: spans.length,
    nodeIds: [...new Set(byStart(spans).flatMap(({ node }) => node ?? []))],
    signal: root.signal ?? spans.find(({ signal }) => signal !== undefined)?.signal ?? '',
    status: failed ? 'error' : 'ok',
    statusMessage: failed?.error ?? '',
    items: root.items ?? byStart(spans).find(({ items }) => items !== undefined)?.items ?? null,
    policy: spans.find(({ policy }) => policy !== undefined)?.policy ?? null,
    linked: linksOut || linksIn,
    rootMissing: roots.length === 0,
  };
}

function matches(
  each: TraceSummary,
  query: TraceQuery,
  traces: ReadonlyMap<number, readonly TestSpan[]>,
): boolean {
  const [trace, spans] = [...traces].find(([id]) => traceId(id) === each.traceId) ?? [0, []];
  const started = BigInt(each.startUnixNano);
  const q = query.q?.trim().toLowerCase() ?? '';
  const holds = (text: string | undefined) => text?.toLowerCase().includes(q) ?? false;
  const affected = [...traces.values()]
    .flat()
    .filter(({ control }) => control !== undefined && control === query.control)
    .some(({ links }) => links?.some((link) => link.trace === trace));
  return (
    (query.engine === undefined || each.engine === query.engine) &&
    (!query.node?.length || query.node.some((node) => each.nodeIds.includes(node))) &&
    (!query.signal?.length || query.signal.includes(each.signal)) &&
    (query.status === undefined || each.status === query.status) &&
    (query.minDurationMs === undefined || each.durationMs >= query.minDurationMs) &&
    (query.maxDurationMs === undefined || each.durationMs <= query.maxDurationMs) &&
    (query.fromUnixNano === undefined || started >= query.fromUnixNano) &&
    (query.toUnixNano === undefined || started <= query.toUnixNano) &&
    (query.policy === undefined || each.policy === query.policy) &&
    (query.control === undefined || affected) &&
    (q === '' ||
      each.traceId.startsWith(q) ||
      spans.some(
        (span) =>
          holds(span.batch) ||
          holds(span.node) ||
          holds(span.name ?? 'processor/batch/proc') ||
          holds(span.error),
      ))
  );
}
