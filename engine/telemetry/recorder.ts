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
import { input } from '@/lib/histogram/buckets';
import * as arenas from './arenas';
import {
  E_ATTRS,
  E_LATE,
  E_NEXT,
  EVENT_INTS,
  EVENT_NUMBERS,
  L_SPAN_ID,
  L_TRACE_ID,
  LINK_INTS,
  LINK_MERGE,
  LINK_RETRY,
  LINK_SPLIT,
  NONE,
} from './arenas';
import { ChannelSlots } from './channel-slots';
import { eventKind, K_BATCH_ABSORBED, K_BATCH_DROP, K_NACK, K_PORT_SELECTED } from './event-kinds';
import { HopMetrics } from './hop-metrics';
import { IdGenerator } from './ids';
import { RowQueue } from './row-queue';
import * as ring from './span-ring';
import {
  DONE,
  ENDED,
  FREE,
  HAS_MESSAGE,
  HAS_RARE,
  I_ATTR_HEAD,
  I_CAPACITY,
  I_CONTRIBUTORS,
  I_DEPTH,
  I_EDGE,
  I_EVENT_COUNT,
  I_EVENT_HEAD,
  I_EVENT_TAIL,
  I_HANDLE,
  I_ITEMS,
  I_ITEMS_OUT,
  I_LAYOUT,
  I_LINK_COUNT,
  I_LINK_HEAD,
  I_NEXT_IN_TRACE,
  I_NODE,
  I_OUTCOME,
  I_PARENT_ID,
  I_PATH,
  I_SEND_DEPTH,
  I_SEQ,
  I_SERIAL,
  I_SIGNAL,
  I_SPAN_ID,
  I_STATE,
  I_TRACE,
  I_TRACE_ID,
  INT_STRIDE,
  IS_ABSORBED,
  IS_ADMISSION,
  IS_BLOCKED,
  IS_FLUSH,
  IS_HELD,
  IS_ROOT,
  IS_WAITING,
  OPEN,
  READY,
  STATE_MASK,
  STATUS_ERROR,
  STATUS_OK,
  T_BLOCKED,
  T_END,
  T_HELD,
  T_MARK,
  T_ORIGIN,
  T_OUTCOME_WAIT,
  T_START,
  T_WAIT,
  TIME_STRIDE,
} from './span-ring';
import * as traces from './trace-table';
import {
  BY_NONE,
  COMPLETE,
  DECIDED,
  IN_USE,
  KEEPS_DOWN,
  KEPT,
  R_BY,
  R_CONTROL,
  R_DOWN,
  R_DROPPED,
  R_ENDED,
  R_HEAD,
  R_LOST,
  R_MISSING,
  R_OPEN,
  R_ROOT,
  R_SEQ,
  R_SPANS,
  R_STATE,
  R_STATUSES,
  R_UP,
  RT_BLOCKED,
  RT_END,
  RT_ORIGIN,
  RT_START,
  TRACE_INTS,
  TRACE_TIMES,
  VOTED,
} from './trace-table';

