/**
 * An engine's telemetry, put together: the recorder that the core tells of hops, the sampler that decides in hindsight,
 * and what leaves over OTLP. Work off the hot path is done in turns of the event loop, each within a time budget:
 *
 *   hops ─▶ ring ─▶ [turn: decide, encode] ─▶ queue ─▶ server        every 50 ms, sooner while there is more
 *           counters, histograms ─▶ [report] ─▶ queue                every 250 ms
 */

import type { Counters } from '@/engine/core/counters';
import type { ControlRecord, EngineTelemetry, PipelineLayout, TopologyBody } from '@/engine/core/telemetry';
import type { Clock, Timer } from '@/lib/base/clock';
import { createRandom } from '@/lib/base/random';
import { NANOS_PER_MS } from '@/lib/base/time';
import { HistogramCell } from '@/lib/histogram/cell';
import { SECONDS_RANGE } from '@/lib/histogram/histogram-set';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { Scope } from '@/lib/otlp/types';
import { WireWriter } from '@/lib/otlp/wire-writer';
import { compilePolicies } from '@/lib/sampling/compile';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { ATTR } from '@/lib/semconv/attributes';
import { CONTROL_ACTIONS } from '@/lib/semconv/control';
import { METRIC, PUBLISH_INTERVAL_MS } from '@/lib/semconv/metrics';
import type { TracingMode } from '@/lib/semconv/signals';
import {
  A_NEXT,
  A_OWNER,
  ATTR_INTS,
  E_ATTRS,
  E_KIND,
  EVENT_INTS,
  EVENT_NUMBERS,
  K_CUSTOM,
  NONE,
} from './arena-columns';
import { type Calibration, calibrateWhenIdle, createCalibration } from './calibration';
import { controlSpan } from './control-span';
import { DeltaCounters } from './delta-counters';
import { eventAttributes, eventName } from './encode-event';
import { SpanEncoder } from './encode-spans';
import {
  createExportQueue,
  type ExportCounts,
  type ExportQueue,
  type ExportQueueOptions,
  type OtlpPath,
} from './export-queue';
import { hexFromWords, NumberedIds } from './ids';
import { createLayoutText, type LayoutText, scopeNameOf } from './layout-text';
import {
  controlLog,
  decisionRecord,
  encodeLogRequest,
  logRecord,
  type ScopedLog,
  topologyRecord,
} from './log-records';
import { labelBytes, MetricPoints } from './metric-points';
import { keyValuesOf } from './otlp-values';
import { PipelineReport } from './pipeline-report';
import { Recorder, type RecorderListener } from './recorder';
import { reportSelf } from './self-report';
import * as columns from './span-columns';
import { SpanHandles } from './span-handles';
import * as ring from './span-ring';
import { TailSampler } from './tail-sampler';
import * as traceColumns from './trace-columns';
import { TraceColumnsView } from './trace-columns-view';
import type { OtlpTransport } from './transport';
import { writeString } from './wire-attributes';

export interface EngineTelemetryOptions {
  /** Attributes of the resource: `service.name`, `service.instance.id`, `service.version`, `dataflow.pipeline.id` … */
  readonly resource: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly seed: number;
  readonly mode: TracingMode;
  readonly tailSampling: TailSamplingConfig;
  readonly transport: OtlpTransport;
  /** Spans in the ring; 65,536 where it is not given (about 43 MiB with its arenas). */
  readonly rows?: number;
  /** Events leave as log records only, never in spans. */
  readonly eventsAsLogs?: boolean;
  /** Bytes that wait for a server, by signal; 8 MiB of spans and 4 MiB each of metrics and logs where it is not given. */
  readonly queueBytes?: { readonly traces: number; readonly metrics: number; readonly logs: number };
  /** CPU time of the process, nanoseconds; injected for tests. */
  readonly processCpuNs?: () => number;
  /** Measures what tracing costs a hop, in idle moments; on where it is not given. */
  readonly calibrate?: boolean;
}

