/**
 * The hot path: what the core tells of hops, written into the span ring, and measured as it happens. Nothing here
 * allocates, and the clock is read twice a hop: at `begin`, and at whatever ends it.
 *
 *   begin (read) ── sent (read) ── accepted ── end          a span without wait ends when its output is accepted
 *   begin (read) ──────────────────────── event ── end (read)
 *
 * `freshRow` is the row of the latest reading: what follows it on the same row takes the same time.
 *
 * Columns and states are imported by name: the build puts their values in place, where a look at each would cost as
 * much as the store itself.
 *
 * The file is longer than most because everything in it shares those columns, and calls between modules in the
 * middle of a hop would cost as much as the hop.
 */
import type { Span } from '@opentelemetry/api';
import type { Counters } from '@/engine/core/counters';
import { type Pdata, UNTRACED } from '@/engine/core/pdata';
import type { CoreEvent, HopOutcome, HopTelemetry, PipelineLayout, SpanRow } from '@/engine/core/telemetry';
import type { Clock } from '@/lib/base/clock';
import type { HistogramSet } from '@/lib/histogram/histogram-set';
import { MAX_SPAN_LINKS } from '@/lib/semconv/attributes';
import {
  E_ATTRS,
  E_LATE,
  E_NEXT,
  EVENT_INTS,
  EVENT_NUMBERS,
  K_ACK,
  K_BATCH_ABSORBED,
  K_BATCH_DROP,
  K_EXPORT_SUCCESS,
  K_NACK,
  K_PORT_SELECTED,
  L_SPAN_ID,
  L_TRACE_ID,
  LINK_INTS,
  LINK_MERGE,
  LINK_RETRY,
  LINK_SPLIT,
  NONE,
} from './arena-columns';
import * as arenas from './arenas';
import { ChannelSlots } from './channel-slots';
import { eventKind } from './event-kinds';
import { HopMetrics } from './hop-metrics';
import { BASE, NOW, OUTCOME_COUNT, SIGNAL_COUNT } from './metric-columns';
import { RowQueue } from './row-queue';
import {
  DONE,
  ENDED,
  ENDS_IN_ACK,
  ENDS_IN_SUCCESS,
  HAS_EVENTS,
  HAS_INPUT,
  HAS_MESSAGE,
  HAS_PARTS,
  HAS_RARE,
  HAS_SENT,
  I_CAPACITY,
  I_DEPTH,
  I_EDGE,
  I_EVENT_COUNT,
  I_EVENT_HEAD,
  I_EVENT_TAIL,
  I_ITEMS,
  I_NEXT_IN_TRACE,
  I_PARENT,
  I_PATH,
  I_PLACE,
  I_SEND_DEPTH,
  I_SEQ,
  I_SERIAL,
  I_STATE,
  I_TRACE,
  INDEX_MASK,
  INT_STRIDE,
  IS_ABSORBED,
  IS_ADMISSION,
  IS_BLOCKED,
  IS_FLUSH,
  IS_HELD,
  IS_ROOT,
  IS_WAITING,
  OPEN,
  RARE_STRIDE,
  READY,
  SENT_FIRST,
  SERIES_MASK,
  STATE_MASK,
  STATUS_ERROR,
  STATUS_OK,
  T_BLOCKED,
  T_END,
  T_MARK,
  T_ORIGIN,
  T_OUTCOME_WAIT,
  T_SENT,
  T_START,
  T_WAIT,
  TIME_STRIDE,
  X_CONTRIBUTORS,
  X_HANDLE,
  X_ITEMS_OUT,
  X_LINK_COUNT,
  X_LINK_HEAD,
  X_OUTCOME,
} from './span-columns';
import * as ring from './span-ring';
import { layoutOfPlace, nodeOfPlace, placeOf } from './span-ring';
import {
  BY_NONE,
  COMPLETE,
  DECIDED,
  FULL_TRACE,
  IN_USE,
  IS_MARKED,
  KEEPS_DOWN,
  KEPT,
  R_BY,
  R_DROPPED,
  R_ENDED,
  R_HEAD,
  R_LOST,
  R_LOST_ENDED,
  R_MISSING,
  R_OPEN,
  R_SEQ,
  R_SPANS,
  R_STATE,
  R_STATUSES,
  R_WITH_STATUS,
  RT_BLOCKED,
  RT_END,
  RT_ORIGIN,
  RT_START,
  SLOT_MASK,
  TRACE_INTS,
  TRACE_TIMES,
  VOTED,
} from './trace-columns';
import * as traces from './trace-table';

export interface RecorderOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** Spans in the ring; a power of two. */
  readonly rows: number;
}

/** What becomes of a span once nobody writes to it; told by the recorder, answered by export and sampling. */
export interface RecorderListener {
  /** A trace has no open pdata left and is not decided. */
  completed(trace: number): void;
  /** Its place is needed: it is to be decided at once. */
  overdue(trace: number): void;
  /** An event on a span that has left already. */
  lateEvent(row: SpanRow, event: number): void;
  /** A flyweight over the row. */
  handle(row: SpanRow): Span;
  /** The row's span has ended: a flyweight that was given out for it goes into quarantine. */
  released(handle: number): void;
}

export type RecordingMode = 'none' | 'full' | 'tail';

