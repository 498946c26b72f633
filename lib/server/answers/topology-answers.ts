/** Answers about the map, its findings and its figures. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { MetricsAnswer } from '@/lib/api/metrics';
import type { Finding, TopologyAnswer } from '@/lib/api/topology';
import { ok } from '@/lib/base/result';
import { NANOS_PER_MS } from '@/lib/base/time';
import type { EngineId } from '@/lib/model/engine';
import { type Answer, refused } from '../http/answer';
import type { metricsQuery, rangeQuery, topologyQuery } from '../http/parameters';
import type { Hub } from '../hub';

const LAYOUT_PATIENCE_MS = 1_500;
const MAX_STEPS = 2_000;
const DEFAULT_RANGE_MS = 5 * 60_000;
const HOUR_NANOS = 3_600_000_000_000n;
/** Points of a chart where the question does not say how far apart. */
const DEFAULT_STEPS = 240;

export interface FindingsAnswer {
  readonly findings: readonly Finding[];
  readonly total: number;
  readonly truncated: boolean;
}

/** Without an engine the first that reports; an engine that nobody knows is refused. */
export function engineOf(hub: Hub, engine: string | undefined): Answer<EngineId | null> {
  const id = hub.directory.resolve(engine ?? null);
  if (engine && id === null) return refused(404, 'not_found', `No engine ${engine} has reported.`);
  return ok(id);
}

/** Waits a little for the layout of a map that is new; past that it answers with provisional places, and says so. */
export async function topologyFor(
  hub: Hub,
  query: z.infer<typeof topologyQuery>,
): Promise<Answer<TopologyAnswer>> {
  const engine = engineOf(hub, query.engine);
  if (!engine.ok) return engine;
  const { pipeline, window } = query;
  const ask = {
    engine: engine.value,
    pipeline: pipeline ?? null,
    window,
    atUnixNano: query.at ?? null,
  };
  await Promise.race([hub.analysis.laidOut(ask), sleep(LAYOUT_PATIENCE_MS, undefined, { ref: false })]);
  return ok(hub.analysis.topology(ask));
}

export function findingsFor(hub: Hub, query: z.infer<typeof rangeQuery>): Answer<FindingsAnswer> {
  const engine = engineOf(hub, query.engine);
  if (!engine.ok) return engine;
  const to = query.to ?? hub.now();
  const all = engine.value ? hub.analysis.findings(engine.value, query.from ?? to - HOUR_NANOS, to) : [];
  return ok({ findings: all.slice(0, query.limit), total: all.length, truncated: all.length > query.limit });
}

export function metricsFor(hub: Hub, query: z.infer<typeof metricsQuery>): Answer<MetricsAnswer> {
  const engine = engineOf(hub, query.engine);
  if (!engine.ok) return engine;
  const to = query.to ?? hub.now();
  const from = query.from ?? to - BigInt(DEFAULT_RANGE_MS * NANOS_PER_MS);
  if (from >= to) return refused(400, 'bad_parameter', 'from: has to be before to');
  const lengthMs = Number(to - from) / NANOS_PER_MS;
  const stepMs = query.stepMs ?? Math.max(1_000, Math.ceil(lengthMs / DEFAULT_STEPS));
  if (stepMs < 1 || lengthMs / stepMs > MAX_STEPS) {
    return refused(400, 'bad_parameter', `stepMs: gives more than ${MAX_STEPS} steps for this range`);
  }
  return ok(
    hub.analysis.metrics({
      engine: engine.value,
      metric: query.metric,
      node: query.node ?? null,
      channel: query.channel ?? null,
      path: query.path ?? null,
      fromUnixNano: from,
      toUnixNano: to,
      stepMs,
    }),
  );
}
