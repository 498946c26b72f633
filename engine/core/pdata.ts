/**
 * A pdata: one batch of one signal on its way through the DAG. The payload is real OTLP; it is decoded only by a
 * node that has to look inside, and merged by joining bytes, since the export requests of OTLP are one repeated field.
 */
import type { Signal } from '@/lib/semconv/signals';
import type { Payload } from './payload';

/** No trace, no span: what a pdata carries in mode None. */
export const UNTRACED = -1;

export interface Pdata {
  /** Counted per process run; `batchName` makes `batch-1234` or `batch-1234.2` of it. */
  readonly serial: number;
  /** Parts of splits on the way here, outermost first; empty for a whole batch. */
  readonly parts: readonly number[];
  readonly signal: Signal;
  /** Its place in SIGNALS: what counters and series are indexed by. */
  readonly signalAt: number;
  /** Items (log records, spans, metric points, events) in the payload. */
  readonly items: number;
  readonly payload: Payload;
  /** Where acks and nacks of this pdata go; owned by the core. */
  readonly route: Route;
  /** Recorder's slot of the trace, and row of the span that sent it; UNTRACED in None. Owned by telemetry. */
  trace: number;
  span: number;
  /** How it came about where it was not passed on as it was: the link that the next span carries. */
  readonly origin: PdataOrigin | null;
  /** Index of the path so far (receiver to here) in the recorder's path table; 0 where none. */
  path: number;
}

/** `span` is the recorder's row of the splitting span, or of the attempt that failed. */
export type PdataOrigin =
  | { readonly kind: 'split'; readonly span: number; readonly partIndex: number; readonly partCount: number }
  | { readonly kind: 'retry'; readonly span: number; readonly attempt: number };

/** Opaque outside the core: the chain of those who want to hear the outcome. */
export interface Route {
  readonly kind: string;
}

export function batchName(serial: number, parts: readonly number[]): string {
  return parts.length === 0 ? `batch-${serial}` : `batch-${serial}.${parts.join('.')}`;
}

export type Outcome = { readonly kind: 'ack' } | Nack;

export interface Nack {
  readonly kind: 'nack';
  readonly reason: string;
  /** A permanent refusal is not worth another try. */
  readonly permanent: boolean;
  /** The node where the nack starts. */
  readonly cause: string;
}

export const ACK: Outcome = { kind: 'ack' };