export interface RunningTelemetry extends EngineTelemetry {
  readonly mode: TracingMode;
  /** From the next hop on. What was open is decided or given up first. */
  setTracing(mode: TracingMode, tailSampling: TailSamplingConfig): void;
  /** Starts exporting and reporting. */
  start(): void;
  /** Tells the topology again: to a server that may have forgotten it. */
  announceTopology(): void;
  /** Sends what there is, waits for it up to `deadlineMs`, and stops. */
  stop(deadlineMs: number): Promise<void>;
  /** Decides, encodes and reports now: what timers do, for tests and before an end. */
  flush(): void;
  stats(): TelemetryStats;
}

export interface TelemetryStats {
  readonly spans: Readonly<Record<'recorded' | 'kept' | 'dropped' | 'overwritten' | 'late', number>>;
  readonly traces: Readonly<Record<'policy' | 'lineage' | 'dropped' | 'overdue', number>>;
  readonly export: Readonly<Record<'traces' | 'metrics' | 'logs', ExportCounts>>;
  readonly queuedBytes: number;
  /** False while the server does not answer. */
  readonly healthy: boolean;
}

const DEFAULT_ROWS = 65_536;
const MiB = 2 ** 20;
const TURN_MS = 50;
/** What one turn may take of the event loop before it lets others in. */
const TURN_BUDGET_NS = 2 * NANOS_PER_MS;
const ROWS_BETWEEN_LOOKS = 32;
const MAX_REQUEST_SPANS = 2_048;
const MAX_REQUEST_BYTES = MiB;
/** A kept contributor waits this long for the flush that says what it went into. */
const HELD_MS = 2_000;
const DECISIONS_PER_SECOND = 200;
const SWEEP_SLOTS = 2_048;
const ENGINE_SCOPE = 'weir.engine';
const MAX_LAYOUTS = 64;
const MAX_LATE_LOGS = 8_192;
/** Records of decisions and of late events wait this long for company; topology and acts leave at the next turn. */
const LOGS_NS = 250 * NANOS_PER_MS;
const LOGS_A_REQUEST = 512;

export function createEngineTelemetry(options: EngineTelemetryOptions): RunningTelemetry {
  return new Telemetry(options);
}

class Telemetry implements RunningTelemetry, RecorderListener {
  readonly recorder: Recorder;
  private readonly clock: Clock;
  private readonly view: TraceColumnsView;
  private readonly sampler: TailSampler;
  private readonly handles: SpanHandles;
  private readonly encoder: SpanEncoder;
  private readonly queues: Readonly<Record<'traces' | 'metrics' | 'logs', ExportQueue>>;
  private readonly layouts = new Map<number, LayoutText>();
  private readonly scopes = new Map<string, Scope>();
  private readonly engineScope: Scope;
  private readonly resource: { attributes: ReturnType<typeof keyValuesOf>; droppedAttributesCount: number };
  private readonly deltas = new DeltaCounters();
  private readonly controlIds: NumberedIds;
  private readonly idWords = new Int32Array(4);
  private controlIdsGiven = 0;
  private readonly policyNames: string[] = [];
  private readonly controlDurations = new Map<
    string,
    { readonly cell: HistogramCell; readonly labels: Uint8Array }
  >();
  private readonly points: MetricPoints;
  private pipelineReport: PipelineReport | null = null;
  private layout: PipelineLayout | null = null;
  private shape = '';
  private counters: Counters | null = null;
  private body: TopologyBody | null = null;
  private logs: ScopedLog[] = [];
  private tailSampling: TailSamplingConfig;
  private readonly calibration: Calibration;
  private stopCalibrating: () => void = () => undefined;
  private lastReportNs = 0;
  private decisionTokens = DECISIONS_PER_SECOND;
  private decisionsLeftOut = 0;
  private decisionsLeftOutTotal = 0;
  private exportCpuNs = 0;
  private lostLogs = 0;
  private urgentLogs = false;
  private lastLogsNs = 0;
  private timers: Timer[] = [];
  private running = false;

