/**
 * Filters as text and as chips. In the search box `status:error node:exp-slow >1s <5s signal:logs policy:slow` become
 * chips; the rest is free text.
 */
export interface ListFilters {
  readonly node: readonly string[];
  readonly signal: readonly string[];
  readonly status: 'ok' | 'error' | null;
  readonly minDurationMs: number | null;
  readonly maxDurationMs: number | null;
  readonly policy: string | null;
  readonly control: string | null;
  readonly q: string;
}

export const NO_FILTERS: ListFilters = {
  node: [],
  signal: [],
  status: null,
  minDurationMs: null,
  maxDurationMs: null,
  policy: null,
  control: null,
  q: '',
};

const UNIT_MS: Readonly<Record<string, number>> = {
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
};

/** Adds what the text says to the filters. */
export function applyFilterText(filters: ListFilters, text: string): ListFilters {
  let next: ListFilters = filters;
  const rest: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const applied = applyWord(next, word);
    if (applied) next = applied;
    else rest.push(word);
  }
  return { ...next, q: rest.join(' ') };
}

function applyWord(filters: ListFilters, word: string): ListFilters | null {
  const duration = /^(?:duration)?([<>])=?(\d+(?:\.\d+)?)(us|µs|ms|s|min|m)?$/.exec(word);
  if (duration) {
    const ms = Number(duration[2]) * (UNIT_MS[duration[3] ?? 'ms'] ?? 1);
    return duration[1] === '>' ? { ...filters, minDurationMs: ms } : { ...filters, maxDurationMs: ms };
  }
  const [, key, value] = /^(node|signal|status|policy|control):(.+)$/.exec(word) ?? [];
  if (key === undefined || value === undefined) return null;
  switch (key) {
    case 'node':
      return { ...filters, node: [...new Set([...filters.node, value])] };
    case 'signal':
      return { ...filters, signal: [...new Set([...filters.signal, value])] };
    case 'status':
      return value === 'ok' || value === 'error' ? { ...filters, status: value } : null;
    case 'policy':
      return { ...filters, policy: value };
    default:
      return { ...filters, control: value };
  }
}

export interface Chip {
  readonly key: string;
  readonly name: string;
  readonly operator: string;
  readonly value: string;
  /** The filters without it. */
  readonly without: ListFilters;
}

export function chipsOf(filters: ListFilters, formatMs: (ms: number) => string): Chip[] {
  const chips: Chip[] = [];
  const add = (name: string, operator: string, value: string, without: ListFilters) =>
    chips.push({ key: `${name}${operator}${value}`, name, operator, value, without });
  for (const node of filters.node) {
    add('node', 'is', node, { ...filters, node: filters.node.filter((each) => each !== node) });
  }
  for (const signal of filters.signal) {
    add('signal', 'is', signal, { ...filters, signal: filters.signal.filter((each) => each !== signal) });
  }
  if (filters.status) add('status', 'is', filters.status, { ...filters, status: null });
  if (filters.minDurationMs !== null)
    add('duration', '≥', formatMs(filters.minDurationMs), { ...filters, minDurationMs: null });
  if (filters.maxDurationMs !== null)
    add('duration', '≤', formatMs(filters.maxDurationMs), { ...filters, maxDurationMs: null });
  if (filters.policy) add('kept by', 'is', filters.policy, { ...filters, policy: null });
  if (filters.control) add('control action', 'is', filters.control, { ...filters, control: null });
  if (filters.q) add('text', 'has', filters.q, { ...filters, q: '' });
  return chips;
}
