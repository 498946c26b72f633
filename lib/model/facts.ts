/**
 * Facts: the one language that dialects speak and everything after them understands. An engine's name for a thing
 * ends at its dialect. Amounts are deltas over `(startNano, timeNano]`, already differenced where a source counts
 * cumulatively; durations are seconds, in histograms of scale 7 where the source has buckets.
 */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import type { NodeKind } from '@/lib/semconv/signals';

export type Fact =
  | NodeFact
  | EdgeFact
  | GaugeFact
  | CounterFact
  | DurationFact
  | EventFact
  | ControlFact
  | DecisionFact
  | TopologyFact
  | SeenFact;

export type Provenance = 'declared' | 'observed' | 'inferred';

export interface NodeFact {
  readonly kind: 'node';
  /** Unique within the engine. */
  readonly id: string;
  readonly component: string;
  readonly pipeline: string | null;
  readonly nodeKind: NodeKind;
  readonly type: string;
  readonly stateful: boolean;
}

export interface EdgeFact {
  readonly kind: 'edge';
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly channel: string;
  readonly provenance: Provenance;
}

/**
 * All that a dialect has made out of the telemetry so far; replaces what it told before. Edges are observed or
 * inferred: a later report may know better than an inference.
 */
export interface SeenFact {
  readonly kind: 'seen';
  readonly nodes: readonly NodeFact[];
  readonly edges: readonly EdgeFact[];
}

/** A whole declared topology replaces what was declared before. */
export interface TopologyFact {
  readonly kind: 'topology';
  readonly timeNano: bigint;
  readonly pipeline: string;
  /** Where one configuration declares all pipelines of a process: these, and `pipeline` is empty. */
  readonly pipelines?: readonly string[];
  readonly revision: number;
  readonly nodes: readonly (NodeFact & {
    readonly ports: readonly string[];
    readonly concurrency: number | null;
    readonly state: string | null;
    readonly config: unknown;
    readonly configSchema: unknown;
    readonly faults: unknown;
  })[];
  readonly edges: readonly EdgeFact[];
  readonly capacities: Readonly<Record<string, number>>;
  /** Components that are configured and in no pipeline. */
  readonly unused?: readonly string[];
}

/** What a figure is of. */
export type Entity =
  | { readonly kind: 'engine' }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'channel'; readonly channel: string; readonly node: string }
  | { readonly kind: 'edge'; readonly from: string; readonly port: string; readonly channel: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'control'; readonly action: string; readonly node: string };

/** Names of figures, the same for every engine. Times in seconds, sizes in items, messages or bytes. */
export type Measure =
  | 'depth'
  | 'capacity'
  | 'occupancy'
  | 'sent'
  | 'received'
  /** Messages offered to a queue, those that it did not take included. */
  | 'offered'
  | 'blocked_sends'
  | 'wait'
  | 'send_blocked'
  | 'duration'
  | 'until_ack'
  | 'busy'
  | 'blocked'
  | 'concurrency'
  | 'in_flight'
  | 'in_flight_items'
  /** 1 at each moment at which an exporter said that an attempt failed: a log tells it where no counter does. */
  | 'export_failing'
  | 'batches_in'
  | 'batches_out'
  | 'batches_created'
  | 'batches_delivered'
  | 'batches_returned'
  | 'items_in'
  | 'items_out'
  | 'items_created'
  | 'items_delivered'
  | 'items_returned'
  | 'dropped'
  | 'reduced'
  | 'delayed'
  | 'batch_size'
  | 'flushes'
  | 'held'
  | 'path_duration'
  | 'control_actions'
  | 'control_duration'
  | 'spans'
  | 'overhead'
  | 'tracing_cpu'
  | 'tracing_bytes'
  | 'export_lost'
  | 'cpu'
  | 'memory'
  | 'uptime';

/** What splits a figure further. Absent keys do not apply. Order of keys does not matter. */
export type FactAttributes = Readonly<
  Partial<
    Record<'signal' | 'outcome' | 'port' | 'reason' | 'origin' | 'mode' | 'state' | 'core' | 'kind', string>
  >
>;

interface Figure {
  readonly entity: Entity;
  readonly measure: Measure;
  readonly attributes: FactAttributes;
  readonly timeNano: bigint;
  /** True for a further figure made of the same point, so that points are counted once. */
  readonly derived?: boolean;
}

export interface GaugeFact extends Figure {
  readonly kind: 'gauge';
  readonly value: number;
}

export interface CounterFact extends Figure {
  readonly kind: 'counter';
  readonly startNano: bigint;
  readonly delta: number;
}

export interface DurationFact extends Figure {
  readonly kind: 'duration';
  readonly startNano: bigint;
  readonly histogram: ExponentialHistogram;
}

/** Something that happened in a node; shown in the span where it has one. */
export interface EventFact {
  readonly kind: 'event';
  readonly node: string;
  readonly name: string;
  readonly timeNano: bigint;
  readonly traceId: string;
  readonly spanId: string;
  readonly severity: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ControlFact {
  readonly kind: 'control';
  readonly timeNano: bigint;
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly origin: string;
  readonly revision: number | null;
  readonly outcome: string;
  readonly message: string;
  readonly durationMs: number | null;
  /** Null where the engine does not tell. */
  readonly affectedCount: number | null;
  readonly traceId: string;
  readonly spanId: string;
}

export interface DecisionFact {
  readonly kind: 'decision';
  readonly timeNano: bigint;
  readonly traceId: string;
  readonly kept: boolean;
  /** A policy's name, `lineage`, or empty where dropped. */
  readonly by: string;
  readonly votes: Readonly<Record<string, string>>;
  /** What policies look at. */
  readonly status: string;
  readonly durationMs: number;
  readonly nodes: readonly string[];
  readonly spanCount: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where the source tells them: items lost on the way, time blocked, control actions that hit it. */
  readonly droppedItems?: number;
  readonly blockedMs?: number;
  readonly controlActions?: readonly string[];
}
