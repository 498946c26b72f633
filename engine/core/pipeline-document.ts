/** The shape of a pipeline file, before its nodes are looked at. */
import { z } from 'zod';
import { capacitySchema, concurrencySchema, faultsSchema } from '@/lib/opamp/remote-config';
import {
  DEFAULT_CONTROL_CAPACITY,
  DEFAULT_DELAYED_AFTER_MS,
  DEFAULT_PDATA_CAPACITY,
} from './pipeline-config';

/** Ids stand in span names, channel ids and `a:port`, so they hold none of the separators. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, 'an id is letters, digits, "_", "." and "-", at most 100');

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** `1s`, `500ms`, or a number of milliseconds. */
const durationMsSchema = z.union([
  z.number().min(0).max(3_600_000),
  z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration is written like 500ms, 2s or 1m')
    .transform((text) => {
      const unit = /[a-z]+$/.exec(text)?.[0] ?? 'ms';
      return Number.parseFloat(text) * (DURATION_UNITS[unit] ?? 1);
    }),
]);

export const nodeSchema = z.strictObject({
  type: z.string(),
  config: z.record(z.string(), z.unknown()).nullish(),
  concurrency: concurrencySchema.default(1),
  faults: faultsSchema.default({}),
  /** Of its input channel, where it is not the policy's. */
  capacity: capacitySchema.optional(),
});

export const connectionSchema = z.strictObject({ from: z.string().min(1), to: z.string().min(1) });

const channelsSchema = z.strictObject({
  pdata: z.strictObject({ capacity: capacitySchema.default(DEFAULT_PDATA_CAPACITY) }).prefault({}),
  control: z.strictObject({ capacity: capacitySchema.default(DEFAULT_CONTROL_CAPACITY) }).prefault({}),
});

/** Everything but `nodes` and `connections`, which are read one by one so that each problem is told. */
export const headSchema = z.strictObject({
  pipeline: z.strictObject({ id: idSchema }).prefault({ id: 'main' }),
  policies: z
    .strictObject({
      channels: channelsSchema.prefault({}),
      delayed_after: durationMsSchema.default(DEFAULT_DELAYED_AFTER_MS),
    })
    .prefault({}),
});
export type PipelineHead = z.infer<typeof headSchema>;
