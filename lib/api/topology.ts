/** `GET /api/v1/topology` and the `topology` and `stats` stream events. What is not known is null, never 0. */
import type { Provenance } from '@/lib/model/facts';
import type { StatsWindow } from '@/lib/model/stats-window';
import type { NodeKind } from '@/lib/semconv/signals';

export interface TopologyAnswer {
  readonly engine: string;
  readonly pipeline: string | null;
  readonly revision: number;
  /** The moment the figures are of: the cursor, or now. */
  readonly atUnixNano: string;
  readonly window: StatsWindow;
  /** Provisional while a new shape of the map is being laid out: places will change once. */
  readonly layout: 'final' | 'provisional';
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly control: readonly ControlChannel[];
  readonly verdict: Finding | null;
  readonly findings: readonly Finding[];
  /** What this source does not tell, and how to switch it on. */
  readonly missing: readonly Missing[];
}

export interface TopologyNode {
  readonly id: string;
  readonly component: string;
  readonly pipeline: string | null;
  readonly kind: NodeKind;
  /** URN, or the Collector's type. */
  readonly type: string;
  readonly stateful: boolean;
  readonly ports: readonly string[];
  /** Left upper corner in the layout's pixels; cards are CARD_WIDTH × CARD_HEIGHT. */
  readonly position: { readonly x: number; readonly y: number };
  readonly state: 'running' | 'draining' | 'drained' | 'stopped' | null;
  /** Redacted; null where the source does not tell. */
  readonly config: unknown;
  readonly configSchema: unknown;
  readonly faults: unknown;
  readonly stats: NodeStats;
}

export interface TopologyEdge {
  readonly id: string;
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly channel: string;
  readonly provenance: Provenance;
  readonly stats: EdgeStats;
}

export interface ControlChannel {
  readonly node: string;
  readonly channel: string;
  readonly depth: number | null;
  readonly capacity: number | null;
  readonly ratePerSec: number | null;
}

export interface NodeStats {
  /** True while the window is not full. */
  readonly partial: boolean;
  /** Items a second. */
  readonly inPerSec: number | null;
  readonly outPerSec: number | null;
  /** Working time. */
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** Mean from taking a batch to its ack or nack, all of downstream included: no working time. Absent where not told. */
  readonly untilAckMs?: number | null;
  readonly errorRatio: number | null;
  /** Shares of the window, of all workers together: 0..1. */
  readonly busyRatio: number | null;
  readonly blockedRatio: number | null;
  /** Batches or requests; by the mean size of batches where the source tells only the items in flight. */
  readonly inFlight: number | null;
  readonly inFlightItems: number | null;
  readonly concurrency: number | null;
  /** Items a second less by design (filter, sampler), and lost. */
  readonly reducedPerSec: number | null;
  readonly lostPerSec: number | null;
  /** Items a second, one figure a second, oldest first, at most 60; for the sparkline. */
  readonly spark: readonly (number | null)[];
  /** The node's own account since it started, in items; null where the source cannot tell. */
  readonly conservation: Conservation | null;
}

/** in + created = out + delivered + dropped + returned + inFlight */
export interface Conservation {
  readonly in: number;
  readonly created: number;
  readonly out: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly returned: number;
  readonly inFlight: number;
  readonly adds: boolean;
}

export interface EdgeStats {
  readonly partial: boolean;
  /** Occupancy over window and capacity, 0..1. */
  readonly utilization: number | null;
  /** Highest utilisation of any second in the window. */
  readonly utilizationPeak: number | null;
  /** How utilisation is known. */
  readonly utilizationSource: 'occupancy' | 'gauge' | 'spans' | null;
  /** The same by a second way, where the source tells two; null where it tells one. */
  readonly utilizationCheck: UtilizationCheck | null;
  readonly depth: number | null;
  /** What depth and capacity count, where it is not messages. */
  readonly depthUnit?: 'items' | 'bytes';
  readonly capacity: number | null;
  readonly ratePerSec: number | null;
  readonly rateUnit: 'messages' | 'items';
  /** Share of sends that had to wait. */
  readonly blockedRatio: number | null;
  readonly waitP50Ms: number | null;
  readonly waitP99Ms: number | null;
  /** Depth over departures. */
  readonly drainMs: number | null;
  readonly errorRatio: number | null;
  /** One utilisation a second, oldest first, at most 60. */
  readonly spark: readonly (number | null)[];
  /** One a signal or core, where a channel has several. */
  readonly parts?: readonly {
    readonly name: string;
    readonly utilization: number | null;
    readonly depth: number | null;
    readonly capacity: number | null;
  }[];
}

export interface UtilizationCheck {
  readonly source: 'gauge' | 'spans';
  readonly value: number;
  /** True where they differ by more than sampling explains: one of both is wrong. */
  readonly differs: boolean;
}

export interface Missing {
  readonly what: string;
  readonly how: string;
  /** What to paste, with this server's addresses; absent where nothing can be switched on. */
  readonly copy?: string;
}

export const FINDING_KINDS = [
  'bottleneck',
  'slow_destination',
  'failing_destination',
  'error_burst',
  'loss',
  'drop',
  'misrouted',
  'stateful_delay',
  'queue_filling',
  'stall',
  'slower',
  'source_surge',
  'core_saturated',
  'memory_limited',
  'restart_loop',
  'config_smell',
  'changed_after_control',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly id: string;
  readonly kind: FindingKind;
  /** Exactly one of both. */
  readonly node?: string;
  readonly edge?: string;
  /** One sentence that names it: `Bottleneck: exp-slow`. */
  readonly title: string;
  readonly since: string;
  readonly until?: string;
  readonly confidence: number | null;
  readonly evidence: readonly Evidence[];
  readonly advice?: string;
  /** The advice as a change that Weir can make, where it is one. */
  readonly remedy?: Remedy;
  /** The operator's action on the same place shortly before: it followed, which is not to say that it was caused. */
  readonly followed?: { readonly action: string; readonly text: string };
}

/** One number to be set: the workers of a node, the places of a channel, or a key of a node's configuration. */
export interface Remedy {
  readonly what: 'concurrency' | 'capacity' | 'config';
  /** The node, or the channel. */
  readonly target: string;
  /** Of a configuration. */
  readonly key?: string;
  readonly now: number | null;
  readonly value: number;
}

export interface Evidence {
  readonly text: string;
  readonly value: number | null;
  readonly unit: string;
  /** Where the figure can be looked at: a path within Weir, a node (`node:id`) or an edge (`edge:id`). */
  readonly link: string | null;
}
