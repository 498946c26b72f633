/**
 * Tail sampling as people configure it: the names and shapes of the Collector's tail sampling processor, and four
 * policies of Weir's own (`node`, `dropped`, `backpressure`, `control`). The order of policies does not matter: a
 * `drop` that matches wins, then any that samples.
 */
import { z } from 'zod';

/** The Collector's tail sampling policies, by its names and shapes, and four of Weir's own. */
const policyBase = { name: z.string().min(1).max(64) };
const statusCode = z.strictObject({
  ...policyBase,
  type: z.literal('status_code'),
  status_code: z.strictObject({ status_codes: z.array(z.enum(['ERROR', 'OK', 'UNSET'])).min(1) }),
});
const latency = z.strictObject({
  ...policyBase,
  type: z.literal('latency'),
  latency: z.strictObject({
    threshold_ms: z.number().min(0),
    upper_threshold_ms: z.number().min(0).optional(),
  }),
});
const probabilistic = z.strictObject({
  ...policyBase,
  type: z.literal('probabilistic'),
  probabilistic: z.strictObject({
    sampling_percentage: z.number().min(0).max(100),
    hash_salt: z.string().optional(),
  }),
});
const stringAttribute = z.strictObject({
  ...policyBase,
  type: z.literal('string_attribute'),
  string_attribute: z.strictObject({
    key: z.string().min(1),
    values: z.array(z.string()).min(1),
    enabled_regex_matching: z.boolean().optional(),
    invert_match: z.boolean().optional(),
  }),
});
const node = z.strictObject({
  ...policyBase,
  type: z.literal('node'),
  node: z.strictObject({ ids: z.array(z.string().min(1)).min(1) }),
});
/** What may stand below a `drop`: all of them have to match. */
const dropSubPolicySchema = z.discriminatedUnion('type', [
  statusCode,
  latency,
  probabilistic,
  stringAttribute,
  node,
]);

export const tailPolicySchema = z.discriminatedUnion('type', [
  z.strictObject({ ...policyBase, type: z.literal('always_sample') }),
  statusCode,
  latency,
  probabilistic,
  stringAttribute,
  z.strictObject({
    ...policyBase,
    type: z.literal('rate_limiting'),
    rate_limiting: z.strictObject({ spans_per_second: z.number().int().min(1) }),
  }),
  z.strictObject({
    ...policyBase,
    type: z.literal('drop'),
    drop: z.strictObject({ drop_sub_policy: z.array(dropSubPolicySchema).min(1) }),
  }),
  node,
  z.strictObject({
    ...policyBase,
    type: z.literal('dropped'),
    dropped: z.strictObject({ min_items: z.number().int().min(1).default(1) }).optional(),
  }),
  z.strictObject({
    ...policyBase,
    type: z.literal('backpressure'),
    backpressure: z.strictObject({ threshold_ms: z.number().min(0) }),
  }),
  z.strictObject({
    ...policyBase,
    type: z.literal('control'),
    control: z.strictObject({ actions: z.array(z.string()).optional() }).optional(),
  }),
]);
export type TailPolicy = z.infer<typeof tailPolicySchema>;

export const MAX_POLICIES = 32;

export const tailSamplingSchema = z.strictObject({
  policies: z
    .array(tailPolicySchema)
    .max(MAX_POLICIES)
    .refine(
      (policies) => new Set(policies.map((policy) => policy.name)).size === policies.length,
      'two policies have the same name',
    ),
  /** A trace that never completes is decided after this time. */
  maxWaitMs: z.number().int().min(100).max(600_000).default(30_000),
});
export type TailSamplingConfig = z.infer<typeof tailSamplingSchema>;

export const DEFAULT_TAIL_SAMPLING: TailSamplingConfig = {
  policies: [
    { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
    { name: 'slow', type: 'latency', latency: { threshold_ms: 1_000 } },
    { name: 'random 5 %', type: 'probabilistic', probabilistic: { sampling_percentage: 5 } },
  ],
  maxWaitMs: 30_000,
};