/** In Full nobody votes: every trace is kept from its birth. */
const FULL_TRACE = IN_USE | DECIDED | KEPT | VOTED;

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
  /** Running totals of `dataflow.tracing.spans`, and calls on spans that were gone. */
  readonly totals = { recorded: 0, kept: 0, dropped: 0, overwritten: 0, late: 0 };
  listener: RecorderListener | null = null;
  /** The latest reading of the clock, and the row that it was taken for. */
  readonly now = new Float64Array(1);
  private freshRow = NONE;
  private readonly clock: Clock;
  private readonly ids: IdGenerator;
  private slots: ChannelSlots[] = [];
  private counters: Counters | null = null;
  private exporter = new Uint8Array(0);
  private delayedAfterNs = 1e9;

  constructor(options: RecorderOptions) {
    this.clock = options.clock;
    this.ids = new IdGenerator(options.seed);
    this.spans = new ring.SpanRing(options.rows);
    this.traces = new traces.TraceTable(Math.max(64, options.rows / 2));
    this.events = new arenas.EventArena(options.rows * 4);
    this.links = new arenas.LinkArena(options.rows * 2);
    this.attributes = new arenas.AttributeArena(options.rows * 2);
    this.ready = new RowQueue(this.spans.capacity);
    this.held = new RowQueue(this.spans.capacity);
    this.metrics = new HopMetrics(
      { pipelineId: '', revision: 0, nodes: [], channels: [], edges: [] },
      this.now,
    );
  }

  /** A new topology: fresh series and slots. Rows keep the ordinal of the layout that they were written under. */
  setLayout(layout: PipelineLayout, counters: Counters, ordinal: number): void {
    this.metrics = new HopMetrics(layout, this.now);
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
    for (let slot = 0; slot < this.traces.capacity; slot++) this.traces.ints[slot * TRACE_INTS] = 0;
    for (let slot = 0; slot < this.traces.capacity; slot++) this.traces.ints[slot * TRACE_INTS + R_STATE] = 0;
  }

  private restartIntegrals(): void {
    this.clock.readInto(this.now, 0);
    const { occupancy, busy, blocked, layout } = this.metrics;
    for (const channel of layout.channels) {
      occupancy.restart(channel.index, this.counters?.depth[channel.index] ?? 0);
    }
    for (const node of layout.nodes) {
      busy.restart(node.index, 0);
      blocked.restart(node.index, 0);
    }
  }

  sent(channel: number, edge: number, slot: number, depth: number, pdata: Pdata): void {
    this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
    this.metrics.occupancy.set(channel, depth);
    const slots = this.slots[channel];
    if (slots === undefined) return;
    const row = pdata.span;
    this.freshRow = row;
    slots.sentAt[slot] = time;
    if (row > 0 && this.spans.has(row)) {
      const ints = this.spans.ints;
      const from = (row & this.spans.mask) * INT_STRIDE;
      slots.senders[slot * 2] = ints[from + I_SPAN_ID] as number;
      slots.senders[slot * 2 + 1] = ints[from + I_SPAN_ID + 1] as number;
      pdata.path = ints[from + I_PATH] as number;
      // Where the send was waited for, `unblocked` comes next and reads on its own.
      ints[from + I_EDGE] = edge;
      ints[from + I_SEND_DEPTH] = depth;
    } else {
      slots.senders[slot * 2] = 0;
      slots.senders[slot * 2 + 1] = 0;
    }
  }

  begin(node: number, pdata: Pdata, channel: number, slot: number, depth: number): SpanRow {
    this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
    const metrics = this.metrics;
    metrics.occupancy.set(channel, depth - 1);
    const signal = signalNumber(pdata);
    const slots = this.slots[channel];
    if (slots === undefined) return UNTRACED;
    const sentAt = slots.sentAt[slot] as number;
    const wait = time - sentAt;
    if (wait >= 0) {
      input[0] = wait;
      metrics.recordWait(channel, signal);
      if (wait > this.delayedAfterNs) this.delayed(node, pdata.items, 'queued');
    }
    const traced = this.traces.has(pdata.trace);
    if (!traced) {
      pdata.trace = this.openTrace();
      pdata.path = 0;
    }
    const row = this.openRow(node, pdata, signal, metrics.paths.extend(pdata.path, node));
    const ints = this.spans.ints;
    const at = (row & this.spans.mask) * INT_STRIDE;
    this.spans.times[(row & this.spans.mask) * TIME_STRIDE + T_WAIT] = wait;
    ints[at + I_DEPTH] = depth;
    ints[at + I_CAPACITY] = (this.counters?.capacity[channel] ?? 0) | 0;
    if (traced) {
      ints[at + I_PARENT_ID] = slots.senders[slot * 2] as number;
      ints[at + I_PARENT_ID + 1] = slots.senders[slot * 2 + 1] as number;
    } else {
      ints[at + I_PARENT_ID] = 0;
      ints[at + I_PARENT_ID + 1] = 0;
      this.markRoot(row, at);
    }
    const origin = pdata.origin;
    if (origin !== null) {
      if (origin.kind === 'split')
        this.link(row, at, origin.span, LINK_SPLIT, origin.partIndex, origin.partCount);
      else this.link(row, at, origin.span, LINK_RETRY, origin.attempt, 0);
    }
    return row;
  }

  beginAdmission(node: number, pdata: Pdata): SpanRow {
    this.clock.readInto(this.now, 0);
    pdata.trace = this.openTrace();
    const row = this.openRow(node, pdata, signalNumber(pdata), this.metrics.paths.extend(0, node));
    const at = (row & this.spans.mask) * INT_STRIDE;
    this.withoutInput(row, at);
    this.markRoot(row, at);
    this.spans.ints[at + I_STATE] = OPEN | IS_ROOT | IS_ADMISSION;
    pdata.span = row;
    pdata.path = this.spans.ints[at + I_PATH] as number;
    return row;
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
    this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
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
    const row = this.openRow(
      node,
      pdata,
      signalNumber(pdata),
      path === 0 ? this.metrics.paths.extend(0, node) : path,
    );
    const at = (row & this.spans.mask) * INT_STRIDE;
    this.withoutInput(row, at);
    this.markRoot(row, at);
    const ints = this.spans.ints;
    ints[at + I_STATE] = OPEN | IS_ROOT | IS_FLUSH | HAS_RARE;
    ints[at + I_CONTRIBUTORS] = contributors;
    const trace = (pdata.trace & this.traces.mask) * TRACE_INTS;
    for (let i = known - 1; i >= 0; i--) {
      const from = spans[i] as number;
      // Not recorded, or overwritten meanwhile.
      if (!this.spans.has(from)) {
        if (from > 0)
          this.traces.ints[trace + R_MISSING] = (this.traces.ints[trace + R_MISSING] as number) + 1;
        continue;
      }
      const link = this.link(row, at, from, LINK_MERGE, items[i] as number, 0);
      this.links.numbers[link] = time - (absorbedNs[i] as number);
      this.links.texts[link] = batches[i] ?? '';
      if (this.mode === 'tail')
        this.joinFamily(ints[(from & this.spans.mask) * INT_STRIDE + I_TRACE] as number, pdata.trace);
    }
    pdata.span = row;
    pdata.path = ints[at + I_PATH] as number;
    return row;
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
    this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
    const ints = this.spans.ints;
    const node = ints[at + I_NODE] as number;
    const state = ints[at + I_STATE] as number;
    if ((state & IS_BLOCKED) !== 0) return;
    ints[at + I_STATE] = state | IS_BLOCKED;
    ints[at + I_EDGE] = edge;
    this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_MARK] = time;
    if ((state & STATE_MASK) === OPEN) this.metrics.busy.add(node, -1);
    this.metrics.blocked.add(node, 1);
  }

  unblocked(span: SpanRow, edge: number): number {
    const at = this.knownAt(span);
    if (at < 0) return 0;
    const ints = this.spans.ints;
    if (((ints[at + I_STATE] as number) & IS_BLOCKED) === 0) return 0;
    this.clock.readInto(this.now, 0);
    this.freshRow = span;
    const ns = this.leaveBlocked(at, (span & this.spans.mask) * TIME_STRIDE);
    input[0] = ns;
    this.metrics.recordBlocked(edge, ints[at + I_SIGNAL] as number);
    return ns;
  }

  private leaveBlocked(at: number, t: number): number {
    const time = this.now[0] as number;
    const { ints, times } = this.spans;
    const node = ints[at + I_NODE] as number;
    const state = ints[at + I_STATE] as number;
    ints[at + I_STATE] = (state & ~IS_BLOCKED) | HAS_RARE;
    const ns = time - (times[t + T_MARK] as number);
    this.metrics.blocked.add(node, -1);
    if ((state & STATE_MASK) === OPEN) {
      times[t + T_BLOCKED] = (times[t + T_BLOCKED] as number) + ns;
      this.metrics.busy.add(node, 1);
    }
    return ns;
  }

  accepted(span: SpanRow, edge: number, depth: number, blockedNs: number): void {
    const at = this.knownAt(span);
    if (at < 0) return;
    if (this.freshRow !== span) {
      this.clock.readInto(this.now, 0);
      this.freshRow = span;
    }
    this.spans.ints[at + I_EDGE] = edge;
    this.spans.ints[at + I_SEND_DEPTH] = depth;
    const state = (this.spans.ints[at + I_STATE] as number) & STATE_MASK;
    const event = this.addEvent(span, at, K_PORT_SELECTED, depth, blockedNs);
    this.events.ints[event * EVENT_INTS + E_ATTRS] = edge;
    if (state !== OPEN) this.afterEnd(span, event, state);
  }

  outcomeWaitBegins(span: SpanRow): void {
    const at = this.openAt(span);
    if (at < 0) return;
    if (this.freshRow !== span) this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
    const ints = this.spans.ints;
    if (((ints[at + I_STATE] as number) & IS_WAITING) !== 0) return;
    ints[at + I_STATE] = (ints[at + I_STATE] as number) | IS_WAITING;
    this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_MARK] = time;
    this.metrics.busy.add(ints[at + I_NODE] as number, -1);
  }

  outcomeWaitEnds(span: SpanRow): void {
    const at = this.openAt(span);
    if (at < 0 || ((this.spans.ints[at + I_STATE] as number) & IS_WAITING) === 0) return;
    this.clock.readInto(this.now, 0);
    this.freshRow = span;
    this.leaveWaiting(at, (span & this.spans.mask) * TIME_STRIDE);
  }

  private leaveWaiting(at: number, t: number): void {
    const time = this.now[0] as number;
    const { ints, times } = this.spans;
    ints[at + I_STATE] = ((ints[at + I_STATE] as number) & ~IS_WAITING) | HAS_RARE;
    times[t + T_OUTCOME_WAIT] = (times[t + T_OUTCOME_WAIT] as number) + time - (times[t + T_MARK] as number);
    this.metrics.busy.add(ints[at + I_NODE] as number, 1);
  }

  resumed(): void {
    this.freshRow = NONE;
  }

  absorbed(span: SpanRow): number {
    this.clock.readInto(this.now, 0);
    const time = this.now[0] as number;
    const at = this.openAt(span);
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
    this.clock.readInto(this.now, 0);
    const times = this.spans.times;
    const t = (span & this.spans.mask) * TIME_STRIDE;
    times[t + T_HELD] = (this.now[0] as number) - (times[t + T_END] as number);
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
      this.clock.readInto(this.now, 0);
      this.freshRow = span;
    }
    this.eventOn(span, at, kind, a, b, text);
    if (kind === K_BATCH_DROP) this.countDropped(at, a);
  }

  /** An event on any row that is still there. */
  eventOn(span: SpanRow, at: number, kind: number, a: number, b: number, text: string): number {
    const state = (this.spans.ints[at + I_STATE] as number) & STATE_MASK;
    const event = this.addEvent(span, at, kind, a, b);
    this.events.texts[event] = text;
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
    const event = this.events.add(span, kind);
    const numbers = event * EVENT_NUMBERS;
    this.events.numbers[numbers] = this.now[0] as number;
    this.events.numbers[numbers + 1] = a;
    this.events.numbers[numbers + 2] = b;
    const tail = ints[at + I_EVENT_TAIL] as number;
    if (tail === NONE) ints[at + I_EVENT_HEAD] = event;
    else this.events.ints[tail * EVENT_INTS + E_NEXT] = event;
    ints[at + I_EVENT_TAIL] = event;
    ints[at + I_EVENT_COUNT] = (ints[at + I_EVENT_COUNT] as number) + 1;
    return event;
  }

  private countDropped(at: number, items: number): void {
    const trace = this.spans.ints[at + I_TRACE] as number;
    if (!this.traces.has(trace)) return;
    const dropped = (trace & this.traces.mask) * TRACE_INTS + R_DROPPED;
    this.traces.ints[dropped] = (this.traces.ints[dropped] as number) + items;
  }

  itemsOut(span: SpanRow, items: number): void {
    const at = this.openAt(span);
    if (at < 0) return;
    this.spans.ints[at + I_ITEMS_OUT] = items;
    this.rare(at);
  }

  /** The clock is read here, in a small function: where its code is not inlined, what it returns is allocated. */
  end(span: SpanRow, outcome: HopOutcome, message: string): void {
    if (this.freshRow !== span) this.clock.readInto(this.now, 0);
    this.finish(span, outcome, message);
  }

  private finish(span: SpanRow, outcome: HopOutcome, message: string): void {
    const at = this.openAt(span);
    if (at < 0) return;
    const time = this.now[0] as number;
    this.freshRow = NONE;
    const { ints, times, mask } = this.spans;
    const metrics = this.metrics;
    const t = (span & mask) * TIME_STRIDE;
    let state = ints[at + I_STATE] as number;
    if ((state & (IS_BLOCKED | IS_WAITING)) !== 0) {
      if ((state & IS_BLOCKED) !== 0) this.leaveBlocked(at, t);
      if ((state & IS_WAITING) !== 0) this.leaveWaiting(at, t);
      state = ints[at + I_STATE] as number;
    }
    times[t + T_END] = time;
    const node = ints[at + I_NODE] as number;
    const signal = ints[at + I_SIGNAL] as number;
    const code = outcome === 'success' ? 0 : outcome === 'failure' ? 1 : 2;
    const blocked = times[t + T_BLOCKED] as number;
    const work = time - (times[t] as number) - blocked - (times[t + T_OUTCOME_WAIT] as number);
    metrics.busy.add(node, -1);
    input[0] = work;
    metrics.recordDuration(node, signal, code);
    if ((state & IS_FLUSH) === 0) {
      input[0] = ints[at + I_ITEMS] as number;
      metrics.recordSize(node, signal);
    }
    if (this.exporter[node] === 1) {
      input[0] = time - (times[t + T_ORIGIN] as number);
      metrics.recordPath(ints[at + I_PATH] as number, code);
    }
    if (code !== 0) {
      ints[at + I_OUTCOME] = code;
      this.spans.messages[span & mask] = message;
      state |= HAS_MESSAGE | HAS_RARE;
    }
    if ((ints[at + I_HANDLE] as number) !== NONE) this.listener?.released(ints[at + I_HANDLE] as number);
    this.settle(span, at, state, code);
  }

  /** An ended row goes to export, into oblivion, or waits for its trace's decision. */
  private settle(span: SpanRow, at: number, state: number, code: number): void {
    const ints = this.spans.ints;
    const table = this.traces;
    const trace = ints[at + I_TRACE] as number;
    const flags = state & ~STATE_MASK;
    if (table.ints[(trace & table.mask) * TRACE_INTS] !== trace) {
      // Decided long ago, and its slot has gone to another.
      this.totals.dropped++;
      ints[at + I_STATE] = flags | DONE;
      return;
    }
    const r = (trace & table.mask) * TRACE_INTS;
    const traceState = table.ints[r + R_STATE] as number;
    if ((traceState & DECIDED) === 0) {
      const rt = (trace & table.mask) * TRACE_TIMES;
      const blocked = this.spans.times[(span & this.spans.mask) * TIME_STRIDE + T_BLOCKED] as number;
      table.times[rt + RT_END] = this.now[0] as number;
      if (blocked > (table.times[rt + RT_BLOCKED] as number)) table.times[rt + RT_BLOCKED] = blocked;
      table.ints[r + R_STATUSES] = (table.ints[r + R_STATUSES] as number) | statusBit(state, code);
      table.ints[r + R_ENDED] = (table.ints[r + R_ENDED] as number) + 1;
      ints[at + I_STATE] = flags | ENDED;
    } else if ((traceState & KEPT) === 0) {
      this.totals.dropped++;
      ints[at + I_STATE] = flags | DONE;
    } else if ((state & IS_ABSORBED) !== 0) {
      ints[at + I_STATE] = flags | IS_HELD | ENDED;
      this.pushedOut(this.held.push(span));
    } else {
      ints[at + I_STATE] = flags | READY;
      this.leaves(span);
    }
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

  opened(trace: number): void {
    if (!this.traces.has(trace)) return;
    const at = (trace & this.traces.mask) * TRACE_INTS + R_OPEN;
    this.traces.ints[at] = (this.traces.ints[at] as number) + 1;
  }

  resolved(trace: number): void {
    const table = this.traces;
    if (!table.has(trace)) return;
    const r = (trace & table.mask) * TRACE_INTS;
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
    const at = (span & this.spans.mask) * INT_STRIDE;
    const ints = this.spans.ints;
    if (ints[at] === span && ((ints[at + I_STATE] as number) & STATE_MASK) === OPEN) return at;
    this.totals.late++;
    return -1;
  }

  /** A reading of the clock for something that happens to this row now. */
  readClock(span: SpanRow): void {
    this.clock.readInto(this.now, 0);
    this.freshRow = span;
  }

  private knownAt(span: SpanRow): number {
    if (span <= 0) return -1;
    const at = (span & this.spans.mask) * INT_STRIDE;
    if (this.spans.ints[at] === span) return at;
    this.totals.late++;
    return -1;
  }

  private openTrace(): number {
    const time = this.now[0] as number;
    const table = this.traces;
    const trace = table.claim();
    const r = (trace & table.mask) * TRACE_INTS;
    const before = table.ints[r + R_STATE] as number;
    // The table is full of traces under way: this one is decided now, with what is known of it.
    if ((before & IN_USE) !== 0 && (before & DECIDED) === 0) {
      this.listener?.overdue(table.ints[r] as number);
    }
    const ints = table.ints;
    ints[r + R_SEQ] = trace;
    ints[r + R_STATE] = this.mode === 'tail' ? IN_USE : FULL_TRACE;
    ints[r + R_OPEN] = 0;
    ints[r + R_ROOT] = NONE;
    ints[r + R_HEAD] = NONE;
    ints[r + R_SPANS] = 0;
    ints[r + R_ENDED] = 0;
    ints[r + R_STATUSES] = 0;
    ints[r + R_DROPPED] = 0;
    ints[r + R_CONTROL] = 0;
    ints[r + R_BY] = BY_NONE;
    ints[r + R_UP] = NONE;
    ints[r + R_DOWN] = NONE;
    ints[r + R_MISSING] = 0;
    ints[r + R_LOST] = 0;
    const rt = (trace & table.mask) * TRACE_TIMES;
    table.times[rt + RT_START] = time;
    table.times[rt + RT_END] = time;
    table.times[rt + RT_BLOCKED] = 0;
    table.times[rt + RT_ORIGIN] = time;
    this.ids.write(table.ids, (trace & table.mask) * 4, 4);
    return trace;
  }

  private openRow(node: number, pdata: Pdata, signal: number, path: number): number {
    const time = this.now[0] as number;
    const { spans, traces: table } = this;
    const row = spans.claim();
    const at = (row & spans.mask) * INT_STRIDE;
    const ints = spans.ints;
    const before = ints[at + I_STATE] as number;
    if ((before & STATE_MASK) !== DONE) this.overwrite(at);
    if ((before & HAS_RARE) !== 0) this.clearRare(at, (row & spans.mask) * TIME_STRIDE);
    const trace = pdata.trace;
    const r = (trace & table.mask) * TRACE_INTS;
    ints[at + I_SEQ] = row;
    ints[at + I_STATE] = OPEN;
    ints[at + I_TRACE] = trace;
    const id = (trace & table.mask) * 4;
    ints[at + I_TRACE_ID] = table.ids[id] as number;
    ints[at + I_TRACE_ID + 1] = table.ids[id + 1] as number;
    ints[at + I_TRACE_ID + 2] = table.ids[id + 2] as number;
    ints[at + I_TRACE_ID + 3] = table.ids[id + 3] as number;
    this.ids.write(ints, at + I_SPAN_ID, 2);
    ints[at + I_NODE] = node;
    ints[at + I_LAYOUT] = this.layoutOrdinal;
    ints[at + I_SIGNAL] = signal;
    ints[at + I_EDGE] = NONE;
    ints[at + I_SEND_DEPTH] = NONE;
    ints[at + I_ITEMS] = pdata.items;
    ints[at + I_SERIAL] = pdata.serial;
    ints[at + I_PATH] = path;
    ints[at + I_NEXT_IN_TRACE] = table.ints[r + R_HEAD] as number;
    ints[at + I_EVENT_HEAD] = NONE;
    ints[at + I_EVENT_TAIL] = NONE;
    ints[at + I_EVENT_COUNT] = 0;
    table.ints[r + R_HEAD] = row;
    table.ints[r + R_SPANS] = (table.ints[r + R_SPANS] as number) + 1;
    const t = (row & spans.mask) * TIME_STRIDE;
    const times = spans.times;
    times[t + T_START] = time;
    times[t + T_END] = time;
    times[t + T_ORIGIN] = table.times[(trace & table.mask) * TRACE_TIMES + RT_ORIGIN] as number;
    if (spans.parts[row & spans.mask] !== pdata.parts) spans.parts[row & spans.mask] = pdata.parts;
    this.metrics.busy.add(node, 1);
    this.totals.recorded++;
    return row;
  }

  private rare(at: number): void {
    this.spans.ints[at + I_STATE] = (this.spans.ints[at + I_STATE] as number) | HAS_RARE;
  }

  private clearRare(at: number, t: number): void {
    const { ints, times } = this.spans;
    ints[at + I_ITEMS_OUT] = NONE;
    ints[at + I_LINK_HEAD] = NONE;
    ints[at + I_LINK_COUNT] = 0;
    ints[at + I_ATTR_HEAD] = NONE;
    ints[at + I_OUTCOME] = 0;
    ints[at + I_HANDLE] = NONE;
    ints[at + I_CONTRIBUTORS] = 0;
    times[t + T_BLOCKED] = 0;
    times[t + T_OUTCOME_WAIT] = 0;
    times[t + T_HELD] = Number.NaN;
  }

  /** A root that came in over no channel. */
  private withoutInput(row: number, at: number): void {
    const { ints, times, mask } = this.spans;
    ints[at + I_PARENT_ID] = 0;
    ints[at + I_PARENT_ID + 1] = 0;
    ints[at + I_DEPTH] = NONE;
    times[(row & mask) * TIME_STRIDE + T_WAIT] = Number.NaN;
  }

  private markRoot(row: number, at: number): void {
    this.spans.ints[at + I_STATE] = (this.spans.ints[at + I_STATE] as number) | IS_ROOT;
    const trace = this.spans.ints[at + I_TRACE] as number;
    this.traces.ints[(trace & this.traces.mask) * TRACE_INTS + R_ROOT] = row;
  }

  /** What stood in the place of the new row: lost where it was open, not decided, or kept and not sent yet. */
  private overwrite(at: number): void {
    const ints = this.spans.ints;
    const before = ints[at + I_STATE] as number;
    const state = before & STATE_MASK;
    if (state === DONE || state === FREE) return;
    if (state === OPEN) this.abandonRunning(at, before);
    const trace = ints[at + I_TRACE] as number;
    const traceState = this.traces.stateOf(trace);
    // A trace that was decided and dropped has counted its rows already.
    if (state === ENDED && (before & IS_HELD) === 0 && (traceState === 0 || (traceState & DECIDED) !== 0))
      return;
    this.totals.overwritten++;
    if (traceState === 0) return;
    const r = (trace & this.traces.mask) * TRACE_INTS;
    this.traces.ints[r + R_LOST] = (this.traces.ints[r + R_LOST] as number) + 1;
    if (state === ENDED && (traceState & DECIDED) === 0) {
      this.traces.ints[r + R_ENDED] = (this.traces.ints[r + R_ENDED] as number) - 1;
    }
  }

  /** A handling that nobody will hear of again stops counting as running. */
  private abandonRunning(at: number, state: number): void {
    const ints = this.spans.ints;
    if (ints[at + I_LAYOUT] !== this.layoutOrdinal) return;
    const node = ints[at + I_NODE] as number;
    if ((state & IS_BLOCKED) !== 0) this.metrics.blocked.add(node, -1);
    else if ((state & IS_WAITING) === 0) this.metrics.busy.add(node, -1);
  }

  private link(row: number, at: number, target: SpanRow, type: number, a: number, b: number): number {
    const ints = this.spans.ints;
    this.rare(at);
    ints[at + I_LINK_COUNT] = (ints[at + I_LINK_COUNT] as number) + 1;
    const link = this.links.add(row, ints[at + I_LINK_HEAD] as number, type, a, b);
    ints[at + I_LINK_HEAD] = link;
    const to = link * LINK_INTS;
    // A target that the ring has lost leaves a link without ids, which the encoder counts as dropped.
    const there = this.spans.has(target);
    const from = (target & this.spans.mask) * INT_STRIDE;
    for (let word = 0; word < 4; word++) {
      this.links.ints[to + L_TRACE_ID + word] = there ? (ints[from + I_TRACE_ID + word] as number) : 0;
    }
    for (let word = 0; word < 2; word++) {
      this.links.ints[to + L_SPAN_ID + word] = there ? (ints[from + I_SPAN_ID + word] as number) : 0;
    }
    return link;
  }
}

/** Bits of R_STATUSES: unset, ok, error. */
function statusBit(state: number, code: number): number {
  if (code !== 0 || (state & STATUS_ERROR) !== 0) return 4;
  return (state & STATUS_OK) !== 0 ? 2 : 1;
}

function signalNumber(pdata: Pdata): number {
  const signal = pdata.signal;
  return signal === 'logs' ? 0 : signal === 'metrics' ? 1 : signal === 'traces' ? 2 : 3;
}
