/** Tail policies as the editor handles them: a fresh one of each type, what it says in words, and whether it is complete. */

import { assertUnreachable } from '@/lib/base/assert';
import { type TailPolicy, tailPolicySchema } from '@/lib/sampling/config';

export type PolicyType = TailPolicy['type'];

export const POLICY_TYPES: readonly {
  readonly type: PolicyType;
  readonly title: string;
  readonly says: string;
}[] = [
  { type: 'status_code', title: 'Status', says: 'a span ended with this status' },
  { type: 'latency', title: 'Latency', says: 'the whole trace took this long' },
  { type: 'probabilistic', title: 'Random share', says: 'a share of all traces, by trace id' },
  { type: 'node', title: 'Node', says: 'the batch went through one of these nodes' },
  { type: 'string_attribute', title: 'Attribute', says: 'a span carries one of these values' },
  { type: 'dropped', title: 'Dropped items', says: 'items of the batch were dropped' },
  { type: 'backpressure', title: 'Back pressure', says: 'a send was blocked this long' },
  { type: 'control', title: 'Control action', says: 'a control action hit the batch' },
  { type: 'rate_limiting', title: 'Rate limit', says: 'at most so many spans a second' },
  { type: 'always_sample', title: 'Everything', says: 'every trace' },
  { type: 'drop', title: 'Drop', says: 'never as a seed, whatever else votes' },
];

export function freshPolicy(type: PolicyType, taken: readonly string[]): TailPolicy {
  const name = freeName(type.replaceAll('_', ' '), taken);
  switch (type) {
    case 'always_sample':
    case 'dropped':
    case 'control':
      return { name, type };
    case 'status_code':
      return { name, type, status_code: { status_codes: ['ERROR'] } };
    case 'latency':
      return { name, type, latency: { threshold_ms: 1_000 } };
    case 'probabilistic':
      return { name, type, probabilistic: { sampling_percentage: 5 } };
    case 'string_attribute':
      return { name, type, string_attribute: { key: '', values: [] } };
    case 'rate_limiting':
      return { name, type, rate_limiting: { spans_per_second: 100 } };
    case 'node':
      return { name, type, node: { ids: [] } };
    case 'backpressure':
      return { name, type, backpressure: { threshold_ms: 100 } };
    case 'drop':
      return {
        name,
        type,
        drop: {
          drop_sub_policy: [
            { name: `${name} when`, type: 'latency', latency: { threshold_ms: 0, upper_threshold_ms: 1 } },
          ],
        },
      };
    default:
      return assertUnreachable(type);
  }
}

function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.includes(`${wanted} ${n}`)) return `${wanted} ${n}`;
}

/** What is wrong with it, in the schema's own words; null where it can be sent. */
export function policyProblem(policy: TailPolicy): string | null {
  const parsed = tailPolicySchema.safeParse(policy);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  return issue ? `${issue.path.slice(1).join('.') || 'policy'}: ${issue.message}` : 'incomplete';
}

/** Keys for a list whose items have no identity but their type and place: `latency 0`, `latency 1`. */
export function placeKeys(types: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return types.map((type) => {
    const place = seen.get(type) ?? 0;
    seen.set(type, place + 1);
    return `${type} ${place}`;
  });
}