  constructor(private readonly options: EngineTelemetryOptions) {
    const { clock, seed, resource, transport } = options;
    this.clock = clock;
    this.tailSampling = options.tailSampling;
    this.controlIds = new NumberedIds(seed ^ 0x5bd1e995);
    this.recorder = new Recorder({ clock, seed, rows: options.rows ?? DEFAULT_ROWS });
    this.recorder.listener = this;
    this.handles = new SpanHandles(this.recorder);
    const layouts = (ordinal: number) => this.layouts.get(ordinal);
    this.view = new TraceColumnsView(this.recorder, layouts, resource);
    this.sampler = new TailSampler({
      recorder: this.recorder,
      view: this.view,
      onDecided: (trace, by) => this.decided(trace, by),
    });
    this.resource = { attributes: keyValuesOf(resource), droppedAttributesCount: 0 };
    this.engineScope = {
      name: ENGINE_SCOPE,
      version: resource[ATTR.serviceVersion] ?? '',
      attributes: [],
      droppedAttributesCount: 0,
    };
    const encodedResource = resourceBytes(resource);
    this.points = new MetricPoints(clock.epoch, encodedResource, scopeBytes(this.engineScope));
    this.encoder = new SpanEncoder({
      recorder: this.recorder,
      layouts,
      resource: encodedResource,
      epoch: clock.epoch,
      policyName: (by) => (by === traceColumns.BY_LINEAGE ? 'lineage' : (this.policyNames[by] ?? '')),
      eventsAsLogs: options.eventsAsLogs ?? false,
      onLogEvent: (row, event) => this.lateEvent(row, event),
    });
    const bytes = options.queueBytes ?? { traces: 8 * MiB, metrics: 4 * MiB, logs: 4 * MiB };
    const random = createRandom(seed + 1);
    const queue = (path: OtlpPath, maxBytes: number, more: Partial<ExportQueueOptions> = {}) =>
      createExportQueue({ path, maxBytes, transport, clock, random, ...more });
    // What a drop means depends on its node's type, which the topology says: the first metrics go after it.
    this.queues = {
      traces: queue('/v1/traces', bytes.traces),
      metrics: queue('/v1/metrics', bytes.metrics, {
        held: true,
        onRecovered: () => this.announceTopology(),
      }),
      logs: queue('/v1/logs', bytes.logs, { onSettled: () => this.queues.metrics.release() }),
    };
    this.setPolicies(options.tailSampling);
    this.calibration = createCalibration(clock, () => this.tailSampling);
    this.recorder.setMode(options.mode);
    this.lastReportNs = clock.nowNs();
  }

  get hops() {
    return this.recorder;
  }

  get mode(): TracingMode {
    return this.recorder.mode;
  }

  layoutChanged(layout: PipelineLayout, counters: Counters, body: TopologyBody): void {
    const shape = shapeOf(layout);
    if (shape !== this.shape || counters !== this.counters) {
      // Rows written under the earlier topology leave with its names; series start anew.
      if (this.layout !== null) this.report();
      this.shape = shape;
      this.counters = counters;
      const ordinal = (this.recorder.layoutOrdinal + 1) % columns.LAYOUTS;
      this.layouts.set(ordinal, createLayoutText(layout));
      this.layouts.delete((ordinal - MAX_LAYOUTS + columns.LAYOUTS) % columns.LAYOUTS);
      this.recorder.setLayout(layout, counters, ordinal);
      this.pipelineReport = new PipelineReport(this.points, layout, counters, this.recorder.metrics);
      this.scopes.clear();
    } else this.recorder.refreshLayout(layout);
    this.layout = layout;
    this.body = body;
    this.announceTopology();
  }

  announceTopology(): void {
    if (this.body === null) return;
    this.log(this.engineScope, topologyRecord(this.body, this.unixNow()));
    this.urgentLogs = true;
  }

