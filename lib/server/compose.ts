/** Makes the server's parts and joins them. The one place that knows them all. */
import type { TracingSettingsAnswer } from '@/lib/api/settings';
import type { Clock, Timer } from '@/lib/base/clock';
import { err, ok, type Result } from '@/lib/base/result';
import { createSystemClock } from '@/lib/base/system-clock';
import { epochNanos } from '@/lib/base/time';
import type { Endpoints } from '@/lib/dialects/connect-texts';
import { createControlTrail, MAX_ACTIONS } from '@/lib/metrics/control-trail';
import type { EngineId } from '@/lib/model/engine';
import { createSpanStore } from '@/lib/store/create-span-store';
import { createDecisionStore, MAX_DECISIONS } from '@/lib/store/series/decision-store';
import { createSeriesStore, MAX_SERIES } from '@/lib/store/series/series-store';
import type { IngestResult, TableFill } from '@/lib/store/span-store';
import { withDerivedRows } from '@/lib/traces/collector-store';
import { createTraceReader } from '@/lib/traces/trace-reader';
import type { AgentRecord } from './agents/agent-record';
import { createAgents } from './agents/agents';
import { createOpampEndpoint } from './agents/opamp-endpoint';
import { createAnalysis } from './analysis/analysis';
import { createCitedTraces } from './analysis/cited-traces';
import { createEngineShelf } from './analysis/engine-shelf';
import type { EngineTelemetry } from './analysis/engine-telemetry';
import { createFarewells } from './analysis/farewells';
import { createFirstLogs } from './analysis/first-logs';
import { createSpanWatch } from './analysis/span-watch';
import { createTelemetryIntake } from './analysis/telemetry-intake';
import { createTraceTopology } from './analysis/trace-topology';
import { ROUND_MS, watchRound } from './analysis/watch-round';
import { endpointsOf } from './answers/endpoints';
import { healthAnswer } from './answers/health-answer';
import { tracingSettings } from './answers/steering-answers';
import { createEngineDirectory } from './engines/directory';
import { createMembership, MAX_ENGINES } from './engines/membership';
import type { Hub } from './hub';
import { createIncident } from './incident/incident';
import { startAgentListener } from './ingest/agent-listener';
import { startGrpcListener } from './ingest/grpc-listener';
import { createOtlpEndpoint } from './ingest/otlp-endpoint';
import { createPressure, inFlightLimit } from './ingest/pressure';
import { createRequestLedger } from './ingest/request-ledger';
import { createLayoutThread, type LayoutThread } from './layout/layout-thread';
import type { IngestPort } from './ports';
import { createRateMeter } from './rate-meter';
import type { ServerConfig } from './server-config';
import { controlKind } from './steering/control-kind';
import { createSteering } from './steering/steering';
import { mergedTrail, settledFact } from './steering/trail';
import { createStreamHub, MAX_CONNECTIONS, TICK_MS } from './stream/stream-hub';
import { createTimings, type Timings } from './vitals/timings';
import { createVitals, INGEST } from './vitals/vitals';

/** Refused within this time: overloaded. */
const OVERLOAD_MS = 5_000;
const HOUR_NANOS = 3_600_000_000_000n;

interface Times {
  nowMs(): number;
  /** Unix nanoseconds of a time of `nowMs`. */
  unixNanoAt(ms: number): bigint;
  nowUnixNano(): bigint;
}

/** Clock and layout thread are the system's but in tests, which let an hour pass in a second. */
export async function startServer(
  config: ServerConfig,
  layoutThread: LayoutThread = createLayoutThread(),
  clock: Clock = createSystemClock(),
): Promise<Result<Hub, string>> {
  const nowMs = () => clock.nowNs() / 1e6;
  const unixNanoAt = (ms: number) => clock.epoch + BigInt(Math.round(ms * 1e6));
  const times: Times = { nowMs, unixNanoAt, nowUnixNano: () => unixNanoAt(nowMs()) };
  const startedAt = epochNanos(times.nowUnixNano());
  let stopping = false;

  const ingestTimings = createTimings(nowMs);
  let ports = { agent: config.otlpPort, grpc: config.grpcPort };
  const endpoints = () => endpointsOf(config.host, ports);
  const parts = composeParts(config, clock, times, layoutThread, ingestTimings, endpoints);
  const { agents, analysis, directory, incident, ingest, membership, steering, store } = parts;
  const requests = createRequestLedger();
  const pressure = createPressure(inFlightLimit(config));
  const listener = await startAgentListener(
    { host: config.host, port: config.otlpPort },
    createOtlpEndpoint(ingest, pressure, requests, nowMs),
    createOpampEndpoint(agents),
  );
  if (!listener.ok) return err(listener.error);
  const grpc = await startGrpcListener(
    { host: config.host, port: config.grpcPort },
    { ingest, pressure, requests, nowMs },
  );
  if (!grpc.ok) {
    await listener.value.close();
    return err(grpc.error);
  }

  ports = { agent: listener.value.port, grpc: grpc.value.port };

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

  const vitals = createVitals(
    {
      pressure,
      requests,
      viewers: () => ({ viewers: stream.connections, limit: MAX_CONNECTIONS, skipped: stream.skipped }),
      tables: () => [...store.tables(), ...parts.tables()],
      unsent: () => analysis.unsent(),
      nowMs,
    },
    ingestTimings,
  );

  const tick = repeat(clock, TICK_MS, () => {
    agents.expire();
    steering.expire();
    stream.tick(nowMs());
  });
  const round = repeat(clock, ROUND_MS, () => {
    parts.round();
    vitals.step();
  });

  const hub: Hub = {
    config,
    clock,
    startedAt,
    store,
    traces: createTraceReader(withDerivedRows(store)),
    analysis,
    directory,
    steering,
    requests,
    stream,
    incident,
    vitals,
    agentPort: listener.value.port,
    grpcPort: grpc.value.port,
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
      tick.cancel();
      round.cancel();
      vitals.stop();
      stream.close();
      await Promise.all([layoutThread.close(), listener.value.close(), grpc.value.close()]);
    },
  };
  return ok(hub);
}