export class Recorder implements HopTelemetry {
  recording = false;
  mode: RecordingMode = 'none';
  readonly spans: ring.SpanRing;
  readonly traces: traces.TraceTable;
  readonly events: arenas.EventArena;
  readonly links: arenas.LinkArena;
  readonly attributes: arenas.AttributeArena;
  /** Kept spans that wait to be encoded, in the order in which they came to be ready. */
  readonly ready: RowQueue;
  /** Kept contributors that wait a little for the flush that says what they went into. */
  readonly held: RowQueue;
  metrics: HopMetrics;
  layoutOrdinal = 0;
  /** Running totals of what became of spans (`recorded` stands apart), and calls on spans that were gone. */
  readonly totals = { kept: 0, dropped: 0, overwritten: 0, late: 0 };
  listener: RecorderListener | null = null;
  /** The latest reading of the clock, and the base of integrals. */
  readonly now = new Float64Array(2);
  /** The row that the reading was taken for. */
  private freshRow = NONE;
  /** A batch at the door that is being sent. */
  private admitted = NONE;
  private readonly clock: Clock;
  private slots: ChannelSlots[] = [];
  private counters: Counters | null = null;
  private exporter = new Uint8Array(0);
  private delayedAfterNs = 1e9;
  // The columns of all these at hand: a hop writes to each of them.
  private readonly mask: number;
  private readonly ints: Int32Array;
  private readonly rowTimes: Float64Array;
  private readonly traceMask: number;
  private readonly traceInts: Int32Array;
  private readonly traceTimes: Float64Array;
  private levels: Float64Array;
  private busyAt = 0;
  private blockedAt = 0;
  private durations: HistogramSet;
  private durationFrom = 0;
  private pathFrom = 0;

  constructor(options: RecorderOptions) {
    this.clock = options.clock;
    this.spans = new ring.SpanRing(options.rows, options.seed);
    this.traces = new traces.TraceTable(Math.max(64, options.rows / 2), options.seed + 1);
    this.events = new arenas.EventArena(options.rows * 4);
    this.links = new arenas.LinkArena(options.rows * 2);
    this.attributes = new arenas.AttributeArena(options.rows * 2);
    this.ready = new RowQueue(this.spans.capacity);
    this.held = new RowQueue(this.spans.capacity);
    this.metrics = new HopMetrics(
      { pipelineId: '', revision: 0, nodes: [], channels: [], edges: [] },
      this.now,
    );
    this.mask = this.spans.mask;
    this.ints = this.spans.ints;
    this.rowTimes = this.spans.times;
    this.traceMask = this.traces.mask;
    this.traceInts = this.traces.ints;
    this.traceTimes = this.traces.times;
    this.levels = this.metrics.integrals.levels;
    this.durations = this.metrics.times;
  }

  /** Spans begun so far. */
  get recorded(): number {
    return this.spans.claimed;
  }

  /** A new topology: fresh series and slots. Rows keep the ordinal of the layout that they were written under. */
  setLayout(layout: PipelineLayout, counters: Counters, ordinal: number): void {
    this.metrics = new HopMetrics(layout, this.now);
    this.levels = this.metrics.integrals.levels;
    this.busyAt = this.metrics.busyFrom * 2;
    this.blockedAt = this.metrics.blockedFrom * 2;
    this.durations = this.metrics.times;
    this.durationFrom = this.metrics.durationFrom;
    this.pathFrom = this.metrics.pathFrom;
    this.counters = counters;
    this.layoutOrdinal = ordinal;
    this.slots = layout.channels.map((_, channel) => new ChannelSlots(counters.capacity[channel] ?? 0));
    this.exporter = Uint8Array.from(layout.nodes, (node) => (node.kind === 'exporter' ? 1 : 0));
    this.refreshLayout(layout);
    this.restartIntegrals();
  }

  /** The same topology with other limits. */
  refreshLayout(layout: PipelineLayout): void {
    this.delayedAfterNs = (layout.delayedAfterMs ?? 1_000) * 1e6;
    for (let channel = 0; channel < this.slots.length; channel++) {
      this.slots[channel]?.reserve(this.counters?.capacity[channel] ?? 0);
    }
  }

  /** From here on, in this mode. What was open under another is closed by the caller first. */
  setMode(mode: RecordingMode): void {
    const wasRecording = this.recording;
    this.mode = mode;
    this.recording = mode !== 'none';
    if (this.recording && !wasRecording) {
      for (const slots of this.slots) slots.forget();
      this.restartIntegrals();
    }
  }

  /** Recording stops: what is open will not be heard of again. */
  abandonOpen(): void {
    const { ints, capacity } = this.spans;
    for (let index = 0; index < capacity; index++) {
      const at = index * INT_STRIDE;
      const state = ints[at + I_STATE] as number;
      if ((state & STATE_MASK) !== OPEN) continue;
      ints[at + I_STATE] = (state & ~STATE_MASK) | DONE;
      this.totals.dropped++;
    }
    for (let slot = 0; slot < this.traces.capacity; slot++) {
      this.traces.ints[slot * TRACE_INTS] = 0;
      this.traces.ints[slot * TRACE_INTS + R_STATE] = 0;
      this.traces.clearMarks(slot);
    }
  }

  private restartIntegrals(): void {
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    const { integrals, busyFrom, blockedFrom, layout } = this.metrics;
    for (const channel of layout.channels) {
      integrals.restart(channel.index, this.counters?.depth[channel.index] ?? 0);
    }
    for (const node of layout.nodes) {
      integrals.restart(busyFrom + node.index, 0);
      integrals.restart(blockedFrom + node.index, 0);
    }
  }

  /** The count of an integral becomes `count` now. `at` is its place in `levels`. */
  private setLevel(at: number, count: number): void {
    const { levels, now } = this;
    const elapsed = (now[NOW] as number) - (now[BASE] as number);
    levels[at] = (levels[at] as number) - (count - (levels[at + 1] as number)) * elapsed;
    levels[at + 1] = count;
  }

  private raise(at: number): void {
    const { levels, now } = this;
    levels[at] = (levels[at] as number) - ((now[NOW] as number) - (now[BASE] as number));
    levels[at + 1] = (levels[at + 1] as number) + 1;
  }

