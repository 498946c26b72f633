/** What policies would have said of a trace, from what a stored decision tells of it: "why kept" and what-if. */

import { compilePolicies, VOTE_NAMES, type VoteName } from './compile';
import type { TailSamplingConfig } from './config';
import { drawTraceId } from './trace-hash';
import type { TraceView } from './trace-view';
import { UNKNOWN } from './votes';

/** What is told of a trace. Absent fields are not known; an attribute that is not a key was not told either. */
export interface TraceSummary {
  readonly traceId: string;
  /** The worst of its spans' statuses. */
  readonly status: 'UNSET' | 'OK' | 'ERROR';
  readonly durationMs: number;
  readonly nodes: readonly string[];
  readonly spanCount: number;
  /** Values by key, of the attributes that policies named at the time; several are joined by a line feed. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly droppedItems?: number | undefined;
  readonly blockedMs?: number | undefined;
  readonly controlActions?: readonly string[] | undefined;
}

export interface Evaluation {
  /** By these policies alone: lineage may keep it all the same. */
  readonly kept: boolean;
  /** The policy that keeps it, empty where none does. */
  readonly by: string;
  readonly votes: Readonly<Record<string, VoteName>>;
  /** Policies that cannot be judged from this summary; `kept` and `by` go by the others. */
  readonly unjudged: readonly string[];
}

export function evaluatePolicies(config: TailSamplingConfig, trace: TraceSummary): Evaluation {
  const compiled = compilePolicies(config);
  const by = compiled.decide(viewOf(trace));
  const votes: Record<string, VoteName> = {};
  const unjudged: string[] = [];
  for (const [i, policy] of compiled.policies.entries()) {
    const vote = compiled.votes[i] ?? UNKNOWN;
    votes[policy.name] = VOTE_NAMES[vote] ?? 'unknown';
    if (vote === UNKNOWN) unjudged.push(policy.name);
  }
  return { kept: by >= 0, by: compiled.policies[by]?.name ?? '', votes, unjudged };
}

function viewOf(trace: TraceSummary): TraceView {
  return {
    drawn: (seed, share) => drawTraceId(seed, trace.traceId, share),
    // The worst status is told: whether there were better ones beside it is not.
    hasStatus: (status) =>
      trace.status === status ? true : STATUS_RANK[status] > STATUS_RANK[trace.status] ? false : undefined,
    durationMs: trace.durationMs,
    spanCount: trace.spanCount,
    hasNode: (id) => trace.nodes.includes(id),
    hasAttribute: (key, matches) => {
      const told = trace.attributes[key];
      return told === undefined ? undefined : told !== '' && told.split('\n').some(matches);
    },
    droppedItems: trace.droppedItems,
    blockedMs: trace.blockedMs,
    hasControl: (actions) =>
      trace.controlActions?.some((action) => actions === undefined || actions.includes(action)),
    nowSeconds: undefined,
  };
}

const STATUS_RANK = { UNSET: 0, OK: 1, ERROR: 2 } as const;
