/** What part of a waterfall is asked for, as `…/rows` takes it from its query string. */
import { err, ok, type Result } from '@/lib/base/result';
import { parseEpochNanos } from '@/lib/base/time';

export const MAX_ROWS = 500;
export const MAX_TOGGLED = 500;
export const MAX_QUERY = 200;
const MAX_CLOSED_NODES = 200;

export interface RowsWindow {
  /** Of the rows that are shown, the first wanted, and how many. */
  readonly offset: number;
  readonly limit: number;
  /** Only spans (with their ancestors) that touch this time, Unix nanoseconds. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  /** Rows deeper than this are folded away; null shows all. */
  readonly depth: number | null;
  /** Spans whose fold is the opposite of what `depth` says. */
  readonly toggled: ReadonlySet<string>;
  /** Spans that are folded in any case, also where one below them is searched or asked for. */
  readonly shut: ReadonlySet<string>;
  /** Nodes whose rows are folded, unless toggled. */
  readonly closedNodes: ReadonlySet<string>;
  /** One row for many that are alike; and the spans shown for others whose others are to be shown too. */
  readonly foldSimilar: boolean;
  readonly unfolded: ReadonlySet<string>;
  /** Searched in names, ids, attributes and events; ancestors of what matches are opened. */
  readonly query: string;
  /** A span whose ancestors are opened, and whose row the answer tells. */
  readonly reveal: string | null;
}

export const ALL_ROWS: RowsWindow = {
  offset: 0,
  limit: MAX_ROWS,
  from: null,
  to: null,
  depth: null,
  toggled: new Set(),
  shut: new Set(),
  closedNodes: new Set(),
  foldSimilar: false,
  unfolded: new Set(),
  query: '',
  reveal: null,
};

/** Reads `from to depth limit offset toggled shut closed similar=fold unfolded q reveal`; the error is the reason to answer with. */
export function parseRowsWindow(params: URLSearchParams): Result<RowsWindow, string> {
  const offset = wholeNumber(params, 'offset', 0, Number.MAX_SAFE_INTEGER);
  const limit = wholeNumber(params, 'limit', MAX_ROWS, MAX_ROWS);
  const depth = wholeNumber(params, 'depth', -1, 1_000_000);
  if (offset === null) return err('offset must be a whole number from 0');
  if (limit === null) return err(`limit must be a whole number from 0 to ${MAX_ROWS}`);
  if (depth === null) return err('depth must be a whole number from 0');
  const [from, to] = [params.get('from'), params.get('to')];
  const fromNano = from ? parseEpochNanos(from) : null;
  const toNano = to ? parseEpochNanos(to) : null;
  if (from && fromNano === null) return err('from must be Unix nanoseconds');
  if (to && toNano === null) return err('to must be Unix nanoseconds');
  const toggled = new Set((params.get('toggled') ?? '').split(',').filter(Boolean));
  if (toggled.size > MAX_TOGGLED) return err(`at most ${MAX_TOGGLED} spans can be toggled`);
  const shut = new Set((params.get('shut') ?? '').split(',').filter(Boolean));
  if (shut.size > MAX_TOGGLED) return err(`at most ${MAX_TOGGLED} spans can be shut`);
  const closedNodes = new Set(params.getAll('closed').filter(Boolean));
  if (closedNodes.size > MAX_CLOSED_NODES) return err(`at most ${MAX_CLOSED_NODES} nodes can be closed`);
  const similar = params.get('similar') ?? '';
  if (similar !== '' && similar !== 'fold') return err('similar is fold or nothing');
  const unfolded = new Set((params.get('unfolded') ?? '').split(',').filter(Boolean));
  if (unfolded.size > MAX_TOGGLED) return err(`at most ${MAX_TOGGLED} spans can be unfolded`);
  const query = (params.get('q') ?? '').trim();
  if (query.length > MAX_QUERY) return err(`q is longer than ${MAX_QUERY} characters`);
  return ok({
    offset,
    limit,
    from: fromNano,
    to: toNano,
    depth: depth < 0 ? null : depth,
    toggled,
    shut,
    closedNodes,
    foldSimilar: similar === 'fold',
    unfolded,
    query,
    reveal: params.get('reveal') || null,
  });
}

function wholeNumber(params: URLSearchParams, name: string, otherwise: number, max: number): number | null {
  const text = params.get(name);
  if (text === null || text === '') return otherwise;
  const value = Number(text);
  return /^\d+$/.test(text) && value <= max ? value : null;
}
