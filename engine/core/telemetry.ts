/**
 * What the core tells telemetry, declared here so that the core depends on nobody. Every argument is a small
 * integer, a reused object or an interned string: calling these allocates nothing. The implementation reads its
 * own clock, at most twice a hop. While `recording` is false (mode None) the core calls none of the hop methods
 * and nothing reads a clock; the direct counters of `counters.ts` go on.
 *
 *   send ─▶ [channel] ─▶ begin ──── events, blocked ──── end ─▶ completed (last ack or nack of the trace)
 *
 * What an implementation can rely on:
 * - `slot` is an id that no other message of the channel has until it is taken, below the channel's capacity, or below
 *   its largest so far after it shrank; `layoutChanged` precedes the first use of a larger one.
 * - `opened(pdata.trace)` follows at once whatever made the pdata (`beginAdmission`, `beginFlush`, a part, an attempt).
 *   A pdata sent on while nothing recorded comes back with `span`, `trace` = UNTRACED and `path` = 0: `begin` may give
 *   it a trace of its own by writing `pdata.trace`; the core then calls `opened` for it after `begin` has returned.
 * - `resolved` is called when the outcome has been heard and every span of the pdata's own hops has ended.
 * - One span is blocked on one edge at a time. Order at a full channel: `blocked` … `sent`, `unblocked`,
 *   `event(backpressure, blockedNs, depth, channel id)`, `accepted`; without: `sent`, `accepted`.
 * - The mode may change between any two calls: a pair may lack its other half, and rows may be stale.
 * - The core emits the events `ack nack` (where an outcome starts and where it is waited for), `export_success
 *   export_failure` (text: status, error), `retry` (a: attempt), `batch_flush` (a: items, text: reason), `batch_drop` (a: items,
 *   text: reason), `backpressure`, and, on the spans in a node's hands when an act is applied, `config_update drain
 *   shutdown timer_tick` (a: revision, or deadline ns). `port_selected` is `accepted`, `batch_absorbed` is `absorbedInto`.
 * - `delayed` is called for what was held; what was queued is seen at `begin`, against `layout.delayedAfterMs`.
 */

import type { Span } from '@opentelemetry/api';
import type { ControlAction, ControlOrigin, ControlOutcome } from '@/lib/semconv/control';
import type { Pdata } from './pdata';

/** A row of the recorder, guarded by the generation packed into it; UNTRACED (−1) where there is none. */
export type SpanRow = number;

/** Indices are positions in `PipelineLayout`; they stay valid for one revision of the topology. */
export interface PipelineLayout {
  readonly pipelineId: string;
  readonly revision: number;
  readonly nodes: readonly LayoutNode[];
  readonly channels: readonly LayoutChannel[];
  readonly edges: readonly LayoutEdge[];
  /** What is held or queued for longer counts as delayed. */
  readonly delayedAfterMs?: number;
}

export interface LayoutNode {
  readonly index: number;
  readonly id: string;
  /** `urn:otel:processor:batch` */
  readonly urn: string;
  readonly kind: 'receiver' | 'processor' | 'exporter';
  readonly typeId: string;
  readonly stateful: boolean;
  /** True where a handling stays open until its outcome (receivers, retry). */
  readonly waitsForOutcome: boolean;
  readonly changesUnit: boolean;
  /** All declared output ports with something connected. */
  readonly ports: readonly string[];
  /** Input pdata channel; −1 for a receiver. */
  readonly channel: number;
}

export interface LayoutChannel {
  readonly index: number;
  /** `pdata:<node id>` or `control:<node id>` */
  readonly id: string;
  readonly kind: 'pdata' | 'control';
  readonly node: number;
}

/** One sender's port into a channel: what `sent` and `blocked` are counted by. */
export interface LayoutEdge {
  readonly index: number;
  readonly from: number;
  readonly port: string;
  readonly channel: number;
}

/** Significant moments inside a span that the core itself knows of. `a` and `b` are numbers of the event's own. */
export type CoreEvent =
  | 'ack'
  | 'nack'
  | 'port_selected'
  | 'backpressure'
  | 'batch_full'
  | 'batch_flush'
  | 'batch_drop'
  | 'batch_absorbed'
  | 'retry'
  | 'export_success'
  | 'export_failure'
  | 'timer_tick'
  | 'config_update'
  | 'drain'
  | 'shutdown';

export interface HopTelemetry {
  /** False in None. Read before each call below. */
  readonly recording: boolean;

