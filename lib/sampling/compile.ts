/**
 * Policies made ready to be asked often: one vote a policy, and of the votes one decision. A `drop` that matches wins,
 * then any that samples; the order of policies does not matter.
 */
import { assertUnreachable } from '@/lib/base/assert';
import type { TailPolicy, TailSamplingConfig } from './config';
import { DEFAULT_HASH_SALT, hashSeed } from './trace-hash';
import type { TraceView } from './trace-view';
import { DROPPED, NOT_SAMPLED, SAMPLED, UNKNOWN, type Vote } from './votes';

export const VOTE_NAMES = ['not_sampled', 'sampled', 'dropped', 'unknown'] as const;
export type VoteName = (typeof VOTE_NAMES)[number];

export interface CompiledPolicy {
  readonly name: string;
  readonly type: TailPolicy['type'];
  vote(trace: TraceView): Vote;
}

/** Reused from trace to trace; the votes are those of the latest. */
export interface CompiledPolicies {
  readonly policies: readonly CompiledPolicy[];
  readonly votes: Uint8Array;
  /** Attributes that policies name: these belong into a decision that is told. */
  readonly attributeKeys: readonly string[];
  /** Index of the policy that keeps the trace, −1 where none does or one drops it. Fills `votes`. */
  decide(trace: TraceView): number;
}

export function compilePolicies(config: TailSamplingConfig): CompiledPolicies {
  const policies = config.policies.map(compile);
  const votes = new Uint8Array(policies.length);
  const attributeKeys = [...new Set(config.policies.flatMap(namedAttributes))];
  return {
    policies,
    votes,
    attributeKeys,
    decide(trace) {
      let by = -1;
      let dropped = false;
      for (let i = 0; i < policies.length; i++) {
        const vote = (policies[i] as CompiledPolicy).vote(trace);
        votes[i] = vote;
        if (vote === SAMPLED) by = by < 0 ? i : by;
        else if (vote === DROPPED) dropped = true;
      }
      return dropped ? -1 : by;
    },
  };
}

function namedAttributes(policy: TailPolicy): string[] {
  if (policy.type === 'string_attribute') return [policy.string_attribute.key];
  return policy.type === 'drop' ? policy.drop.drop_sub_policy.flatMap(namedAttributes) : [];
}

function compile(policy: TailPolicy): CompiledPolicy {
  return { name: policy.name, type: policy.type, vote: voter(policy) };
}

function asVote(matches: boolean | undefined): Vote {
  return matches === undefined ? UNKNOWN : matches ? SAMPLED : NOT_SAMPLED;
}

function voter(policy: TailPolicy): (trace: TraceView) => Vote {
  switch (policy.type) {
    case 'always_sample':
      return () => SAMPLED;
    case 'status_code':
      return statusVoter(policy.status_code.status_codes);
    case 'latency':
      return latencyVoter(policy.latency.threshold_ms, policy.latency.upper_threshold_ms);
    case 'probabilistic':
      return probabilisticVoter(policy.probabilistic.sampling_percentage, policy.probabilistic.hash_salt);
    case 'string_attribute':
      return attributeVoter(policy.string_attribute);
    case 'rate_limiting':
      return rateVoter(policy.rate_limiting.spans_per_second);
    case 'drop':
      return dropVoter(policy.drop.drop_sub_policy.map(voter));
    case 'node':
      return nodeVoter(policy.node.ids);
    case 'dropped':
      return droppedVoter(policy.dropped?.min_items ?? 1);
    case 'backpressure':
      return backpressureVoter(policy.backpressure.threshold_ms);
    case 'control': {
      const actions = policy.control?.actions;
      return (trace) => asVote(trace.hasControl(actions));
    }
    default:
      return assertUnreachable(policy);
  }
}