  controlAction(record: ControlRecord): void {
    const nodeId = this.layout?.nodes[record.node]?.id ?? '';
    const scope = this.scopeOf(nodeId);
    let traceId = '';
    let spanId = '';
    if (this.recorder.recording) {
      traceId = this.controlId(4);
      spanId = this.controlId(2);
      this.touch(record);
      const span = controlSpan(record, this.recorder, {
        traceId,
        spanId,
        epoch: this.clock.epoch,
        nodeId,
      });
      const scopeSpans = [{ scope, spans: [span], schemaUrl: '' }];
      this.queues.traces.push(
        encodeTraces({ resourceSpans: [{ resource: this.resource, scopeSpans, schemaUrl: '' }] }),
        1,
      );
    }
    this.log(scope, controlLog(record, nodeId, this.unixAt(record.endNs), traceId, spanId));
    this.urgentLogs = true;
    this.measureControl(record.action, nodeId === '' ? 'pipeline' : nodeId, record.endNs - record.startNs);
  }

  private controlId(words: number): string {
    this.controlIds.write(++this.controlIdsGiven, false, this.idWords, 0, words);
    return hexFromWords(this.idWords, 0, words);
  }

  private measureControl(action: string, node: string, ns: number): void {
    const key = `${action}\n${node}`;
    let duration = this.controlDurations.get(key);
    if (duration === undefined) {
      const labels = labelBytes('histogram', { [ATTR.controlAction]: action, [ATTR.nodeId]: node });
      duration = { cell: new HistogramCell(SECONDS_RANGE), labels };
      this.controlDurations.set(key, duration);
    }
    duration.cell.record(ns / 1e9);
  }

  /** Traces that the action met: a policy may ask for them. */
  private touch(record: ControlRecord): void {
    const { spans, traces: table } = this.recorder;
    const bit = 1 << CONTROL_ACTIONS.indexOf(record.action);
    for (const row of record.affected) {
      if (!spans.has(row)) continue;
      const trace = spans.ints[(row & spans.mask) * columns.INT_STRIDE + columns.I_TRACE] as number;
      if (table.has(trace)) table.addBits(trace, traceColumns.R_CONTROL, bit);
    }
  }

  setTracing(mode: TracingMode, tailSampling: TailSamplingConfig): void {
    if (JSON.stringify(tailSampling) !== JSON.stringify(this.tailSampling)) {
      this.tailSampling = tailSampling;
      this.setPolicies(tailSampling);
    }
    if (mode === this.recorder.mode) return;
    if (this.recorder.mode === 'tail') this.sampler.settleAll(mode === 'full');
    if (mode === 'none') {
      this.report();
      this.recorder.abandonOpen();
    }
    this.recorder.setMode(mode);
  }

  private setPolicies(config: TailSamplingConfig): void {
    const compiled = compilePolicies(config);
    const ids = compiled.policies.map((policy) => {
      const known = this.policyNames.indexOf(policy.name);
      return known >= 0 ? known : this.policyNames.push(policy.name) - 1;
    });
    this.sampler.setPolicies(compiled, ids, config.maxWaitMs);
  }

  // What the recorder asks for.
  completed(trace: number): void {
    this.sampler.completed(trace);
  }

  overdue(trace: number): void {
    this.sampler.force(trace);
  }

  handle(row: number) {
    return this.handles.of(row);
  }

  released(handle: number): void {
    this.handles.release(handle);
  }