  private lower(at: number): void {
    const { levels, now } = this;
    levels[at] = (levels[at] as number) + ((now[NOW] as number) - (now[BASE] as number));
    levels[at + 1] = (levels[at + 1] as number) - 1;
  }

  sent(channel: number, _edge: number, slot: number, depth: number, pdata: Pdata): void {
    const row = pdata.span;
    // What a receiver admits and sends in one breath has one moment for both.
    if (this.admitted !== row || row <= 0) this.clock.readInto(this.now, NOW);
    this.admitted = NONE;
    this.freshRow = row;
    this.setLevel(channel * 2, depth);
    const slots = this.slots[channel];
    if (slots === undefined) return;
    slots.sentAt[slot] = this.now[NOW] as number;
    const at = (row & this.mask & INDEX_MASK) * INT_STRIDE;
    if (row > 0 && this.ints[at] === row) {
      slots.senders[slot] = row;
      pdata.path = this.ints[at + I_PATH] as number;
    } else slots.senders[slot] = 0;
  }

  begin(node: number, pdata: Pdata, channel: number, slot: number, depth: number): SpanRow {
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    this.setLevel(channel * 2, depth - 1);
    const signal = pdata.signalAt;
    const slots = this.slots[channel];
    if (slots === undefined) return UNTRACED;
    const wait = (this.now[NOW] as number) - (slots.sentAt[slot] as number);
    if (wait >= 0) {
      const durations = this.durations;
      const n = durations.waiting;
      durations.values[n] = wait;
      durations.series[n] = channel * SIGNAL_COUNT + signal;
      durations.waiting = n + 1;
      if (n >= durations.limit) durations.settle();
      if (wait > this.delayedAfterNs) this.delayed(node, pdata.items, 'queued');
    }
    let state = OPEN | HAS_INPUT;
    let parent = slots.senders[slot] as number;
    const trace = pdata.trace;
    if (trace <= 0 || this.traceInts[(trace & this.traceMask & SLOT_MASK) * TRACE_INTS] !== trace) {
      pdata.trace = this.openTrace();
      pdata.path = 0;
      state |= IS_ROOT;
      parent = 0;
    }
    const path = this.metrics.paths.extend(pdata.path, node);
    const row = this.openRow(node, pdata, signal, path, state, parent);
    const index = row & this.mask & INDEX_MASK;
    const at = index * INT_STRIDE;
    this.rowTimes[index * TIME_STRIDE + T_WAIT] = wait;
    this.ints[at + I_DEPTH] = depth;
    this.ints[at + I_CAPACITY] = slots.capacity;
    const origin = pdata.origin;
    if (origin !== null) {
      if (origin.kind === 'split')
        this.link(row, origin.span, LINK_SPLIT, origin.partIndex, origin.partCount);
      else this.link(row, origin.span, LINK_RETRY, origin.attempt, 0);
    }
    return row;
  }

  beginAdmission(node: number, pdata: Pdata, atOnce = false): SpanRow {
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    pdata.trace = this.openTrace();
    const path = this.metrics.paths.extend(0, node);
    const row = this.openRow(node, pdata, pdata.signalAt, path, OPEN | IS_ROOT | IS_ADMISSION, 0);
    this.admitted = atOnce ? row : NONE;
    pdata.span = row;
    pdata.path = path;
    return row;
  }

  /** The time of something that happens to no span. */
  setNow(ns: number): void {
    this.now[NOW] = ns;
    this.freshRow = NONE;
  }

  beginFlush(
    node: number,
    pdata: Pdata,
    contributors: number,
    spans: Int32Array,
    items: Float64Array,
    absorbedNs: Float64Array,
    batches: readonly string[],
  ): SpanRow {
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    const time = this.now[NOW] as number;
    const known = Math.min(contributors, spans.length);
    let origin = time;
    let path = 0;
    for (let i = 0; i < known; i++) {
      const from = spans[i] as number;
      if (!this.spans.has(from)) continue;
      const born = this.spans.times[(from & this.spans.mask) * TIME_STRIDE + T_ORIGIN] as number;
      if (born >= origin && path !== 0) continue;
      origin = born;
      path = this.spans.ints[(from & this.spans.mask) * INT_STRIDE + I_PATH] as number;
    }
    pdata.trace = this.openTrace();
    this.traces.times[(pdata.trace & this.traces.mask) * TRACE_TIMES + RT_ORIGIN] = origin;
    // The contributors' path ends in this node already.
    if (path === 0) path = this.metrics.paths.extend(0, node);
    const state = OPEN | IS_ROOT | IS_FLUSH | HAS_RARE;
    const row = this.openRow(node, pdata, pdata.signalAt, path, state, 0);
    this.spans.rare[(row & this.mask) * RARE_STRIDE + X_CONTRIBUTORS] = contributors;
    let missing = contributors - known;
    for (let i = known - 1; i >= 0; i--) {
      const from = spans[i] as number;
      // Not recorded, or overwritten meanwhile.
      if (!this.spans.has(from)) {
        if (from > 0) missing++;
        continue;
      }
      if (i < MAX_SPAN_LINKS) {
        const link = this.link(row, from, LINK_MERGE, items[i] as number, 0);
        this.links.numbers[link] = time - (absorbedNs[i] as number);
        this.links.texts[link] = batches[i] ?? '';
      }
      if (this.mode === 'tail') this.joinFamily(this.traceOf(from), pdata.trace);
    }
    if (missing > 0) this.traces.addTo(pdata.trace, R_MISSING, missing);
    pdata.span = row;
    pdata.path = path;
    return row;
  }

