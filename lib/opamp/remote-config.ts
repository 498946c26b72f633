/**
 * `weir.json`: the whole desired state of an engine, carried as OpAMP remote configuration. Its hash is SHA-256 over
 * the bytes sent. `actions` are acts, each carried until its outcome has been reported; everything else stays true.
 */
import { z } from 'zod';
import { DEFAULT_TAIL_SAMPLING, tailSamplingSchema } from '@/lib/sampling/config';
import { OPERATOR_ACTIONS } from '@/lib/semconv/control';
import { TRACING_MODES } from '@/lib/semconv/signals';

export const REMOTE_CONFIG_FILE = 'weir.json';
export const REMOTE_CONFIG_TYPE = 'application/json';

const share = z.number().min(0).max(1);

export const faultsSchema = z.strictObject({
  latencyMs: z.number().min(0).max(600_000).optional(),
  jitterMs: z.number().min(0).max(600_000).optional(),
  errorRate: share.optional(),
  errorMessage: z.string().max(500).optional(),
  permanent: z.boolean().optional(),
  dropRate: share.optional(),
  stall: z.boolean().optional(),
});
export type Faults = z.infer<typeof faultsSchema>;

export const concurrencySchema = z.number().int().min(1).max(1_024);
export const capacitySchema = z.number().int().min(1).max(65_536);
export const NODE_STATES = ['running', 'drained', 'stopped'] as const;

export const desiredNodeSchema = z.strictObject({
  config: z.record(z.string(), z.unknown()).optional(),
  concurrency: concurrencySchema.optional(),
  faults: faultsSchema.optional(),
  state: z.enum(NODE_STATES).optional(),
});
export type DesiredNode = z.infer<typeof desiredNodeSchema>;

export const actSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** A node id, a channel id or `pipeline`. */
  target: z.string().min(1).max(256),
  action: z.enum(OPERATOR_ACTIONS),
  deadlineMs: z.number().int().min(0).max(600_000).optional(),
  issuedAtUnixNano: z.string().regex(/^\d{1,20}$/),
});
export type Act = z.infer<typeof actSchema>;

export const MAX_PENDING_ACTS = 256;

export const desiredStateSchema = z.strictObject({
  revision: z.number().int().min(0),
  tracing: z.strictObject({ mode: z.enum(TRACING_MODES), tailSampling: tailSamplingSchema }),
  nodes: z.record(z.string(), desiredNodeSchema).default({}),
  channels: z.record(z.string(), z.strictObject({ capacity: capacitySchema.optional() })).default({}),
  actions: z.array(actSchema).max(MAX_PENDING_ACTS).default([]),
});
export type DesiredState = z.infer<typeof desiredStateSchema>;

export const INITIAL_DESIRED_STATE: DesiredState = {
  revision: 0,
  tracing: { mode: 'tail', tailSampling: DEFAULT_TAIL_SAMPLING },
  nodes: {},
  channels: {},
  actions: [],
};