  lateEvent(row: number, event: number): void {
    const { spans, events, attributes } = this.recorder;
    const at = (row & spans.mask) * columns.INT_STRIDE;
    const place = spans.ints[at + columns.I_PLACE] as number;
    const text = this.layouts.get(ring.layoutOfPlace(place));
    const node = text?.nodes[ring.nodeOfPlace(place)]?.node;
    if (text === undefined || node === undefined) return;
    // Of a trace that was dropped nothing is told.
    const trace = spans.ints[at + columns.I_TRACE] as number;
    const state = this.recorder.traces.stateOf(trace);
    if (state !== 0 && (state & traceColumns.KEPT) === 0) return;
    let pairs = eventAttributes(events, event, text.layout);
    if (events.ints[event * EVENT_INTS + E_KIND] === K_CUSTOM) {
      const own: [string, unknown][] = [];
      for (let a = events.ints[event * EVENT_INTS + E_ATTRS] as number; a !== NONE; ) {
        if (attributes.ints[a * ATTR_INTS + A_OWNER] !== row) break;
        own.push([attributes.keys[a] ?? '', attributes.values[a]]);
        a = attributes.ints[a * ATTR_INTS + A_NEXT] as number;
      }
      pairs = own;
    }
    this.log(
      this.scopeOf(node.id),
      logRecord({
        event: eventName(events, event),
        time: this.unixAt(events.numbers[event * EVENT_NUMBERS] as number),
        attributes: keyValuesOf({ [ATTR.nodeId]: node.id, ...Object.fromEntries(pairs) }),
        traceId: this.recorder.traces.hexId(trace),
        spanId: spans.hexId(row),
      }),
    );
  }

  private decided(trace: number, by: number): void {
    if (this.recorder.mode !== 'tail') return;
    if (this.decisionTokens < 1) {
      this.decisionsLeftOut++;
      this.decisionsLeftOutTotal++;
      return;
    }
    this.decisionTokens--;
    const { view } = this;
    view.over(trace);
    const attributes: Record<string, string> = {};
    for (const key of this.sampler.attributeKeys) attributes[key] = view.values(key);
    const record = decisionRecord(
      {
        traceId: this.recorder.traces.hexId(trace),
        kept: by !== traceColumns.BY_NONE,
        by: by === traceColumns.BY_LINEAGE ? 'lineage' : (this.policyNames[by] ?? ''),
        votes: this.sampler.votesOf(trace),
        status: view.status,
        durationMs: view.durationMs,
        nodes: view.nodes(),
        spanCount: view.spanCount,
        attributes,
        droppedItems: view.droppedItems,
        blockedMs: view.blockedMs,
        controlActions: view.controlActions,
        leftOut: this.decisionsLeftOut,
      },
      this.unixNow(),
    );
    this.decisionsLeftOut = 0;
    this.log(this.engineScope, record);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.every(TURN_MS, () => this.turn());
    this.every(PUBLISH_INTERVAL_MS, () => this.report());
    if (this.options.calibrate ?? true)
      this.stopCalibrating = calibrateWhenIdle(this.calibration, this.clock);
  }

  /** A turn that has more to do comes again at once, behind what else waits in the event loop. */
  private turn(): number {
    return this.exportTurn(TURN_BUDGET_NS) ? 1 : TURN_MS;
  }

  private every(ms: number, work: () => number | undefined): void {
    const slot = this.timers.length;
    const next = (delay: number) => {
      const timer = this.clock.setTimer(() => {
        if (this.running) next(work() ?? ms);
      }, delay);
      this.timers[slot] = timer;
    };
    next(ms);
  }

  /** Its own CPU time, not what passed while others had the processor. */
  private noteExportCost(began: number, cpuBegan: number): void {
    this.exportCpuNs += Math.min(this.clock.nowNs() - began, this.cpuNs() - cpuBegan);
  }

  private cpuNs(): number {
    return this.options.processCpuNs?.() ?? processCpuNs();
  }

  /** True where the budget ran out before the work did. */
  private exportTurn(budgetNs: number): boolean {
    const began = this.clock.nowNs();
    const cpuBegan = this.cpuNs();
    this.recorder.setNow(began);
    if (this.recorder.mode === 'tail') {
      this.sampler.decide();
      this.sampler.sweep(began, SWEEP_SLOTS);
    }
    this.releaseHeld(began);
    const more = this.encodeReady(began, budgetNs);
    this.sendSpans();
    if (this.urgentLogs || this.logs.length >= LOGS_A_REQUEST || began - this.lastLogsNs >= LOGS_NS) {
      this.lastLogsNs = began;
      this.sendLogs();
    }
    this.noteExportCost(began, cpuBegan);
    return more;
  }

