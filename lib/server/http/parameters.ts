/** Query parameters as schemas. An empty one is one that was not given. */
import { z } from 'zod';
import { METRIC_QUERIES } from '@/lib/api/metrics';
import { WINDOWS } from '@/lib/model/stats-window';

const blankToAbsent = (value: unknown) => (value === '' ? undefined : value);

export const optionalText = z.preprocess(blankToAbsent, z.string().max(512).optional());
export const optionalNanos = z.preprocess(
  blankToAbsent,
  z
    .string()
    .regex(/^\d{1,20}$/, 'has to be decimal Unix nanoseconds')
    .transform((text) => BigInt(text))
    .optional(),
);
export const optionalMs = z.preprocess(
  blankToAbsent,
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'has to be a number of milliseconds')
    .transform(Number)
    .optional(),
);
export const optionalWindow = z.preprocess(blankToAbsent, z.enum(WINDOWS).default('1m'));
/** Given several times or separated by commas. */
export const optionalList = z.preprocess((value) => {
  const parts = (Array.isArray(value) ? value : [value]).flatMap((part) =>
    typeof part === 'string' ? part.split(',') : [],
  );
  const given = parts.filter((part) => part !== '');
  return given.length > 0 ? given : undefined;
}, z.array(z.string().max(256)).max(64).optional());
export const countParameter = (fallback: number, largest: number) =>
  z.preprocess(
    blankToAbsent,
    z
      .string()
      .regex(/^\d{1,9}$/, 'has to be a whole number')
      .transform(Number)
      .pipe(z.number().max(largest))
      .optional()
      .transform((value) => value ?? fallback),
  );

export const engineQuery = z.object({ engine: optionalText });
const windowQuery = z.object({ engine: optionalText, pipeline: optionalText, window: optionalWindow });
/** `traces`: rows of the newest ones that an event brings. */
export const streamQuery = windowQuery.extend({ traces: countParameter(200, 200) });
export const topologyQuery = windowQuery.extend({ at: optionalNanos });
export const rangeQuery = z.object({
  engine: optionalText,
  from: optionalNanos,
  to: optionalNanos,
  limit: countParameter(500, 5_000),
});
export const tuningQuery = z.object({
  engine: optionalText,
  window: z.preprocess(blankToAbsent, z.enum(WINDOWS).default('15m')),
  from: optionalNanos,
  to: optionalNanos,
  at: optionalNanos,
});
export const coverageQuery = z.object({
  from: optionalNanos,
  to: optionalNanos,
  buckets: countParameter(120, 1_000),
});
export const metricsQuery = z.object({
  engine: optionalText,
  metric: z.enum(METRIC_QUERIES),
  node: optionalText,
  channel: optionalText,
  path: optionalText,
  from: optionalNanos,
  to: optionalNanos,
  stepMs: optionalMs,
});
export const tracesQuery = z.object({
  engine: optionalText,
  node: optionalList,
  signal: optionalList,
  status: z.preprocess(blankToAbsent, z.enum(['ok', 'error']).optional()),
  minDurationMs: optionalMs,
  maxDurationMs: optionalMs,
  from: optionalNanos,
  to: optionalNanos,
  q: optionalText,
  policy: optionalText,
  control: optionalText,
  limit: countParameter(100, 1_000),
  cursor: optionalText,
  sort: z.preprocess(blankToAbsent, z.enum(['start', '-start', 'duration', '-duration']).default('-start')),
});
/** Spans told in full; all other figures are of all of them. */
export const traceQuery = z.object({
  limit: countParameter(2_000, 2_000),
  /** `later` leaves the control lane of a large trace out. */
  control: z.enum(['now', 'later']).default('now'),
});
export const traceIdParameter = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, 'a trace id is 32 hex digits')
  .transform((text) => text.toLowerCase());
export const spanIdParameter = z
  .string()
  .regex(/^[0-9a-fA-F]{16}$/, 'a span id is 16 hex digits')
  .transform((text) => text.toLowerCase());
