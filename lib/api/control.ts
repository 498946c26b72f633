/** `/api/v1/control/actions`: the audit trail of the control plane, and what an operator may order. */
import { z } from 'zod';
import { capacitySchema, concurrencySchema, faultsSchema } from '@/lib/opamp/remote-config';
import { OPERATOR_ACTIONS } from '@/lib/semconv/control';

export const controlRequestSchema = z.strictObject({
  engine: z.string().min(1),
  target: z.string().min(1).max(256),
  action: z.enum(OPERATOR_ACTIONS),
  config: z.record(z.string(), z.unknown()).optional(),
  concurrency: concurrencySchema.optional(),
  faults: faultsSchema.optional(),
  capacity: capacitySchema.optional(),
  deadlineMs: z.number().int().min(0).max(600_000).optional(),
  /** Of an engine that takes its whole configuration: the hash of what the change was made for. `config` is a merge patch there. */
  base: z.string().max(128).optional(),
});
export type ControlRequest = z.infer<typeof controlRequestSchema>;

/** `PUT /api/v1/engines/{id}/config`: a JSON Merge Patch onto what the engine reported, whose hash is `base`. */
export const configPatchSchema = z.strictObject({
  base: z.string().min(1).max(128),
  patch: z.record(z.string(), z.unknown()),
});
export type ConfigPatch = z.infer<typeof configPatchSchema>;

export interface ControlActionRow {
  /** `control.id`. */
  readonly id: string;
  readonly engine: string;
  readonly timeUnixNano: string;
  readonly action: string;
  readonly target: string;
  readonly origin: string;
  readonly revision: number | null;
  /** `pending` until the engine has reported. */
  readonly outcome:
    | 'pending'
    | 'applied'
    | 'failed'
    | 'coalesced'
    | 'replaced'
    | 'dropped_during_drain'
    | 'forced';
  readonly message: string;
  readonly tookMs: number | null;
  readonly affected: number | null;
  /** Its span, where the mode made one. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  /** What was asked for, as a one-line summary: `config.delayMs 5 → 80`. */
  readonly summary: string;
  readonly undoable: boolean;
  /** Null until 30 s have passed after it. */
  readonly after: ChangeAfter | null;
}

export interface ChangeAfter {
  readonly verdict: 'changed' | 'unchanged' | 'cannot_tell';
  /** Why it cannot be told. */
  readonly why: string | null;
  readonly measures: readonly {
    readonly measure: 'throughput' | 'p99' | 'utilization';
    readonly before: number | null;
    readonly after: number | null;
    readonly noise: number | null;
    readonly changed: boolean | null;
  }[];
}

export interface ControlActionsAnswer {
  readonly actions: readonly ControlActionRow[];
  readonly total: number;
  readonly truncated: boolean;
  /** Acks, nacks and ticks by action and outcome, which are counted and not listed. */
  readonly folded: readonly { readonly action: string; readonly outcome: string; readonly count: number }[];
}