  private encodeReady(began: number, budgetNs: number): boolean {
    const { ready, spans, totals } = this.recorder;
    let rows = 0;
    for (let row = ready.shift(); row !== 0; row = ready.shift()) {
      const at = (row & spans.mask) * columns.INT_STRIDE;
      const state = spans.ints[at + columns.I_STATE] as number;
      if (spans.ints[at] !== row || (state & columns.STATE_MASK) !== columns.READY) continue;
      spans.ints[at + columns.I_STATE] = (state & ~columns.STATE_MASK) | columns.DONE;
      if (this.encoder.add(row)) totals.kept++;
      else totals.overwritten++;
      if (this.encoder.count >= MAX_REQUEST_SPANS || this.encoder.size >= MAX_REQUEST_BYTES) this.sendSpans();
      if (++rows % ROWS_BETWEEN_LOOKS === 0 && this.clock.nowNs() - began > budgetNs) return ready.length > 0;
    }
    return false;
  }

  private releaseHeld(now: number): void {
    const { held, spans } = this.recorder;
    for (let row = held.peek(); row !== 0; row = held.peek()) {
      const at = (row & spans.mask) * columns.INT_STRIDE;
      const there = spans.ints[at] === row;
      const waits = there && ((spans.ints[at + columns.I_STATE] as number) & columns.IS_HELD) !== 0;
      const ended = spans.times[(row & spans.mask) * columns.TIME_STRIDE + columns.T_END] as number;
      if (waits && now - ended < HELD_MS * NANOS_PER_MS) return;
      held.shift();
      if (waits) this.recorder.releaseHeld(row, at);
    }
  }

  private sendSpans(): void {
    if (this.encoder.count === 0) return;
    const { count } = this.encoder;
    this.queues.traces.push(this.encoder.finish(), count);
  }

  private log(scope: Scope, record: ScopedLog['record']): void {
    if (this.logs.length >= MAX_LATE_LOGS) this.lostLogs++;
    else this.logs.push({ scope, record });
  }

  private sendLogs(): void {
    if (this.logs.length === 0) return;
    const { logs } = this;
    this.logs = [];
    this.urgentLogs = false;
    this.queues.logs.push(encodeLogRequest(this.resource, logs), logs.length);
  }

  private report(): undefined {
    const { recorder, points } = this;
    const began = this.clock.nowNs();
    const cpuBegan = this.cpuNs();
    const elapsedSeconds = (began - this.lastReportNs) / 1e9;
    this.decisionTokens = Math.min(
      DECISIONS_PER_SECOND,
      this.decisionTokens + elapsedSeconds * DECISIONS_PER_SECOND,
    );
    points.begin(this.lastReportNs, began);
    this.pipelineReport?.reportCounters();
    if (recorder.recording) {
      recorder.setNow(began);
      this.pipelineReport?.reportHops();
    }
    const durations = points.buffer(METRIC.controlDuration, 's', 'histogram');
    for (const { cell, labels } of this.controlDurations.values()) durations.histogram(labels, cell.set, 0);
    this.reportTracing(points);
    this.lastReportNs = began;
    this.queues.metrics.push(points.finish(), points.count);
    this.noteExportCost(began, cpuBegan);
    return undefined;
  }

