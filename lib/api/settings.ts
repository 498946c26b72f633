/** `/api/v1/settings/tracing`: what is wanted, and what other policies would have kept. */
import { z } from 'zod';
import { tailSamplingSchema } from '@/lib/sampling/config';
import { TRACING_MODES } from '@/lib/semconv/signals';

export const tracingSettingsSchema = z.strictObject({
  mode: z.enum(TRACING_MODES),
  tailSampling: tailSamplingSchema,
});
export type TracingSettings = z.infer<typeof tracingSettingsSchema>;

export interface TracingSettingsAnswer extends TracingSettings {
  readonly engine: string;
  readonly revision: number;
}

export const whatIfSchema = z.strictObject({ tailSampling: tailSamplingSchema });

export interface WhatIfAnswer {
  /** Decisions looked at: the newest, at most 2,000. */
  readonly decisions: number;
  readonly kept: number;
  /** What is kept now, of the same decisions. */
  readonly keptNow: number;
  readonly byPolicy: readonly { readonly policy: string; readonly kept: number }[];
  readonly examples: readonly WhatIfExample[];
  /** Policies that the stored decisions cannot judge, with the reason. */
  readonly cannotTell: readonly { readonly policy: string; readonly why: string }[];
}

export interface WhatIfExample {
  readonly traceId: string;
  readonly kept: boolean;
  readonly by: string;
  readonly durationMs: number;
  readonly status: string;
  readonly held: boolean;
}