/** Calls back every `everyMs` of the clock's time until it is cancelled. */
function repeat(clock: Clock, everyMs: number, callback: () => void): Timer {
  const next = (): Timer =>
    clock.setTimer(() => {
      timer = next();
      callback();
    }, everyMs);
  let timer = next();
  return { cancel: () => timer.cancel() };
}

/** Everything between the agent port and the answers. */
function composeParts(
  config: ServerConfig,
  clock: Hub['clock'],
  times: Times,
  layoutThread: LayoutThread,
  ingestTimings: Timings,
  endpoints: () => Endpoints,
) {
  const { nowMs, unixNanoAt, nowUnixNano } = times;
  const membership = createMembership();
  const series = createSeriesStore({ budgetBytes: config.seriesBudgetBytes, clock });
  const shelf = createEngineShelf({ membership, series, nowUnixNano });
  const trail = createControlTrail();
  const decisions = createDecisionStore();
  const spanRate = createRateMeter();
  const steering = createSteering({
    nowMs,
    nowUnixNano,
    onWish: (engine) => agents.pushTo(engine),
    onStateSettled(act) {
      trail.add(act.engine, settledFact(act, nowMs()));
      analysis.noteChange();
    },
  });
  const controlOf = (engine: EngineId, agent: AgentRecord | null) =>
    controlKind(agent, shelf.of(engine).dialect);
  const agents = createAgents({
    nowMs,
    membership,
    steering,
    controlOf,
    onConfig(engine, files, hash, problem) {
      intake.onConfig(engine, files, hash, problem);
      analysis.noteChange();
    },
  });

  const noteFirst = (engine: EngineId, signal: keyof EngineTelemetry['first']) => {
    const { first } = shelf.of(engine);
    first[signal] ??= nowUnixNano();
  };
  const spanWatch = createSpanWatch(shelf.of, (engine) => {
    membership.heard(engine, '', nowMs(), false);
    noteFirst(engine, 'traces');
  });
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
  const firstLogs = createFirstLogs({
    resolve: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    note: (engine) => noteFirst(engine, 'logs'),
    nowMs,
  });
  const farewells = createFarewells({
    resolve: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    left: (engine, instance) => membership.left(engine, instance, nowMs()),
  });
  const store = createSpanStore({
    budgetBytes: config.storeBudgetBytes,
    clock,
    resolveEngine: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    onMetrics(engine, resource, part) {
      noteFirst(engine, 'metrics');
      return intake.onMetrics(engine, resource, part);
    },
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
    endpoints,
    layOut: layoutThread.layOut,
  });
  const directory = createEngineDirectory({
    nowMs,
    unixNanoAt,
    membership,
    agents,
    steering,
    analysis,
    controlOf,
  });
  const ingest: IngestPort = {
    append(signal, encoding, body) {
      const began = performance.now();
      spanWatch.nextRequest();
      const stored = (result: IngestResult) => {
        if (signal === 'traces' && result.ok) traceTopology.look(encoding, body);
        if (signal === 'logs' && result.ok) {
          firstLogs.look(encoding, body);
          farewells.look(encoding, body);
        }
        if (signal !== 'traces') analysis.noteChange();
        return result;
      };
      const result = store.append(signal, encoding, body);
      ingestTimings.record(INGEST, performance.now() - began);
      return result instanceof Promise ? result.then(stored) : stored(result);
    },
  };
  const incident = createIncident({
    version: config.version,
    shelf,
    series,
    trail,
    decisions,
    store,
    identityOf: (engine) => membership.members.get(engine)?.identity ?? null,
    resolve: (identity) => membership.observeTelemetry(identity, nowMs(), false),
    configFiles: (engine) => agents.agentOf(engine)?.files ?? [],
    nowUnixNano,
  });
  const newest = (name: string, { size, evicted }: { size: number; evicted: number }, limit: number) => ({
    name,
    size,
    limit,
    overflow: evicted,
    oldestLeaves: true,
  });
  const tables = (): TableFill[] => {
    const { series: held, overflowPoints } = series.stats();
    return [
      { name: 'series', size: held, limit: MAX_SERIES, overflow: overflowPoints },
      { name: 'engines', size: membership.members.size, limit: MAX_ENGINES, overflow: membership.overflow },
      newest('control actions', trail, MAX_ACTIONS),
      newest('decisions to keep', decisions.kept, MAX_DECISIONS),
      newest('decisions to drop', decisions.others, MAX_DECISIONS),
    ];
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
    analysis.prepareMaps();
    const to = nowUnixNano();
    const findings = [...membership.members.keys()].flatMap((engine) =>
      analysis.findings(engine, to - HOUR_NANOS, to).map((finding) => ({ engine, finding })),
    );
    cited.step(findings).catch((error: unknown) => console.error('weir: traces could not be cited:', error));
  };
  return { agents, analysis, directory, incident, ingest, membership, round, steering, store, tables };
}
