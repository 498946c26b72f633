/**
 * What a waterfall and a critical path are, written down as slowly and plainly as can be and apart from the product:
 * recursion over lists, every chain looked at. For property tests only.
 */
import type { ColumnLink } from '@/lib/store/span-columns';
import type { RandomSpan } from './random-trace';

export interface SlowTrace {
  readonly traceId: string;
  readonly spans: readonly RandomSpan[];
  readonly links: readonly ColumnLink[];
}

export interface SlowWindow {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly depth: number | null;
  readonly toggled: readonly number[];
  readonly shut: readonly number[];
  readonly closed: readonly number[];
  readonly unfolded: readonly number[];
  readonly foldSimilar: boolean;
  /** Node that is searched; a span that is asked for. */
  readonly searched: number | null;
  readonly reveal: number | null;
}

const SIMILAR_FROM = 10;

/** The row above, or null: a parent that is not there, or that closes a cycle at the cycle's earliest span, is none. */
export function slowParent(spans: readonly RandomSpan[], row: number): number | null {
  const next = (at: number) => {
    const parent = spans[at]?.parent ?? -1;
    return parent >= 0 && parent < spans.length ? parent : null;
  };
  const cycle = [row];
  for (let at = next(row); at !== null && cycle.length <= spans.length; at = next(at)) {
    if (at === row) return row === Math.min(...cycle) ? null : next(row);
    cycle.push(at);
  }
  return next(row);
}

function childrenOf(spans: readonly RandomSpan[], row: number | null): number[] {
  return spans.flatMap((_, each) => (slowParent(spans, each) === row ? [each] : []));
}

function below(spans: readonly RandomSpan[], row: number): number[] {
  return childrenOf(spans, row).flatMap((child) => [child, ...below(spans, child)]);
}

/** Every way from a root to a leaf. */
function chains(spans: readonly RandomSpan[], row: number | null = null): number[][] {
  const children = childrenOf(spans, row);
  if (children.length === 0) return [[]];
  return children.flatMap((child) => chains(spans, child).map((rest) => [child, ...rest]));
}

function finished(span: RandomSpan | undefined): number {
  return span === undefined ? 0 : span.start + span.duration - Math.min(span.outcome, span.duration);
}

/** Of all chains the one that at each step goes into what is finished last, the earlier of two. */
function lastChain(spans: readonly RandomSpan[]): number[] {
  const ends = (row: number) => Math.max(...[row, ...below(spans, row)].map((each) => finished(spans[each])));
  return chains(spans).reduce((best, next) => {
    const at = next.findIndex((row, i) => row !== best[i]);
    const [row, other] = [next[at], best[at]];
    return row !== undefined && other !== undefined && ends(row) > ends(other) ? next : best;
  });
}

/** What led to a row: the attempt that failed before it, where it is one of several, else what is above it. */
function causes({ traceId, spans, links }: SlowTrace, row: number, after: readonly number[] = []): number[] {
  const chain = [row, ...after];
  const retried = links
    .filter((link) => link.row === row && link.type === 'retry' && link.traceId === traceId)
    .map((link) => rowOf(link.spanId))
    .filter((each) => each !== row && each < spans.length)
    .at(-1);
  const parent = slowParent(spans, row);
  const isSibling = retried !== undefined && slowParent(spans, retried) === parent;
  const before = isSibling && !chain.includes(retried) ? retried : parent;
  return before === null || chain.includes(before) ? chain : causes({ traceId, spans, links }, before, chain);
}

export function slowCritical(trace: SlowTrace): number[] {
  const leaf = lastChain(trace.spans).at(-1);
  return leaf === undefined ? [] : causes(trace, leaf);
}

/** `trace/row`, first cause first: before a merge the way to the one of its contributors that was held the shortest. */
export function slowJourney(traces: readonly SlowTrace[], traceId: string): string[] {
  const go = (trace: SlowTrace, rows: readonly number[], seen: readonly string[]): string[] => {
    const own = rows.map((row) => `${trace.traceId}/${row}`);
    const merged = trace.links.filter((link) => link.row === rows[0] && link.type === 'merge');
    const held = (link: ColumnLink) => (Number.isNaN(link.heldMs) ? Number.POSITIVE_INFINITY : link.heldMs);
    const least = Math.min(...merged.map(held));
    const last = merged.filter((link) => held(link) === least).at(-1);
    const before = traces.find((each) => each.traceId === last?.traceId);
    const from = last && rowOf(last.spanId);
    const isNew = before !== undefined && !seen.includes(before.traceId);
    if (!isNew || from === undefined || from >= before.spans.length) return own;
    return [...go(before, causes(before, from), [...seen, before.traceId]), ...own];
  };
  const start = traces.find((each) => each.traceId === traceId);
  return start ? go(start, slowCritical(start), [traceId]) : [];
}

/** Rows of the waterfall, in order. */
export function slowRows(trace: SlowTrace, window: SlowWindow): number[] {
  const { spans } = trace;
  const critical = slowCritical(trace);
  const wanted = (row: number) => spans[row]?.node === window.searched || row === window.reveal;
  const leadsToWanted = (row: number) => below(spans, row).some(wanted);
  const touches = (row: number) => {
    const span = spans[row];
    const from = window.fromMs ?? Number.NEGATIVE_INFINITY;
    const to = window.toMs ?? Number.POSITIVE_INFINITY;
    return span !== undefined && span.start <= to && span.start + span.duration >= from;
  };
  const isIn = (row: number) => [row, ...below(spans, row)].some(touches);
  const isOpen = (row: number, depth: number) => {
    const byLevel = window.depth === null || depth < window.depth;
    const byDefault = byLevel && !window.closed.includes(spans[row]?.node ?? -1);
    const opens = byDefault !== window.toggled.includes(row) || leadsToWanted(row);
    return opens && !window.shut.includes(row);
  };
  const shape = (row: number): string => `${spans[row]?.node}(${childrenOf(spans, row).map(shape).join()})`;
  const isFolded = (row: number, siblings: readonly number[]) => {
    const alike = siblings.filter((each) => shape(each) === shape(row));
    if (!window.foldSimilar || alike.length < SIMILAR_FROM || wanted(row) || leadsToWanted(row)) return false;
    const longest = Math.max(...alike.map((each) => spans[each]?.duration ?? 0));
    const shown =
      alike.find((each) => critical.includes(each)) ??
      alike.find((each) => spans[each]?.duration === longest);
    return shown !== row && shown !== undefined && isIn(shown) && !window.unfolded.includes(shown);
  };
  const walk = (row: number | null, depth: number): number[] => {
    const siblings = childrenOf(spans, row);
    return siblings
      .filter((each) => isIn(each) && !isFolded(each, siblings))
      .flatMap((each) => (isOpen(each, depth) ? [each, ...walk(each, depth + 1)] : [each]));
  };
  return walk(null, 0);
}

function rowOf(spanId: string): number {
  return Number(spanId.split('/')[1]);
}
