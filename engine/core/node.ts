/**
 * What a node author writes against. A node gets one capability object (`NodeHandle`) and, for each pdata it
 * handles, a `Hop`: the handling itself, with its span. Nothing else of the engine is in reach.
 *
 *   channel ──take──▶ process(hop) ──send──▶ next channel
 *                     hop.span: start ······ events ······ end when process returns or its promise settles
 */
import type { Span } from '@opentelemetry/api';
import type { Signal } from '@/lib/semconv/signals';
import type { ControlMessage } from './control';
import type { Payload } from './payload';
import type { Nack, Outcome, Pdata } from './pdata';

/** `undefined` when done synchronously: the fast path makes no promise. */
export type Async<T = void> = T | Promise<T>;

/** One handling of one pdata. Reused between handlings: never keep it after `process` has settled. */
export interface Hop {
  readonly pdata: Pdata;
  /** The standard API over the recorder; a no-op span in mode None. */
  readonly span: Span;
  /** True when spans are recorded: guard the making of costly attributes with it. */
  readonly recording: boolean;
  /** Sends on what came in, or a changed payload of the same batch (1 → 1). Waits while the channel is full. */
  forward(port: string, payload?: Payload, items?: number): Async;
  /** 1 → 1, then waits for the outcome; the span stays open meanwhile (`outcome.wait.ms`). Keeps the input open. */
  forwardAndWait(port: string, attempt: number): Promise<Outcome>;
  /** Time between two attempts: it counts as waiting for the outcome, not as working. */
  pauseBeforeRetry(ms: number): Promise<void>;
  /** 1 → n: each part gets `.k` and a split link; the input is resolved when the last part is. */
  split(parts: readonly Part[], resolve?: SplitResolution): Async;
  /** Takes the pdata into the node's own state; its span ends with `batch_absorbed`. It is resolved by what a flush makes of it. */
  absorb(): Contribution;
  /** The exporter's success: counts the items delivered and acks. */
  deliver(status?: string): void;
  /** Drops `items` of it by design or fault, counted by `reason`; what is left goes on. All of it: acks. */
  drop(items: number, reason: string): void;
  /** The failure starts here: items are counted as returned, the span becomes an error. */
  nack(reason: string, options?: { readonly permanent?: boolean }): void;
  /** Passes on an outcome that it waited for (`retry`). */
  resolve(outcome: Outcome): void;
}

export interface Part {
  readonly port: string;
  readonly payload: Payload;
  readonly items: number;
}

/** When the input of a split is resolved: by all parts, or by the primary's outcome alone. */
export type SplitResolution = { readonly kind: 'all' } | { readonly kind: 'primary'; readonly index: number };

/** A pdata that a stateful node holds. Pieces of it may go into several flushes. */
export interface Contribution {
  readonly pdata: Pdata;
  /** When it was absorbed, nanoseconds of the pipeline's clock; NaN in mode None. */
  readonly absorbedNs: number;
}

export interface Piece {
  readonly contribution: Contribution;
  /** Items of it that go into this flush. */
  readonly items: number;
  /** True when nothing of it is left behind. */
  readonly last: boolean;
}

export interface FlushOutput {
  readonly port: string;
  readonly payload: Payload;
  readonly items: number;
  readonly signal: Signal;
  readonly reason: 'size' | 'timer' | 'shutdown';
}

export interface NodeHandle {
  readonly id: string;
  /** Connected output ports, in the order of the configuration. */
  readonly ports: readonly string[];
  readonly clock: import('@/lib/base/clock').Clock;
  readonly random: import('@/lib/base/random').Random;
  /** n → m: the root span of a new trace with merge links; a single whole contributor goes on as 1 → 1. */
  flush(pieces: readonly Piece[], output: FlushOutput): Async;
  /** Drops what is held (`batch_drop`), acks it, and counts the items. */
  dropHeld(pieces: readonly Piece[], reason: string): void;
  /** A `timer_tick` named `timer` to this node's control channel every `everyMs`; ticks not yet read are coalesced. */
  startTimer(timer: string, everyMs: number): () => void;
  /** A one-line message to the operator's log. */
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** How a receiver brings pdata in: one admission, one root span, one trace. */
export interface ReceiverHandle extends NodeHandle {
  /**
   * Admits a batch and sends it on `port`. Resolves when the outcome is known (the span is open until then);
   * `accepted` is called once, when the channel has taken it. Items are counted as created (generated) or in (received).
   */
  admit(input: Admission): Promise<Outcome>;
  /** True while ingress is open; a drain closes it, and `admit` then nacks with `draining`. */
  readonly open: boolean;
}

export interface Admission {
  readonly signal: Signal;
  readonly payload: Payload;
  readonly items: number;
  readonly port: string;
  /** Items that come into being here (a generator) are `created`, those from outside `received`. */
  readonly source: 'received' | 'created';
  readonly accepted?: () => void;
}

export interface ProcessorNode {
  process(hop: Hop): Async;
  /**
   * Ticks, config updates (`change.config` is the parsed configuration; throw to refuse it) and telemetry collection.
   * A node without it is made anew from a changed configuration.
   */
  control?(message: ControlMessage, node: NodeHandle): Async;
  /** Called when the input is empty, and again if more came meanwhile: give up (flush) what is held. */
  drain?(node: NodeHandle): Async;
  stop?(): Async;
}

export type ExporterNode = ProcessorNode;

export interface ReceiverNode {
  /** Opens sockets or timers; rejects with a clear reason (a taken port names the port). */
  start(node: ReceiverHandle): Promise<void>;
  /** Stops taking anything new and resolves when nothing of it is under way at the door. */
  stop(): Promise<void>;
  control?(message: ControlMessage, node: ReceiverHandle): Async;
}

/** What every node type declares. `config` is a zod schema: its JSON Schema goes into the topology event. */
export interface NodeDefinition<Config = unknown> {
  readonly urn: string;
  readonly stateful: boolean;
  readonly config: import('zod').ZodType<Config>;
  /** Ports by name; `'any'` where the configuration names them (routers). Exporters have none. */
  ports(config: Config): readonly string[] | 'any';
  /** True where a handling stays open until the outcome of what it sent (`retry`). Receivers always wait. */
  readonly waitsForOutcome?: boolean;
  /** True where a node changes signal or unit, so that its conservation is not checked per signal. */
  readonly changesUnit?: boolean;
}

export type NodeType =
  | ({
      readonly kind: 'receiver';
      create(config: never, node: ReceiverHandle): ReceiverNode;
    } & NodeDefinition<never>)
  | ({
      readonly kind: 'processor' | 'exporter';
      create(config: never, node: NodeHandle): ProcessorNode;
    } & NodeDefinition<never>);

export type { Nack };
