/**
 * What diagnosis looks at: the figures of every node and edge over the last seconds, and what they were before. Shares
 * are 0..1, rates per second, times milliseconds; null is "not told". Detectors are functions of this alone.
 */

import type { NodeKind } from '@/lib/semconv/signals';
import type { QueueUnit } from '@/lib/store/series/queue-unit';

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
  /** What depth and capacity count. */
  readonly unit: QueueUnit;
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
  /** URN, or a plain type. */
  readonly type: string;
  readonly stateful: boolean;
  /** As the engine says it: `drained`, `stopped`, or null. */
  readonly state: string | null;
  readonly now: NodeFigures;
  /** The same over the last two seconds only: what has just begun shows here first. */
  readonly latest: NodeFigures;
  /** Its own past: before the onset of what is open, else until shortly ago. Null while too little is known. */
  readonly past: NodePast | null;
  readonly concurrency: number;
}

export interface NodeFigures {
  /** Items in (a receiver's: admitted or made). */
  readonly inPerSec: number | null;
  readonly outPerSec: number | null;
  readonly batchesPerSec: number | null;
  readonly busy: number | null;
  readonly blocked: number | null;
  readonly meanMs: number | null;
  /** The middle of the working times; where a source tells no buckets, their mean without the longest. */
  readonly typicalMs: number | null;
  readonly maxMs: number | null;
  /** Handlings that ended in the window. */
  readonly handled: number;
  /** Share of items for which a refusal or failure starts here (not: passes through). */
  readonly failing: number | null;
  /** Of `handled`, those that failed here: counted batches, else reckoned from the share; null where not told. */
  readonly failed: number | null;
  /** Share of handlings that failed, wherever the failure began. */
  readonly errorRatio: number | null;
  /** Items a second lost, and taken out as meant to. */
  readonly lostPerSec: number | null;
  /** Of the lost, those that a full queue turned away. */
  readonly overflowPerSec: number | null;
  readonly lostReasons: readonly string[];
  readonly reducedPerSec: number | null;
  readonly itemsPerBatch: number | null;
  /** Batches taken and not accounted for since the start: in its hands, or gone. Null where not counted. */
  readonly unaccounted: number | null;
  /** Batches that it took in the last seconds and that neither came out nor are in its hands. Null where it counts its losses itself. */
  readonly vanished: number | null;
  /** Batches (items, where those are not counted) taken and not accounted for, newest look first; empty where not known. */
  readonly open: readonly number[];
  /** Time that items spend in a node that keeps them, by Little's law where it is not told. */
  readonly heldMs: number | null;
  /** Time between two flushes, where flushes are told. */
  readonly flushMs: number | null;
  /** Batches or requests in its hands, where told. */
  readonly inFlight: number | null;
  /** Seconds of the window in which it said that an attempt to export failed, where no counter tells that. */
  readonly failingSaid: number;
  /** Batches by signal and port, `signal port`. */
  readonly routed: ReadonlyMap<string, number>;
  /** Whole seconds at the end of the window in which it finished nothing and, where working times are told, took nothing. */
  readonly quietSeconds: number;
}

/** Mean, standard deviation and greatest of the slices of the past. */
export interface Usual {
  readonly mean: number;
  readonly spread: number;
  readonly most: number;
}

export interface NodePast {
  /** Slices that it was read from. */
  readonly slices: number;
  readonly inPerSec: number | null;
  readonly inSpread: number | null;
  readonly batchesPerSec: number | null;
  /** Greatest of its slices: what this source is used to. */
  readonly peakInPerSec: number | null;
  /** Typical working time, and the standard deviation of its slices. */
  readonly meanMs: number | null;
  readonly meanMsSpread: number | null;
  readonly maxMs: number | null;
  /** Longest time without anything. */
  readonly quietSeconds: number;
  readonly busy: Usual | null;
  readonly failing: number | null;
  readonly failed: number;
  /** How much more failures scatter from window to window than if each came by itself: 1 or more. */
  readonly failedInBursts: number;
  readonly handled: number;
  readonly reducedShare: number | null;
  readonly itemsPerBatch: number | null;
  readonly unaccounted: Usual | null;
  readonly vanished: Usual | null;
  /** Of each window the looks that are its own. */
  readonly open: readonly number[];
  readonly held: Usual | null;
  readonly flush: Usual | null;
  readonly inFlight: Usual | null;
  /** Share of the windows in which an attempt was said to fail. */
  readonly failingSaid: number;
  /** Items out by items in. */
  readonly yield: Usual | null;
  readonly routed: ReadonlyMap<string, number>;
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
  readonly past: EdgePast | null;
}

export interface EdgePast {
  readonly slices: number;
  readonly utilization: Usual | null;
  readonly blockedRatio: Usual | null;
  readonly depth: Usual | null;
  readonly sentPerSec: number | null;
  readonly capacity: number | null;
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

/** `copy → exp-slow`: how people name an edge. */
export function edgeName(edge: { readonly from: string; readonly to: string }): string {
  return `${edge.from} → ${edge.to}`;
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

/** All nodes that lead to any of `nodes`, those included. */
export function upstreamOf(view: PipelineView, nodes: ReadonlySet<string>): ReadonlySet<string> {
  return reach(nodes, (node) => edgesInto(view, node).map(({ from }) => from));
}

/** All nodes that any of `nodes` leads to, those included. */
export function downstreamOf(view: PipelineView, nodes: ReadonlySet<string>): ReadonlySet<string> {
  return reach(nodes, (node) => edgesOutOf(view, node).map(({ to }) => to));
}

function reach(nodes: ReadonlySet<string>, next: (node: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set(nodes);
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const other of next(node)) {
      if (seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
}
