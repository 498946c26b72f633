/** One span as people look at it: decoded, with its hop times. All that the trace page and the API show of it. */
import type { LinkType } from '@/lib/semconv/attributes';

export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanEvent {
  /** Canonical name. */
  readonly name: string;
  readonly timeUnixNano: string;
  readonly attributes: Attributes;
  /** Where it stood: in the span, or a log record with the span's ids. */
  readonly encoding: 'span_event' | 'log_record';
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly type: LinkType | 'other';
  readonly attributes: Attributes;
  /** Where the other end is: here, dropped from the store, or never seen. */
  readonly state: 'held' | 'evicted' | 'unknown';
}

export interface SpanDetail {
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly nodeId: string;
  readonly nodeType: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startUnixNano: string;
  readonly durationMs: number;
  /** Time in the input channel, before the start. `null` where the source does not tell. */
  readonly waitMs: number | null;
  readonly workMs: number | null;
  readonly blockedMs: number | null;
  readonly outcomeWaitMs: number | null;
  readonly heldMs: number | null;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string;
  readonly signal: string;
  readonly items: number | null;
  readonly itemsOut: number | null;
  readonly batchId: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: Attributes };
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  /** Links of other spans that point here. */
  readonly backlinks: readonly SpanLink[];
  /** True where its parent never came. */
  readonly orphan: boolean;
}