  private traceOf(row: SpanRow): number {
    return this.spans.ints[(row & this.spans.mask) * INT_STRIDE + I_TRACE] as number;
  }

  /** What is born to a family that a policy keeps is kept with it, and so are those merged into it. */
  private joinFamily(contributor: number, merged: number): void {
    this.traces.join(contributor, merged);
    if ((this.traces.stateOf(contributor) & KEEPS_DOWN) !== 0) this.traces.addState(merged, KEEPS_DOWN);
  }

  /** A node's send may be blocked after the span that it belongs to has ended: what was held goes on later. */
  blocked(span: SpanRow, edge: number, _depth: number): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    this.admitted = NONE;
    const time = this.now[NOW] as number;
    const ints = this.spans.ints;
    const node = nodeOfPlace(ints[at + I_PLACE] as number);
    if (((ints[at + I_STATE] as number) & IS_BLOCKED) !== 0) return;
    this.tellFirstSend(span, at);
    const state = ints[at + I_STATE] as number;
    // Until it is accepted, nobody knows at which depth.
    if ((state & HAS_SENT) === 0) ints[at + I_SEND_DEPTH] = NONE;
    ints[at + I_STATE] = state | IS_BLOCKED | HAS_SENT;
    ints[at + I_EDGE] = edge;
    this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_MARK] = time;
    if ((state & STATE_MASK) === OPEN) this.lower(this.busyAt + node * 2);
    this.raise(this.blockedAt + node * 2);
  }

  unblocked(span: SpanRow, edge: number): number {
    const at = this.knownAt(span);
    if (at < 0) return 0;
    const ints = this.spans.ints;
    if (((ints[at + I_STATE] as number) & IS_BLOCKED) === 0) return 0;
    this.clock.readInto(this.now, NOW);
    this.freshRow = span;
    const ns = this.leaveBlocked(at, (span & this.spans.mask) * TIME_STRIDE);
    const signal = ring.signalOfPlace(ints[at + I_PLACE] as number);
    this.durations.record(this.metrics.sendBlockedSeries(edge, signal), ns);
    return ns;
  }

  private leaveBlocked(at: number, t: number): number {
    const time = this.now[NOW] as number;
    const { ints, times } = this.spans;
    const node = nodeOfPlace(ints[at + I_PLACE] as number);
    const state = ints[at + I_STATE] as number;
    ints[at + I_STATE] = (state & ~IS_BLOCKED) | HAS_RARE;
    const ns = time - (times[t + T_MARK] as number);
    this.lower(this.blockedAt + node * 2);
    if ((state & STATE_MASK) === OPEN) {
      times[t + T_BLOCKED] = (times[t + T_BLOCKED] as number) + ns;
      this.raise(this.busyAt + node * 2);
    }
    return ns;
  }

  accepted(span: SpanRow, edge: number, depth: number, blockedNs: number): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    if (this.freshRow !== span) {
      this.clock.readInto(this.now, NOW);
      this.freshRow = span;
    }
    const ints = this.spans.ints;
    const state = ints[at + I_STATE] as number;
    if ((state & (STATE_MASK | HAS_EVENTS | SENT_FIRST)) === OPEN && blockedNs === 0) {
      // The usual case: what `port_selected` says stands in the columns, and is told from there.
      ints[at + I_STATE] = state | HAS_SENT | SENT_FIRST;
      ints[at + I_EDGE] = edge;
      ints[at + I_SEND_DEPTH] = depth;
      this.spans.times[(span & this.spans.mask & INDEX_MASK) * TIME_STRIDE + T_SENT] = this.now[
        NOW
      ] as number;
    } else this.acceptedBesides(span, at, edge, depth, blockedNs);
  }

  private acceptedBesides(span: SpanRow, at: number, edge: number, depth: number, blockedNs: number): void {
    this.tellFirstSend(span, at);
    const ints = this.spans.ints;
    ints[at + I_EDGE] = edge;
    ints[at + I_SEND_DEPTH] = depth;
    ints[at + I_STATE] = (ints[at + I_STATE] as number) | HAS_SENT;
    const event = this.addEvent(span, at, K_PORT_SELECTED, depth, blockedNs);
    this.events.ints[event * EVENT_INTS + E_ATTRS] = edge;
    const state = (ints[at + I_STATE] as number) & STATE_MASK;
    if (state !== OPEN) this.afterEnd(span, event, state);
  }

  /** What the columns say of its first send becomes an event like others, at the head of the list. */
  tellFirstSend(span: SpanRow, at: number): void {
    const ints = this.spans.ints;
    const state = ints[at + I_STATE] as number;
    if ((state & SENT_FIRST) === 0) return;
    const event = this.events.add(span, K_PORT_SELECTED);
    this.events.ints[event * EVENT_INTS + E_ATTRS] = ints[at + I_EDGE] as number;
    const numbers = event * EVENT_NUMBERS;
    this.events.numbers[numbers] = this.spans.times[
      (span & this.spans.mask) * TIME_STRIDE + T_SENT
    ] as number;
    this.events.numbers[numbers + 1] = ints[at + I_SEND_DEPTH] as number;
    this.events.numbers[numbers + 2] = 0;
    if ((state & HAS_EVENTS) === 0) {
      ints[at + I_EVENT_TAIL] = event;
      ints[at + I_EVENT_COUNT] = 1;
    } else {
      this.events.ints[event * EVENT_INTS + E_NEXT] = ints[at + I_EVENT_HEAD] as number;
      ints[at + I_EVENT_COUNT] = (ints[at + I_EVENT_COUNT] as number) + 1;
    }
    ints[at + I_EVENT_HEAD] = event;
    ints[at + I_STATE] = (state & ~SENT_FIRST) | HAS_EVENTS;
  }

  outcomeWaitBegins(span: SpanRow): void {
    const at = this.openAt(span);
    if (at < 0) return;
    if (this.freshRow !== span) this.clock.readInto(this.now, NOW);
    const time = this.now[NOW] as number;
    const ints = this.spans.ints;
    if (((ints[at + I_STATE] as number) & IS_WAITING) !== 0) return;
    ints[at + I_STATE] = (ints[at + I_STATE] as number) | IS_WAITING;
    this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_MARK] = time;
    this.lower(this.busyAt + nodeOfPlace(ints[at + I_PLACE] as number) * 2);
  }

  outcomeWaitEnds(span: SpanRow): void {
    const at = this.openAt(span);
    if (at < 0 || ((this.spans.ints[at + I_STATE] as number) & IS_WAITING) === 0) return;
    this.clock.readInto(this.now, NOW);
    this.freshRow = span;
    this.leaveWaiting(at, (span & this.spans.mask) * TIME_STRIDE);
  }

  private leaveWaiting(at: number, t: number): void {
    const time = this.now[NOW] as number;
    const { ints, times } = this.spans;
    ints[at + I_STATE] = (ints[at + I_STATE] as number) & ~IS_WAITING;
    times[t + T_OUTCOME_WAIT] = (times[t + T_OUTCOME_WAIT] as number) + time - (times[t + T_MARK] as number);
    this.raise(this.busyAt + nodeOfPlace(ints[at + I_PLACE] as number) * 2);
  }

  resumed(): void {
    this.freshRow = NONE;
    this.admitted = NONE;
  }

  absorbed(span: SpanRow): number {
    this.clock.readInto(this.now, NOW);
    const time = this.now[NOW] as number;
    const at = this.openAt(span);
    this.freshRow = NONE;
    if (at < 0) return time;
    this.freshRow = span;
    this.spans.ints[at + I_STATE] = (this.spans.ints[at + I_STATE] as number) | IS_ABSORBED;
    this.end(span, 'success', '');
    return time;
  }

  absorbedInto(span: SpanRow, into: string): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    const event = this.eventOn(span, at, K_BATCH_ABSORBED, 0, 0, into);
    // A contributor that has not left yet tells it as the last thing in its span.
    const state = (this.spans.ints[at + I_STATE] as number) & STATE_MASK;
    if (state === ENDED) {
      this.events.ints[event * EVENT_INTS + E_LATE] = 0;
      this.events.numbers[event * EVENT_NUMBERS] = this.spans.times[
        (span & this.spans.mask) * TIME_STRIDE + T_END
      ] as number;
    }
    this.releaseHeld(span, at);
  }

  sentOn(span: SpanRow): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    this.clock.readInto(this.now, NOW);
    this.freshRow = NONE;
    const times = this.spans.times;
    const t = (span & this.spans.mask) * TIME_STRIDE;
    this.spans.heldNs[span & this.spans.mask] = (this.now[NOW] as number) - (times[t + T_END] as number);
    this.rare(at);
    this.releaseHeld(span, at);
  }

  /** Its flush has come, or it has waited long enough for it. */
  releaseHeld(span: SpanRow, at: number): void {
    const ints = this.spans.ints;
    const state = ints[at + I_STATE] as number;
    if ((state & IS_HELD) === 0) return;
    ints[at + I_STATE] = (state & ~(IS_HELD | STATE_MASK)) | READY;
    this.leaves(span);
  }

  event(span: SpanRow, event: CoreEvent, a: number, b: number, text: string): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    const kind = eventKind(event);
    // An outcome follows at once on what made it known.
    if (this.freshRow !== span || kind > K_NACK) {
      this.clock.readInto(this.now, NOW);
      this.freshRow = span;
    }
    this.eventOn(span, at, kind, a, b, text);
    if (kind === K_BATCH_DROP) this.countDropped(at, a);
  }

  /** An event on any row that is still there. */
  eventOn(span: SpanRow, at: number, kind: number, a: number, b: number, text: string): number {
    const state = (this.spans.ints[at + I_STATE] as number) & STATE_MASK;
    const event = this.addEvent(span, at, kind, a, b);
    // The same text once more is not worth a store that the collector has to hear of.
    if (this.events.texts[event] !== text) this.events.texts[event] = text;
    if (state !== OPEN) this.afterEnd(span, event, state);
    return event;
  }

  /** What falls after a span's end leaves as a log record: with the span, or at once where that has gone. */
  private afterEnd(span: SpanRow, event: number, state: number): void {
    this.events.ints[event * EVENT_INTS + E_LATE] = 1;
    if (state === DONE) this.listener?.lateEvent(span, event);
  }

  private addEvent(span: SpanRow, at: number, kind: number, a: number, b: number): number {
    const ints = this.spans.ints;
    if (((ints[at + I_STATE] as number) & ENDS_IN_ACK) !== 0) this.tellEnd(span, at);
    const event = this.listEvent(span, at, kind, a, b);
    this.events.numbers[event * EVENT_NUMBERS] = this.now[NOW] as number;
    return event;
  }

  /** What the state says of its end becomes events like others, at the tail of the list. */
  tellEnd(span: SpanRow, at: number): void {
    const ints = this.ints;
    const state = ints[at + I_STATE] as number;
    if ((state & ENDS_IN_ACK) === 0) return;
    ints[at + I_STATE] = state & ~(ENDS_IN_ACK | ENDS_IN_SUCCESS);
    const index = span & this.mask;
    const time = this.rowTimes[index * TIME_STRIDE + T_END] as number;
    const { numbers, texts } = this.events;
    if ((state & ENDS_IN_SUCCESS) !== 0) {
      const success = this.listEvent(span, at, K_EXPORT_SUCCESS, 0, 0);
      numbers[success * EVENT_NUMBERS] = time;
      texts[success] = this.spans.statuses[index] ?? '';
    }
    const ack = this.listEvent(span, at, K_ACK, 0, 0);
    numbers[ack * EVENT_NUMBERS] = time;
    texts[ack] = '';
  }

  /** Its time is the caller's to write: doubles are not handed over. */
  private listEvent(span: SpanRow, at: number, kind: number, a: number, b: number): number {
    const ints = this.spans.ints;
    const event = this.events.add(span, kind);
    const numbers = event * EVENT_NUMBERS;
    this.events.numbers[numbers + 1] = a;
    this.events.numbers[numbers + 2] = b;
    const state = ints[at + I_STATE] as number;
    if ((state & HAS_EVENTS) === 0) {
      ints[at + I_STATE] = state | HAS_EVENTS;
      ints[at + I_EVENT_HEAD] = event;
      ints[at + I_EVENT_COUNT] = 1;
    } else {
      this.events.ints[(ints[at + I_EVENT_TAIL] as number) * EVENT_INTS + E_NEXT] = event;
      ints[at + I_EVENT_COUNT] = (ints[at + I_EVENT_COUNT] as number) + 1;
    }
    ints[at + I_EVENT_TAIL] = event;
    return event;
  }

  private countDropped(at: number, items: number): void {
    const trace = this.spans.ints[at + I_TRACE] as number;
    if (this.traces.has(trace)) this.traces.addTo(trace, R_DROPPED, items);
  }

  itemsOut(span: SpanRow, items: number): void {
    const at = this.openAt(span);
    if (at < 0) return;
    this.spans.rare[(span & this.spans.mask) * RARE_STRIDE + X_ITEMS_OUT] = items;
    this.rare(at);
  }

  /**
   * What every batch ends in is not told event by event: two bits say it, and the encoder writes the events. The clock is
   * read here and in `end`, in small functions: where its code is not inlined, what it returns is allocated.
   */
  acked(span: SpanRow, status: string | null): void {
    const at = this.openAt(span);
    if (at < 0) return;
    const state = this.ints[at + I_STATE] as number;
    if (this.freshRow !== span || status !== null || (state & IS_WAITING) !== 0)
      this.clock.readInto(this.now, NOW);
    let flags = state | ENDS_IN_ACK;
    if (status !== null) {
      flags |= ENDS_IN_SUCCESS;
      const index = span & this.mask & INDEX_MASK;
      // The same text once more is not worth a store that the collector has to hear of.
      if (this.spans.statuses[index] !== status) this.spans.statuses[index] = status;
    }
    this.finish(span, at, flags, 0, '');
  }

  end(span: SpanRow, outcome: HopOutcome, message: string): void {
    const at = this.openAt(span);
    if (at < 0) return;
    if (this.freshRow !== span) this.clock.readInto(this.now, NOW);
    const code = outcome === 'success' ? 0 : outcome === 'failure' ? 1 : 2;
    this.finish(span, at, this.ints[at + I_STATE] as number, code, message);
  }

  /** At the latest reading: an open row is measured, and goes to export, into oblivion, or waits for its trace's decision. */
  private finish(span: SpanRow, at: number, before: number, code: number, message: string): void {
    const time = this.now[NOW] as number;
    this.freshRow = NONE;
    const ints = this.ints;
    const times = this.rowTimes;
    const index = span & this.mask & INDEX_MASK;
    const t = index * TIME_STRIDE;
    let state = before;
    if ((state & (IS_BLOCKED | IS_WAITING)) !== 0) state = this.leaveAll(at, t, state);
    times[t + T_END] = time;
    const place = (ints[at + I_PLACE] as number) & SERIES_MASK;
    const node = nodeOfPlace(place);
    this.lower(this.busyAt + node * 2);
    const durations = this.durations;
    const { values, series } = durations;
    let n = durations.waiting;
    values[n] =
      time -
      (times[t + T_START] as number) -
      (times[t + T_BLOCKED] as number) -
      (times[t + T_OUTCOME_WAIT] as number);
    series[n++] = this.durationFrom + place * OUTCOME_COUNT + code;
    if (this.exporter[node] === 1) {
      values[n] = time - (times[t + T_ORIGIN] as number);
      const path = this.metrics.paths.finish(ints[at + I_PATH] as number);
      series[n++] = this.pathFrom + path * OUTCOME_COUNT + code;
    }
    durations.waiting = n;
    if (n >= durations.limit) durations.settle();
    if ((state & IS_FLUSH) === 0) this.metrics.recordSize(place, ints[at + I_ITEMS] as number);
    if (code !== 0) {
      this.spans.rare[index * RARE_STRIDE + X_OUTCOME] = code;
      this.spans.messages[index] = message;
      state |= HAS_MESSAGE | HAS_RARE;
    }
    if ((state & HAS_RARE) !== 0) this.releaseHandle(index);
    const flags = state & ~STATE_MASK;
    const traceInts = this.traceInts;
    const trace = ints[at + I_TRACE] as number;
    const slot = trace & this.traceMask & SLOT_MASK;
    const r = slot * TRACE_INTS;
    // Where it was decided long ago, its slot has gone to another.
    const decision = traceInts[r] === trace ? (traceInts[r + R_STATE] as number) : DECIDED;
    if ((decision & DECIDED) === 0) {
      this.traceTimes[slot * TRACE_TIMES + RT_END] = time;
      traceInts[r + R_ENDED] = (traceInts[r + R_ENDED] as number) + 1;
      ints[at + I_STATE] = flags | ENDED;
      if ((state & (HAS_RARE | STATUS_OK | STATUS_ERROR)) !== 0) this.mark(span, trace, state, code);
    } else if ((decision & KEPT) === 0) {
      this.totals.dropped++;
      ints[at + I_STATE] = flags | DONE;
    } else if ((state & IS_ABSORBED) !== 0) {
      ints[at + I_STATE] = flags | IS_HELD | ENDED;
      this.pushedOut(this.held.push(span));
    } else {
      ints[at + I_STATE] = flags | READY;
      const pushedOut = this.ready.push(span);
      if (pushedOut !== 0) this.pushedOut(pushedOut);
    }
  }

  /** Blocked and waiting end with the span; what it is afterwards. */
  private leaveAll(at: number, t: number, state: number): number {
    if ((state & IS_BLOCKED) !== 0) this.leaveBlocked(at, t);
    if ((state & IS_WAITING) !== 0) this.leaveWaiting(at, t);
    return (state & ~(IS_BLOCKED | IS_WAITING)) | ((this.ints[at + I_STATE] as number) & HAS_RARE);
  }

  private releaseHandle(index: number): void {
    const handle = this.spans.rare[index * RARE_STRIDE + X_HANDLE] as number;
    if (handle !== NONE) this.listener?.released(handle);
  }

  /** What policies look at, of a span that has more to tell than its times. */
  private mark(span: SpanRow, trace: number, state: number, code: number): void {
    const table = this.traces;
    if (code !== 0 || (state & (STATUS_OK | STATUS_ERROR)) !== 0) {
      table.addBits(trace, R_STATUSES, code !== 0 || (state & STATUS_ERROR) !== 0 ? 4 : 2);
      table.addTo(trace, R_WITH_STATUS, 1);
    }
    const blocked = this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_BLOCKED] as number;
    const rt = (trace & table.mask) * TRACE_TIMES + RT_BLOCKED;
    if (!(blocked > (table.times[rt] as number))) return;
    table.times[rt] = blocked;
    table.addState(trace, IS_MARKED);
  }

  /** A kept row is ready to be encoded. */
  leaves(row: SpanRow): void {
    this.pushedOut(this.ready.push(row));
  }

  /** A queue was full: what it let go of cannot leave any more, and counts as overwritten. */
  private pushedOut(row: SpanRow): void {
    if (row === 0 || !this.spans.has(row)) return;
    const at = (row & this.spans.mask) * INT_STRIDE;
    const state = this.spans.ints[at + I_STATE] as number;
    const waits = (state & STATE_MASK) === READY || (state & IS_HELD) !== 0;
    if (!waits) return;
    this.spans.ints[at + I_STATE] = (state & ~(STATE_MASK | IS_HELD)) | DONE;
    this.totals.overwritten++;
  }

  /**
   * Rows of a trace that was dropped are done, so that whoever takes their places needs not ask. A contributor that does
   * not know its flush stays as it is: it has something to be told, which nobody will hear.
   */
  forget(newest: SpanRow): void {
    const { ints, mask } = this;
    for (let row = newest; row > 0; ) {
      const at = (row & mask & INDEX_MASK) * INT_STRIDE;
      if (ints[at] !== row) return;
      const state = ints[at + I_STATE] as number;
      if ((state & (STATE_MASK | IS_ABSORBED)) === ENDED) ints[at + I_STATE] = (state & ~STATE_MASK) | DONE;
      row = ints[at + I_NEXT_IN_TRACE] as number;
    }
  }

  opened(trace: number): void {
    if (!this.traces.has(trace)) return;
    const at = (trace & this.traces.mask & SLOT_MASK) * TRACE_INTS + R_OPEN;
    this.traces.ints[at] = (this.traces.ints[at] as number) + 1;
  }

  resolved(trace: number): void {
    const table = this.traces;
    if (!table.has(trace)) return;
    const r = (trace & table.mask & SLOT_MASK) * TRACE_INTS;
    const open = (table.ints[r + R_OPEN] as number) - 1;
    table.ints[r + R_OPEN] = open;
    if (open > 0) return;
    const state = (table.ints[r + R_STATE] as number) | COMPLETE;
    table.ints[r + R_STATE] = state;
    if ((state & VOTED) === 0) this.listener?.completed(trace);
  }

  spanOf(span: SpanRow): Span {
    if (this.listener === null) throw new Error('no listener gives out spans');
    return this.listener.handle(span);
  }

  delayed(node: number, items: number, reason: 'held' | 'queued'): void {
    const counts = reason === 'held' ? this.metrics.delayedHeld : this.metrics.delayedQueued;
    counts[node] = (counts[node] as number) + items;
  }

  /** Index of the open row, −1 (and counted) where the caller came too late. */
  openAt(span: SpanRow): number {
    if (span <= 0) return -1;
    const at = (span & this.mask & INDEX_MASK) * INT_STRIDE;
    const ints = this.ints;
    if (ints[at] === span && ((ints[at + I_STATE] as number) & STATE_MASK) === OPEN) return at;
    this.totals.late++;
    return -1;
  }

  /** A reading of the clock for something that happens to this row now. */
  readClock(span: SpanRow): void {
    this.clock.readInto(this.now, NOW);
    this.freshRow = span;
  }

  private knownAt(span: SpanRow): number {
    if (span <= 0) return -1;
    const at = (span & this.mask & INDEX_MASK) * INT_STRIDE;
    if (this.ints[at] === span) return at;
    this.totals.late++;
    return -1;
  }

  private openTrace(): number {
    const time = this.now[NOW] as number;
    const table = this.traces;
    const trace = table.claim();
    const slot = trace & table.mask & SLOT_MASK;
    const r = slot * TRACE_INTS;
    const ints = table.ints;
    const before = ints[r + R_STATE] as number;
    // The table is full of traces under way: this one is decided now, with what is known of it.
    if ((before & (IN_USE | DECIDED)) === IN_USE) this.listener?.overdue(ints[r] as number);
    if (((ints[r + R_STATE] as number) & IS_MARKED) !== 0) table.clearMarks(slot);
    ints[r + R_SEQ] = trace;
    ints[r + R_STATE] = this.mode === 'tail' ? IN_USE : FULL_TRACE;
    ints[r + R_OPEN] = 0;
    ints[r + R_HEAD] = NONE;
    ints[r + R_SPANS] = 0;
    ints[r + R_ENDED] = 0;
    ints[r + R_BY] = BY_NONE;
    const rt = slot * TRACE_TIMES;
    table.times[rt + RT_START] = time;
    table.times[rt + RT_END] = time;
    table.times[rt + RT_ORIGIN] = time;
    return trace;
  }

  private openRow(
    node: number,
    pdata: Pdata,
    signal: number,
    path: number,
    state: number,
    parent: number,
  ): number {
    const row = this.spans.claim();
    const index = row & this.mask & INDEX_MASK;
    const at = index * INT_STRIDE;
    const ints = this.ints;
    const before = ints[at + I_STATE] as number;
    if ((before & (STATE_MASK | HAS_RARE)) !== DONE) this.makeRoom(index, before);
    const trace = pdata.trace;
    const slot = trace & this.traceMask & SLOT_MASK;
    ints[at + I_SEQ] = row;
    ints[at + I_TRACE] = trace;
    ints[at + I_PARENT] = parent;
    ints[at + I_PLACE] = placeOf(this.layoutOrdinal, node, signal);
    ints[at + I_ITEMS] = pdata.items;
    ints[at + I_SERIAL] = pdata.serial;
    ints[at + I_PATH] = path;
    const times = this.rowTimes;
    times[index * TIME_STRIDE + T_START] = this.now[NOW] as number;
    times[index * TIME_STRIDE + T_OUTCOME_WAIT] = 0;
    times[index * TIME_STRIDE + T_ORIGIN] = this.traceTimes[slot * TRACE_TIMES + RT_ORIGIN] as number;
    // Who keeps or drops a trace goes through its rows; where it is kept from its birth, nobody does.
    const traceInts = this.traceInts;
    const r = slot * TRACE_INTS;
    if (((traceInts[r + R_STATE] as number) & DECIDED) === 0) {
      ints[at + I_NEXT_IN_TRACE] = traceInts[r + R_HEAD] as number;
      traceInts[r + R_HEAD] = row;
      traceInts[r + R_SPANS] = (traceInts[r + R_SPANS] as number) + 1;
    }
    let flags = state;
    if (pdata.parts.length !== 0) {
      this.spans.parts[index] = pdata.parts;
      flags |= HAS_PARTS;
    }
    ints[at + I_STATE] = flags;
    this.raise(this.busyAt + node * 2);
    return row;
  }

  /** What stood in the place of a new row was not done, or left columns that few spans need. */
  private makeRoom(index: number, before: number): void {
    if ((before & STATE_MASK) !== DONE) this.overwrite(index * INT_STRIDE);
    if ((before & HAS_RARE) !== 0) this.spans.clearRare(index);
  }

  private rare(at: number): void {
    this.spans.ints[at + I_STATE] = (this.spans.ints[at + I_STATE] as number) | HAS_RARE;
  }

  /** What stood in the place of the new row: lost where it was open, not decided, or kept and not sent yet. */
  private overwrite(at: number): void {
    const ints = this.spans.ints;
    const before = ints[at + I_STATE] as number;
    const state = before & STATE_MASK;
    if (state === OPEN) this.abandonRunning(at, before);
    const trace = ints[at + I_TRACE] as number;
    const traceState = this.traces.stateOf(trace);
    // A trace that was decided and dropped has counted its rows already.
    if (state === ENDED && (before & IS_HELD) === 0 && (traceState === 0 || (traceState & DECIDED) !== 0))
      return;
    this.totals.overwritten++;
    if (traceState === 0) return;
    this.traces.addTo(trace, R_LOST, 1);
    if (state === ENDED && (traceState & DECIDED) === 0) this.traces.addTo(trace, R_LOST_ENDED, 1);
  }

  /** A handling that nobody will hear of again stops counting as running. */
  private abandonRunning(at: number, state: number): void {
    const ints = this.spans.ints;
    const place = ints[at + I_PLACE] as number;
    if (layoutOfPlace(place) !== this.layoutOrdinal) return;
    const node = nodeOfPlace(place);
    if ((state & IS_BLOCKED) !== 0) this.lower(this.blockedAt + node * 2);
    else if ((state & IS_WAITING) === 0) this.lower(this.busyAt + node * 2);
  }

  private link(row: number, target: SpanRow, type: number, a: number, b: number): number {
    const { spans, links } = this;
    this.rare((row & spans.mask) * INT_STRIDE);
    const x = (row & spans.mask) * RARE_STRIDE;
    spans.rare[x + X_LINK_COUNT] = (spans.rare[x + X_LINK_COUNT] as number) + 1;
    const link = links.add(row, spans.rare[x + X_LINK_HEAD] as number, type, a, b);
    spans.rare[x + X_LINK_HEAD] = link;
    const to = link * LINK_INTS;
    // A target that the ring has lost leaves a link without ids, which the encoder counts as dropped.
    if (spans.has(target)) {
      this.traces.writeId(this.traceOf(target), links.ints, to + L_TRACE_ID);
      spans.writeId(target, links.ints, to + L_SPAN_ID);
    } else links.ints.fill(0, to + L_TRACE_ID, to + L_SPAN_ID + 2);
    return link;
  }
}
