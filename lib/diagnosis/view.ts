/**
 * What diagnosis looks at: the figures of every node and edge over the last seconds, and what they were before. Shares
 * are 0..1, rates per second, times milliseconds; null is "not told". Detectors are functions of this alone.
 */
import type { NodeKind } from '@/lib/semconv/signals';

/** What is judged: short, so that an incident shows within seconds. */
export const WINDOW_SECONDS = 5;

export interface PipelineView {
  /** Unix seconds. */
  readonly at: number;
  readonly nodes: ReadonlyMap<string, NodeView>;
  readonly edges: readonly EdgeView[];
  /** Queues of exporters of a source that does not tell that it blocks. */
  readonly queues: readonly QueueView[];
  /** Seconds between the reports of the source. */
  readonly reportSeconds: number;
}

/** One queue into an exporter, of one signal or core, at the last report and the one before it. */
export interface QueueView {
  readonly node: string;
  /** Null where no edge of the map is known to run into it. */
  readonly edge: string | null;
  /** `traces`, `core 0`; empty where the exporter has one queue. */
  readonly part: string;
  readonly depth: number;
  readonly depthBefore: number;
  readonly capacity: number | null;
  /** Requests under way of this part, and how many there can be; null where it is not told. */
  readonly inFlight: number | null;
  readonly limit: number | null;
  readonly leavingPerSec: number | null;
  /** Milliseconds that an attempt takes now, and took before the queue began to hold; null where it is not known. */
  readonly serviceMs: number | null;
  readonly serviceBeforeMs: number | null;
}

export interface NodeView {
  readonly id: string;
  readonly kind: NodeKind;
  readonly stateful: boolean;
  readonly now: NodeFigures;
  /** Its own past: before the onset of what is open on it, else until shortly ago. Null while too little is known. */
  readonly past: NodePast | null;
  readonly concurrency: number;
}

export interface NodeFigures {
  /** Items in (a receiver's: admitted or made). */
  readonly inPerSec: number | null;
  readonly batchesPerSec: number | null;
  readonly busy: number | null;
  readonly blocked: number | null;
  readonly meanMs: number | null;
  /** Handlings that ended in the window. */
  readonly handled: number;
  /** Share of items for which a refusal or failure starts here (not: passes through). */
  readonly failing: number | null;
  /** Share of handlings that failed, wherever the failure began. */
  readonly errorRatio: number | null;
  /** Items a second lost, and taken out as meant to. */
  readonly lostPerSec: number | null;
  readonly lostReasons: readonly string[];
  readonly reducedPerSec: number | null;
}

export interface NodePast {
  readonly inPerSec: number | null;
  readonly batchesPerSec: number | null;
  /** Greatest of its slices: what this source is used to. */
  readonly peakInPerSec: number | null;
  readonly meanMs: number | null;
  /** Standard deviation of the means of its slices. */
  readonly meanMsSpread: number | null;
  readonly failing: number | null;
  readonly reducedShare: number | null;
}

export interface EdgeView {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly channel: string;
  readonly depth: number | null;
  readonly capacity: number | null;
  readonly utilization: number | null;
  readonly sentPerSec: number | null;
  /** Of the channel, by its consumer. */
  readonly receivedPerSec: number | null;
  readonly blockedRatio: number | null;
  /** Depth by the second, oldest first, for the trend. */
  readonly depths: readonly (number | null)[];
}

/** Full for all that matters: a sender finds no room most of the time. */
export const FULL = 0.85;

export function isFull(edge: EdgeView): boolean {
  return (edge.utilization ?? 0) >= FULL;
}

export function edgesInto(view: PipelineView, node: string): readonly EdgeView[] {
  return view.edges.filter((edge) => edge.to === node);
}

export function edgesOutOf(view: PipelineView, node: string): readonly EdgeView[] {
  return view.edges.filter((edge) => edge.from === node);
}

/**
 * Share of the time that a node could not hand on. Where the source does not tell that it blocks, a full channel
 * below says it.
 */
export function blockedShare(view: PipelineView, node: NodeView): number {
  if (node.now.blocked !== null) return node.now.blocked;
  return edgesOutOf(view, node.id).some(isFull) ? 1 : 0;
}

/** Share of the time at work; where it is not told, a full input that does not wait for anything below says it. */
export function busyShare(view: PipelineView, node: NodeView): number {
  if (node.now.busy !== null) return node.now.busy;
  return edgesInto(view, node.id).some(isFull) && blockedShare(view, node) < 0.5 ? 1 : 0;
}