  private reportTracing(points: MetricPoints): void {
    const { totals } = this.recorder;
    const { counts, sampledVotes, droppedVotes } = this.sampler;
    const { traces: spans, metrics, logs } = this.queues;
    const names = this.tailSampling.policies.map((policy) => policy.name);
    reportSelf(points, this.deltas, {
      spans: {
        recorded: this.recorder.recorded,
        kept: totals.kept,
        dropped: totals.dropped,
        overwritten: totals.overwritten,
      },
      lateCalls: totals.late,
      overheadNs: this.calibration.figures(),
      exportCpuNs: this.exportCpuNs,
      exportBytes: spans.counts.sentBytes + metrics.counts.sentBytes + logs.counts.sentBytes,
      processCpuNs: this.cpuNs(),
      traces: {
        policy: counts.keptByPolicy,
        lineage: counts.keptByLineage,
        dropped: counts.dropped,
        overdue: counts.overdue,
      },
      votes: names.flatMap((policy, i) => [
        { policy, vote: 'sampled', count: sampledVotes[i] ?? 0 },
        { policy, vote: 'dropped', count: droppedVotes[i] ?? 0 },
      ]),
      decisionsLeftOut: this.decisionsLeftOutTotal,
      lostItems: {
        traces: spans.counts.lostItems,
        metrics: metrics.counts.lostItems,
        logs: logs.counts.lostItems + this.lostLogs,
      },
    });
  }

  flush(): void {
    this.exportTurn(Number.POSITIVE_INFINITY);
    this.sendLogs();
    this.report();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.running = false;
    this.stopCalibrating();
    for (const timer of this.timers.splice(0)) timer.cancel();
    if (this.recorder.mode === 'tail') this.sampler.settleAll(false);
    this.releaseHeld(Number.POSITIVE_INFINITY);
    this.flush();
    const { traces: spans, metrics, logs } = this.queues;
    await Promise.all([spans.flush(deadlineMs), metrics.flush(deadlineMs), logs.flush(deadlineMs)]);
    for (const queue of [spans, metrics, logs]) queue.close();
    this.options.transport.close();
  }

  stats(): TelemetryStats {
    const { totals } = this.recorder;
    const { counts } = this.sampler;
    const { traces: spans, metrics, logs } = this.queues;
    return {
      spans: {
        recorded: this.recorder.recorded,
        kept: totals.kept,
        dropped: totals.dropped,
        overwritten: totals.overwritten,
        late: totals.late,
      },
      traces: {
        policy: counts.keptByPolicy,
        lineage: counts.keptByLineage,
        dropped: counts.dropped,
        overdue: counts.overdue,
      },
      export: { traces: spans.counts, metrics: metrics.counts, logs: logs.counts },
      queuedBytes: spans.queuedBytes + metrics.queuedBytes + logs.queuedBytes,
      healthy: spans.healthy && metrics.healthy && logs.healthy,
    };
  }

  private scopeOf(nodeId: string): Scope {
    const node = this.layout?.nodes.find((each) => each.id === nodeId);
    if (node === undefined) return this.engineScope;
    const known = this.scopes.get(nodeId);
    if (known) return known;
    const scope: Scope = {
      name: scopeNameOf(node),
      version: '',
      attributes: keyValuesOf({
        [ATTR.componentId]: node.id,
        [ATTR.componentKind]: node.kind,
        [ATTR.componentPipelineId]: this.layout?.pipelineId ?? '',
      }),
      droppedAttributesCount: 0,
    };
    this.scopes.set(nodeId, scope);
    return scope;
  }

  private unixNow(): bigint {
    return this.unixAt(this.clock.nowNs());
  }

  private unixAt(ns: number): bigint {
    return this.clock.epoch + BigInt(Math.floor(ns));
  }
}

function resourceBytes(resource: Readonly<Record<string, string>>): Uint8Array {
  const writer = new WireWriter();
  for (const [key, value] of Object.entries(resource)) writeString(writer, 1, key, value);
  return writer.finish();
}

function scopeBytes(scope: Scope): Uint8Array {
  const writer = new WireWriter();
  writer.tag(1, 2);
  writer.string(scope.name);
  writer.tag(2, 2);
  writer.string(scope.version);
  return writer.finish();
}

/** What indices mean: as long as it is the same, so are series and slots. */
function shapeOf(layout: PipelineLayout): string {
  return JSON.stringify([
    layout.pipelineId,
    layout.nodes.map((node) => [node.id, node.urn, node.channel]),
    layout.channels.map((channel) => channel.id),
    layout.edges.map((edge) => [edge.from, edge.port, edge.channel]),
  ]);
}

function processCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}
