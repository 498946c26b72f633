/** Makes the server's parts and joins them. The one place that knows them all. */

import type { TracingSettingsAnswer } from '@/lib/api/settings';
import { err, ok, type Result } from '@/lib/base/result';
import { createSystemClock } from '@/lib/base/system-clock';
import { epochNanos } from '@/lib/base/time';
import { createControlTrail } from '@/lib/metrics/control-trail';
import { createDecisionStore } from '@/lib/store/series/decision-store';
import { createSeriesStore } from '@/lib/store/series/series-store';
import { createAgents } from './agents/agents';
import { createOpampEndpoint } from './agents/opamp-endpoint';
import { createAnalysis } from './analysis/analysis';
import { healthAnswer } from './answers/health-answer';
import { tracingSettings } from './answers/steering-answers';
import { createEmptyStore } from './empty-parts';
import { createEngineDirectory } from './engines/directory';
import { createMembership } from './engines/membership';
import type { Hub } from './hub';
import { startAgentListener } from './ingest/agent-listener';
import { createOtlpEndpoint } from './ingest/otlp-endpoint';
import { createPressure } from './ingest/pressure';
import { createRequestLedger } from './ingest/request-ledger';
import { createRateMeter } from './rate-meter';
import type { ServerConfig } from './server-config';
import { createSteering } from './steering/steering';
import { mergedTrail } from './steering/trail';
import { createStreamHub, TICK_MS } from './stream/stream-hub';

/** Bytes of requests that were let in and are not stored yet. */
const BYTES_IN_FLIGHT = 128 * 1024 * 1024;
/** Refused within this time: overloaded. */
const OVERLOAD_MS = 5_000;
const HOUR_NANOS = 3_600_000_000_000n;

export async function startServer(config: ServerConfig): Promise<Result<Hub, string>> {
  const clock = createSystemClock();
  const nowMs = () => clock.nowNs() / 1e6;
  const unixNanoAt = (ms: number) => clock.epoch + BigInt(Math.round(ms * 1e6));
  const nowUnixNano = () => unixNanoAt(nowMs());
  const startedAt = epochNanos(nowUnixNano());
  let stopping = false;

  const membership = createMembership();
  const store = createEmptyStore(config.storeBudgetBytes);
  const series = createSeriesStore({ budgetBytes: config.seriesBudgetBytes, clock });
  const trail = createControlTrail();
  const decisions = createDecisionStore();
  const analysis = createAnalysis({
    series,
    membership,
    trail,
    decisions,
    isHeld: async (traceId) => (await store.traceState(traceId)) === 'held',
    nowMs,
    nowUnixNano,
    spansPerSec: () => spanRate.perSecond(),
  });
  const steering = createSteering({
    nowMs,
    nowUnixNano,
    onWish: (engine) => agents.pushTo(engine),
  });
  const agents = createAgents({ nowMs, membership, steering });
  const directory = createEngineDirectory({ nowMs, unixNanoAt, membership, agents, steering, analysis });
  const requests = createRequestLedger();
  const otlp = createOtlpEndpoint(store, createPressure(BYTES_IN_FLIGHT), requests, nowMs);
  const listener = await startAgentListener(
    { host: config.host, port: config.otlpPort },
    otlp,
    createOpampEndpoint(agents),
  );
  if (!listener.ok) return err(listener.error);

  const stream = createStreamHub(startedAt.toString(36).slice(-12), {
    store,
    revision: () => analysis.revision,
    topology: (scope) =>
      analysis.topology({ ...scope, engine: directory.resolve(scope.engine), atUnixNano: null }),
    controlActions: (engine, limit) => {
      const to = nowUnixNano();
      const ask = { engine: directory.resolve(engine), fromUnixNano: to - HOUR_NANOS, toUnixNano: to, limit };
      return mergedTrail({ analysis, steering }, engine === null ? { ...ask, engine: null } : ask).actions;
    },
    settings: () => ({ engines: directory.list(), tracing: allSettings() }),
    health: () => healthAnswer(hub),
  });
  const allSettings = (): TracingSettingsAnswer[] =>
    [...membership.members.keys()].map((engine) => tracingSettings(hub, engine));

  const spanRate = createRateMeter();
  const tick = setInterval(() => {
    spanRate.note(nowMs(), store.ledger().spans.received);
    agents.expire();
    steering.expire();
    stream.tick(nowMs());
  }, TICK_MS);

  const hub: Hub = {
    config,
    clock,
    startedAt,
    store,
    analysis,
    directory,
    steering,
    requests,
    stream,
    agentPort: listener.value.port,
    get isStopping() {
      return stopping;
    },
    get isOverloaded() {
      return nowMs() - requests.lastRefusedMs < OVERLOAD_MS;
    },
    now: nowUnixNano,
    async close() {
      if (stopping) return;
      stopping = true;
      clearInterval(tick);
      stream.close();
      await listener.value.close();
    },
  };
  return ok(hub);
}
