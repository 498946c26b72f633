/** Rows of several traces, fetched by pages as they come into view, and asked for again when folds or search change. */
import { useQueries } from '@tanstack/react-query';
import type { RowMarks, RowsAnswer } from '@/lib/api/traces';
import { fetchJson } from '@/lib/client/fetch-json';

export const PAGE_ROWS = 200;

export interface RowsRequest {
  readonly depth: number | null;
  readonly toggled: readonly string[];
  readonly query: string;
  readonly reveal: string | null;
  /** Nodes whose rows are folded. */
  readonly closed: readonly string[];
  /** Whether one row stands for many alike, and the spans whose others are shown nevertheless. */
  readonly foldSimilar: boolean;
  readonly unfolded: readonly string[];
}

export interface WantedPage {
  /** Of the trace: another one is asked for anew. */
  readonly revision: number;
  readonly traceId: string;
  readonly page: number;
}

export interface LoadedRows {
  readonly pages: ReadonlyMap<string, RowsAnswer>;
  readonly error: Error | null;
}

export function pageKey(traceId: string, page: number): string {
  return `${traceId}/${page}`;
}

export function useRows(wanted: readonly WantedPage[], request: RowsRequest): LoadedRows {
  const answers = useQueries({
    queries: wanted.map(({ traceId, page, revision }) => ({
      queryKey: ['traces', 'rows', traceId, page, revision, request] as const,
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchRows(traceId, page, request, signal),
      // The same page of the same trace stays on screen while it is folded or searched anew.
      placeholderData: (
        before: RowsAnswer | undefined,
        query: { queryKey: readonly unknown[] } | undefined,
      ) => (query?.queryKey[2] === traceId && query.queryKey[3] === page ? before : undefined),
      retry: false,
    })),
  });
  const pages = new Map<string, RowsAnswer>();
  wanted.forEach(({ traceId, page }, i) => {
    const answer = answers[i]?.data;
    if (answer) pages.set(pageKey(traceId, page), answer);
  });
  return { pages, error: answers.find((answer) => answer.error)?.error ?? null };
}

function fetchRows(
  traceId: string,
  page: number,
  request: RowsRequest,
  signal: AbortSignal,
): Promise<RowsAnswer> {
  return fetchJson<RowsAnswer>(`/api/v1/traces/${encodeURIComponent(traceId)}/rows`, {
    query: {
      offset: page * PAGE_ROWS,
      limit: PAGE_ROWS,
      depth: request.depth,
      toggled: request.toggled.join(','),
      q: request.query,
      reveal: request.reveal,
      closed: request.closed,
      similar: request.foldSimilar ? 'fold' : null,
      unfolded: request.unfolded.join(','),
    },
    signal,
  });
}

/** One row, on the time of the page. */
export interface Row {
  readonly traceId: string;
  readonly spanId: string;
  readonly node: string;
  readonly name: string;
  readonly batch: string;
  readonly depth: number;
  readonly descendants: number;
  readonly opened: boolean;
  /** Rows like it, and how many of them are folded behind it. */
  readonly similar: number;
  readonly folded: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly waitMs: number | null;
  readonly workMs: number | null;
  readonly blockedMs: number | null;
  readonly outcomeWaitMs: number | null;
  readonly heldMs: number | null;
  readonly failed: boolean;
  readonly critical: boolean;
  readonly offsetMs: number;
  readonly marks: RowMarks | null;
}

/** Rows that were made of an answer, so that scrolling meets the same objects again and renders only what is new. */
const made = new WeakMap<RowsAnswer, Map<string, Row>>();

/** `offsetMs` is where the trace's origin lies on the time of the page. */
export function rowOf(answer: RowsAnswer, index: number, traceId: string, offsetMs: number): Row | null {
  const rows = made.get(answer) ?? new Map<string, Row>();
  made.set(answer, rows);
  const key = `${index}@${offsetMs}`;
  const row = rows.get(key) ?? makeRow(answer, index, traceId, offsetMs);
  if (row) rows.set(key, row);
  return row;
}

function makeRow(answer: RowsAnswer, index: number, traceId: string, offsetMs: number): Row | null {
  const spanId = answer.spanId[index];
  if (spanId === undefined) return null;
  return {
    traceId,
    spanId,
    node: answer.node[index] ?? '',
    name: answer.name[index] ?? '',
    batch: answer.batch[index] ?? '',
    depth: answer.depth[index] ?? 0,
    descendants: answer.descendants[index] ?? 0,
    opened: answer.opened[index] ?? true,
    similar: answer.similar[index] ?? 0,
    folded: answer.folded[index] ?? 0,
    startMs: (answer.startMs[index] ?? 0) + offsetMs,
    durationMs: answer.durationMs[index] ?? 0,
    waitMs: answer.waitMs[index] ?? null,
    workMs: answer.workMs[index] ?? null,
    blockedMs: answer.blockedMs[index] ?? null,
    outcomeWaitMs: answer.outcomeWaitMs[index] ?? null,
    heldMs: heldAfter(answer.marks[index], answer.heldMs[index] ?? null),
    failed: answer.status[index] === 2,
    critical: answer.critical[index] ?? false,
    offsetMs,
    marks: answer.marks[index] ?? null,
  };
}

/**
 * A contributor was held until its merge was flushed: the link that leads back to it says how long. What a merge held,
 * it held before it began, and that is drawn where its contributors are.
 */
function heldAfter(marks: RowMarks | undefined, ownMs: number | null): number | null {
  const merges = marks?.links.filter((link) => link.type === 'merge') ?? [];
  if (merges.some((link) => link.direction === 'out')) return null;
  return ownMs ?? merges.find((link) => link.heldMs !== null)?.heldMs ?? null;
}
