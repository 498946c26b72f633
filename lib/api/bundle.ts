/**
 * The incident bundle: `GET /api/v1/bundle?from=&to=&engine=` is a gzipped file of JSON lines, and
 * `npm run replay -- <file>` opens it again.
 *
 *   {"weirBundle": …}                  what it is of
 *   {"weirRecords": {engine, …}} …     figures, maps, findings, actions and decisions of one engine, as many as there are
 *   {"resourceSpans": …} …             the traces, as OTLP JSON: any tool that reads OTLP JSON lines reads these
 *   {"resourceLogs": …} …              the log records, as OTLP JSON
 *   {"weirBundleEnd": …}               what could not be put in
 *
 * Every moment is under a name that ends in `UnixNano`, or an offset in seconds from one, so that all can be moved
 * together. `POST /api/v1/bundle` takes one `weirRecords`.
 */
import { z } from 'zod';
import { NODE_KINDS } from '@/lib/semconv/signals';
import { FINDING_KINDS } from './topology';

export const BUNDLE_VERSION = 1;

const nanos = z.string().regex(/^\d{1,20}$/);
const text = z.string().max(65_536);
const id = z.string().max(1_024);
const row = z.array(z.number().nullable()).max(70_000);
const attributes = z.record(id, id);

const entity = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('engine') }),
  z.object({ kind: z.literal('node'), node: id }),
  z.object({ kind: z.literal('channel'), channel: id, node: id }),
  z.object({ kind: z.literal('edge'), from: id, port: id, channel: id }),
  z.object({ kind: z.literal('path'), path: text }),
  z.object({ kind: z.literal('control'), action: id, node: id }),
]);

const series = z.object({
  entity,
  measure: id,
  attributes,
  kind: z.enum(['counter', 'gauge', 'histogram']),
  rows: z.array(row).max(5_000),
  old: z.array(row).max(5_000).optional(),
  known: z.array(z.number()).max(3).optional(),
});

const seriesHead = z.object({
  interval: z.number().positive(),
  source: z.enum(['metrics', 'spans']),
  told: z.array(id).max(200),
  toldOfAll: z.array(id).max(200),
  coverage: z.array(z.object({ group: id, stretches: z.array(z.array(z.number())).max(5_000) })).max(20),
});

const map = z.object({
  sinceUnixNano: nanos,
  nodes: z.array(
    z.object({
      id,
      component: id,
      pipeline: id.nullable(),
      kind: z.enum(NODE_KINDS),
      type: id,
      stateful: z.boolean(),
      ports: z.array(id),
      concurrency: z.number().nullable(),
      state: id.nullable(),
      config: z.unknown(),
      configSchema: z.unknown(),
      faults: z.unknown(),
    }),
  ),
  edges: z.array(
    z.object({
      id,
      from: id,
      port: id,
      to: id,
      channel: id,
      provenance: z.enum(['declared', 'observed', 'inferred']),
      capacity: z.number().nullable(),
    }),
  ),
  pipelines: z.array(id),
});

const finding = z.object({
  id: text,
  kind: z.enum(FINDING_KINDS),
  node: id.optional(),
  edge: text.optional(),
  title: text,
  sinceUnixNano: nanos,
  untilUnixNano: nanos,
  confidence: z.number().nullable(),
  /** In links a moment is `@` and nanoseconds after the origin. */
  evidence: z.array(z.object({ text, value: z.number().nullable(), unit: id, link: text.nullable() })),
  advice: text.optional(),
});

const action = z.object({
  timeUnixNano: nanos,
  id,
  action: id,
  target: id,
  origin: id,
  revision: z.number().nullable(),
  outcome: id,
  message: text,
  durationMs: z.number().nullable(),
  affectedCount: z.number().nullable(),
  traceId: id,
  spanId: id,
});

const decision = z.object({
  timeUnixNano: nanos,
  traceId: id,
  kept: z.boolean(),
  by: id,
  votes: attributes,
  status: id,
  durationMs: z.number(),
  nodes: z.array(id),
  spanCount: z.number(),
  attributes,
  droppedItems: z.number().optional(),
  blockedMs: z.number().optional(),
  controlActions: z.array(id).optional(),
});

const identity = z.object({ service: id, instance: id, version: id, host: id, pod: id, pipeline: id });

export const bundleRecordsSchema = z.object({
  weirRecords: z.object({
    engine: identity,
    dialect: z.enum(['weir', 'otap', 'collector', 'spans']),
    /** What offsets count from. */
    originUnixNano: nanos,
    /** End of the window. */
    endUnixNano: nanos,
    seriesHead: seriesHead.optional(),
    series: z.array(series).optional(),
    maps: z.array(map).optional(),
    findings: z.array(finding).optional(),
    actions: z.array(action).optional(),
    decisions: z.array(decision).optional(),
  }),
});
export type BundleRecords = z.infer<typeof bundleRecordsSchema>['weirRecords'];
export type BundleFinding = z.infer<typeof finding>;
export type BundleMap = z.infer<typeof map>;

export interface BundleHeader {
  readonly version: typeof BUNDLE_VERSION;
  readonly fromUnixNano: string;
  readonly toUnixNano: string;
  readonly madeUnixNano: string;
  readonly weirVersion: string;
  readonly engines: readonly string[];
}

export interface BundleEnd {
  readonly traces: number;
  readonly spans: number;
  readonly series: number;
  /** Traces of the window that are not in it: too many, or gone while it was written. */
  readonly left: number;
  readonly logRecords: number;
  /** Log records of the window that are not in it: too many. */
  readonly logRecordsLeft: number;
}

/** What putting records back did. */
export interface BundleAnswer {
  readonly engine: string;
  readonly series: number;
  /** No room, or there already. */
  readonly refused: number;
}