  /** A pdata went into ring slot `slot` of `channel` over `edge`; `depth` counts it. The span of the sender is `pdata.span`. */
  sent(channel: number, edge: number, slot: number, depth: number, pdata: Pdata): void;
  /** A handling begins with the pdata of `slot`; `depth` counts the taken item. Returns the row of its span. */
  begin(node: number, pdata: Pdata, channel: number, slot: number, depth: number): SpanRow;
  /**
   * A receiver admits a batch: root span of a new trace. Writes `pdata.trace`, `pdata.span`, `pdata.path`. `atOnce` says that
   * the core sends it in the same breath, if there is room: both moments are then one.
   */
  beginAdmission(node: number, pdata: Pdata, atOnce?: boolean): SpanRow;
  /**
   * A flush: root span of a new trace with merge links to contributor spans; `contributors` is the true count. `spans` holds
   * them all, since all of them are its family, up to MAX_FAMILY; the other arrays are for links, at most 128.
   */
  beginFlush(
    node: number,
    pdata: Pdata,
    contributors: number,
    spans: Int32Array,
    items: Float64Array,
    absorbedNs: Float64Array,
    batches: readonly string[],
  ): SpanRow;
  /** A send over `edge` found its channel full. Paired with `unblocked`, which returns nanoseconds blocked. */
  blocked(span: SpanRow, edge: number, depth: number): void;
  unblocked(span: SpanRow, edge: number): number;
  /** The send was accepted: `port_selected`, once a send. */
  accepted(span: SpanRow, edge: number, depth: number, blockedNs: number): void;
  /** Waiting for the outcome begins (output accepted) and ends (ack or nack). */
  outcomeWaitBegins(span: SpanRow): void;
  outcomeWaitEnds(span: SpanRow): void;
  /** The contributor's span ends into the node's state; returns the moment, nanoseconds of the clock. */
  absorbed(span: SpanRow): number;
  /** Which batch it went into, known at the flush: `batch_absorbed {into}`, as a log record when the span has ended. */
  absorbedInto(span: SpanRow, into: string): void;
  /** One whole contributor goes on as it came: `held.ms` goes onto its span, which has ended. */
  sentOn?(span: SpanRow): void;
  /** An event with up to two numbers and one interned text (a reason, a status). */
  event(span: SpanRow, event: CoreEvent, a: number, b: number, text: string): void;
  /**
   * It ends well: the wait for its outcome is over, `export_success` where there is a status, `ack`, and the end of the
   * span, all in one moment.
   */
  acked(span: SpanRow, status: string | null): void;
  /** Items on leaving, where they differ from those on entry. */
  itemsOut(span: SpanRow, items: number): void;
  /** Ends the span; `message` is empty unless it failed. Metrics are brought up to date here. */
  end(span: SpanRow, outcome: HopOutcome, message: string): void;
  /** A handling goes on after a while elsewhere: the latest reading of the clock is no longer now. */
  resumed(): void;
  /** One pdata of the trace came into being or was resolved. At zero open, the trace is complete and is decided. */
  opened(trace: number): void;
  resolved(trace: number): void;
  /** The public API over a row, for node authors; a reused flyweight. */
  spanOf(span: SpanRow): Span;
  /** Held or queued longer than `delayed_after`. */
  delayed(node: number, items: number, reason: 'held' | 'queued'): void;
}

export type HopOutcome = 'success' | 'failure' | 'refused';

/** Cold path: a handful of calls a second, in every mode. */
export interface EngineTelemetry {
  readonly hops: HopTelemetry;
  /** At start and at each change of topology. */
  layoutChanged(layout: PipelineLayout, counters: import('./counters').Counters, body: TopologyBody): void;
  controlAction(record: ControlRecord): void;
}

/** An act or a control message outside any span: told as a log record always, and as a span unless the mode is None. */
export interface ControlRecord {
  readonly action: ControlAction;
  readonly id: string;
  readonly origin: ControlOrigin;
  readonly revision: number;
  readonly outcome: ControlOutcome;
  readonly message: string;
  /** Node id, channel id or `pipeline`. */
  readonly target: string;
  /** Index of the node concerned, −1 where the target is no node. */
  readonly node: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly affectedCount: number;
  /** Spans of affected pdata, at most 128. */
  readonly affected: readonly SpanRow[];
}

/** The body of the `dataflow.topology` event. */
export interface TopologyBody {
  readonly pipeline: string;
  readonly revision: number;
  readonly nodes: readonly {
    readonly id: string;
    readonly type: string;
    readonly kind: string;
    readonly stateful: boolean;
    readonly ports: readonly string[];
    readonly concurrency: number;
    readonly state: 'running' | 'draining' | 'drained' | 'stopped';
    readonly config: unknown;
    readonly configSchema: unknown;
    readonly faults: unknown;
  }[];
  readonly connections: readonly { readonly from: string; readonly to: string }[];
  readonly channels: readonly { readonly id: string; readonly capacity: number }[];
}
