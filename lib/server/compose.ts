/** Makes the server's parts and joins them. The one place that knows them all. */
import type { TracingSettingsAnswer } from '@/lib/api/settings';
import { err, ok, type Result } from '@/lib/base/result';
import { createSystemClock } from '@/lib/base/system-clock';
import { epochNanos } from '@/lib/base/time';
import { createControlTrail } from '@/lib/metrics/control-trail';
import { createSpanStore } from '@/lib/store/create-span-store';
import { createDecisionStore } from '@/lib/store/series/decision-store';
import { createSeriesStore } from '@/lib/store/series/series-store';
import { createAgents } from './agents/agents';
import { createOpampEndpoint } from './agents/opamp-endpoint';
import { createAnalysis } from './analysis/analysis';
import { createCitedTraces } from './analysis/cited-traces';
import { createEngineShelf } from './analysis/engine-shelf';
import { createSpanWatch } from './analysis/span-watch';
import { createTelemetryIntake } from './analysis/telemetry-intake';
import { createTraceTopology } from './analysis/trace-topology';
import { ROUND_MS, watchRound } from './analysis/watch-round';
import { healthAnswer } from './answers/health-answer';
import { tracingSettings } from './answers/steering-answers';
import { createEngineDirectory } from './engines/directory';
import { createMembership } from './engines/membership';
import type { Hub } from './hub';
import { startAgentListener } from './ingest/agent-listener';
import { createOtlpEndpoint } from './ingest/otlp-endpoint';
import { createPressure } from './ingest/pressure';
import { createRequestLedger } from './ingest/request-ledger';
import type { IngestPort } from './ports';
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

interface Times {
  nowMs(): number;
  /** Unix nanoseconds of a time of `nowMs`. */
  unixNanoAt(ms: number): bigint;
  nowUnixNano(): bigint;
}

export async function startServer(config: ServerConfig): Promise<Result<Hub, string>> {
  const clock = createSystemClock();
  const nowMs = () => clock.nowNs() / 1e6;
  const unixNanoAt = (ms: number) => clock.epoch + BigInt(Math.round(ms * 1e6));
  const times: Times = { nowMs, unixNanoAt, nowUnixNano: () => unixNanoAt(nowMs()) };
  const startedAt = epochNanos(times.nowUnixNano());
  let stopping = false;

  const parts = composeParts(config, clock, times);
  const { agents, analysis, directory, ingest, membership, steering, store } = parts;
  const requests = createRequestLedger();
  const listener = await startAgentListener(
    { host: config.host, port: config.otlpPort },
    createOtlpEndpoint(ingest, createPressure(BYTES_IN_FLIGHT), requests, nowMs),
    createOpampEndpoint(agents),
  );
  if (!listener.ok) return err(listener.error);

  const stream = createStreamHub(startedAt.toString(36).slice(-12), {
    store,
    revision: () => analysis.revision,
    topology: (scope) =>
      analysis.topology({ ...scope, engine: directory.resolve(scope.engine), atUnixNano: null }),
    controlActions(limit) {
      const to = times.nowUnixNano();
      const ask = { engine: null, fromUnixNano: to - HOUR_NANOS, toUnixNano: to, limit };
      return mergedTrail({ analysis, steering }, ask).actions;
    },
    settings: () => ({ engines: directory.list(), tracing: allSettings() }),
    health: () => healthAnswer(hub),
  });
  const allSettings = (): TracingSettingsAnswer[] =>
    [...membership.members.keys()].map((engine) => tracingSettings(hub, engine));

  const tick = setInterval(() => {
    agents.expire();
    steering.expire();
    stream.tick(nowMs());
  }, TICK_MS);
  const round = setInterval(() => parts.round(), ROUND_MS);

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
    now: times.nowUnixNano,
    async close() {
      if (stopping) return;
      stopping = true;
      clearInterval(tick);
      clearInterval(round);
      stream.close();
      await listener.value.close();
    },
  };
  return ok(hub);
}

/** Everything between the agent port and the answers. */
function composeParts(config: ServerConfig, clock: Hub['clock'], times: Times) {
  const { nowMs, unixNanoAt, nowUnixNano } = times;
  const membership = createMembership();
  const series = createSeriesStore({ budgetBytes: config.seriesBudgetBytes, clock });
  const shelf = createEngineShelf({ membership, series, nowUnixNano });
  const trail = createControlTrail();
  const decisions = createDecisionStore();
  const spanRate = createRateMeter();
  const steering = createSteering({ nowMs, nowUnixNano, onWish: (engine) => agents.pushTo(engine) });
  const agents = createAgents({
    nowMs,
    membership,
    steering,
    onConfig(engine, files, hash) {
      intake.onConfig(engine, files, hash);
      analysis.noteChange();
    },
  });

  const spanWatch = createSpanWatch(shelf.of, (engine) => membership.heard(engine, '', nowMs(), false));
  const intake = createTelemetryIntake({
    series,
    telemetryOf: shelf.of,
    nowUnixNano,
    heard: (engine, instance, regular) => membership.heard(engine, instance, nowMs(), regular),
    listeners: {
      onControl(engine, fact) {
        trail.add(engine, fact);
        steering.outcomeReported(engine, fact);
      },
      onDecision: (engine, fact) => decisions.add(engine, fact),
    },
  });
  const traceTopology = createTraceTopology({
    engines: shelf.all,
    resolve: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    onTraces: intake.onTraces,
    nowMs,
  });
  const store = createSpanStore({
    budgetBytes: config.storeBudgetBytes,
    clock,
    resolveEngine: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    onMetrics: intake.onMetrics,
    onLogs: intake.onLogs,
    observer: spanWatch,
  });
  const analysis = createAnalysis({
    shelf,
    series,
    membership,
    trail,
    decisions,
    isHeld: async (traceId) => (await store.traceState(traceId)) === 'held',
    nowMs,
    nowUnixNano,
    spansPerSec: () => spanRate.perSecond(),
  });
  const directory = createEngineDirectory({ nowMs, unixNanoAt, membership, agents, steering, analysis });
  const ingest: IngestPort = {
    append(signal, encoding, body) {
      spanWatch.nextRequest();
      const result = store.append(signal, encoding, body);
      if (signal === 'traces' && result.ok) traceTopology.look(encoding, body);
      if (signal !== 'traces') analysis.noteChange();
      return result;
    },
  };
  const cited = createCitedTraces(store);
  let pointsEvicted = 0;
  const round = () => {
    const { evictedPoints } = series.stats();
    store.notePointsEvicted(evictedPoints - pointsEvicted);
    pointsEvicted = evictedPoints;
    spanRate.note(nowMs(), store.ledger().spans.received);
    watchRound(
      shelf,
      series,
      nowUnixNano(),
      (engine, fromUnixNano, toUnixNano, limit) =>
        analysis.controlActions({ engine, fromUnixNano, toUnixNano, limit }).actions,
    );
    const to = nowUnixNano();
    const findings = [...membership.members.keys()].flatMap((engine) =>
      analysis.findings(engine, to - HOUR_NANOS, to).map((finding) => ({ engine, finding })),
    );
    cited.step(findings).catch((error: unknown) => console.error('weir: traces could not be cited:', error));
  };
  return { agents, analysis, directory, ingest, membership, round, steering, store };
}