/** Some span has one of the statuses. An unknown one decides nothing while a known one matches. */
function statusVoter(statuses: readonly ('ERROR' | 'OK' | 'UNSET')[]): (trace: TraceView) => Vote {
  return (trace) => {
    let unknown = false;
    for (let i = 0; i < statuses.length; i++) {
      const has = trace.hasStatus(statuses[i] as 'ERROR' | 'OK' | 'UNSET');
      if (has === true) return SAMPLED;
      if (has === undefined) unknown = true;
    }
    return unknown ? UNKNOWN : NOT_SAMPLED;
  };
}

/** At least the threshold; between two thresholds the lower is exclusive and the upper inclusive, as in the Collector. */
function latencyVoter(threshold: number, upper: number | undefined): (trace: TraceView) => Vote {
  if (upper === undefined || upper === 0) {
    return (trace) => (trace.durationMs >= threshold ? SAMPLED : NOT_SAMPLED);
  }
  return (trace) => (trace.durationMs > threshold && trace.durationMs <= upper ? SAMPLED : NOT_SAMPLED);
}

function probabilisticVoter(percentage: number, salt: string | undefined): (trace: TraceView) => Vote {
  const seed = hashSeed(salt || DEFAULT_HASH_SALT);
  const share = percentage / 100;
  return (trace) => (trace.drawn(seed, share) ? SAMPLED : NOT_SAMPLED);
}

function attributeVoter(config: {
  readonly key: string;
  readonly values: readonly string[];
  readonly enabled_regex_matching?: boolean | undefined;
  readonly invert_match?: boolean | undefined;
}): (trace: TraceView) => Vote {
  const { key, values, enabled_regex_matching: regex, invert_match: invert } = config;
  const patterns = regex ? values.flatMap((value) => toPattern(value)) : [];
  const matches = regex
    ? (value: string) => patterns.some((pattern) => pattern.test(value))
    : (value: string) => values.includes(value);
  return (trace) => {
    const found = trace.hasAttribute(key, matches);
    return asVote(found === undefined ? undefined : found !== (invert ?? false));
  };
}

/** A pattern that does not compile matches nothing. */
function toPattern(source: string): RegExp[] {
  try {
    return [new RegExp(source)];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Spans of sampled traces within each second of the clock; what would go past the limit is not sampled. */
function rateVoter(perSecond: number): (trace: TraceView) => Vote {
  const window = new Float64Array([-1, 0]);
  return (trace) => {
    if (trace.nowSeconds === undefined) return UNKNOWN;
    const second = Math.floor(trace.nowSeconds);
    if (window[0] !== second) {
      window[0] = second;
      window[1] = 0;
    }
    const after = (window[1] as number) + trace.spanCount;
    if (after > perSecond) return NOT_SAMPLED;
    window[1] = after;
    return SAMPLED;
  };
}

function dropVoter(parts: readonly ((trace: TraceView) => Vote)[]): (trace: TraceView) => Vote {
  return (trace) => {
    let unknown = false;
    for (let i = 0; i < parts.length; i++) {
      const vote = (parts[i] as (trace: TraceView) => Vote)(trace);
      if (vote === NOT_SAMPLED) return NOT_SAMPLED;
      if (vote === UNKNOWN) unknown = true;
    }
    return unknown ? UNKNOWN : DROPPED;
  };
}

function nodeVoter(ids: readonly string[]): (trace: TraceView) => Vote {
  return (trace) => {
    for (let i = 0; i < ids.length; i++) if (trace.hasNode(ids[i] as string)) return SAMPLED;
    return NOT_SAMPLED;
  };
}

function droppedVoter(minItems: number): (trace: TraceView) => Vote {
  return (trace) =>
    asVote(trace.droppedItems === undefined ? undefined : trace.droppedItems >= Math.max(1, minItems));
}

function backpressureVoter(thresholdMs: number): (trace: TraceView) => Vote {
  return (trace) => {
    const blocked = trace.blockedMs;
    return asVote(blocked === undefined ? undefined : blocked > 0 && blocked >= thresholdMs);
  };
}
