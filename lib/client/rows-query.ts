/** Asking for a page of a waterfall's rows: as the pointer comes down on a trace, as its page opens, as it is scrolled. */
import type { RowsAnswer } from '@/lib/api/traces';
import { fetchJson } from './fetch-json';
import { queryKeys } from './query-keys';

/** Some three screens: what is drawn first should not wait for what is far below. */
export const PAGE_ROWS = 100;

export interface RowsRequest {
  /** Rows deeper than this are folded; null shows all. */
  readonly depth: number | null;
  readonly toggled: readonly string[];
  readonly shut: readonly string[];
  readonly query: string;
  readonly reveal: string | null;
  /** Nodes whose rows are folded. */
  readonly closed: readonly string[];
  /** Whether one row stands for many alike, and the spans whose others are shown nevertheless. */
  readonly foldSimilar: boolean;
  readonly unfolded: readonly string[];
}

/** What a trace page asks for when nothing stands in its URL. */
export const FIRST_ROWS: RowsRequest = {
  depth: null,
  toggled: [],
  shut: [],
  query: '',
  reveal: null,
  closed: [],
  foldSimilar: true,
  unfolded: [],
};

/** Rows never grow old by themselves: an answer says of which revision it is, and is asked for anew by that. */
export function rowsQuery(traceId: string, page: number, request: RowsRequest) {
  return {
    queryKey: queryKeys.rows(traceId, page, request),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => fetchRows(traceId, page, request, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  };
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
      shut: request.shut.join(','),
      q: request.query,
      reveal: request.reveal,
      closed: request.closed,
      similar: request.foldSimilar ? 'fold' : null,
      unfolded: request.unfolded.join(','),
    },
    signal,
  });
}
