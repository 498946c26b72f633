/**
 * Which traces of a leaving segment are kept longer: those that a finding cites, those with errors, the slowest of
 * each path, and a few per path and minute, so that last hour's verdicts still have evidence.
 */
import { type BoundedMap, createBoundedMap } from '@/lib/base/bounded-map';
import { MOVED, NO_TRACE, type Segment } from './segment';
import type { StoreState } from './store-state';
import { traceIdOf } from './trace-ids';
import { inChunk, TRACE_FLAG, type TraceChunk } from './trace-table';

/** Samples of one path in one minute, the slowest included. */
const PER_PATH_AND_MINUTE = 3;
const PATHS_REMEMBERED = 8_192;
/** Longer traces are not moved: that would take too long at once. */
const MOST_SPANS = 4_096;
const MINUTE_NS = 60e9;

export interface KeepState {
  /** Path and minute → how many were kept. */
  readonly kept: BoundedMap<number, number>;
}

export function createKeepState(): KeepState {
  return { kept: createBoundedMap(PATHS_REMEMBERED) };
}

/** Slots in order of importance. */
export function chooseKept(state: StoreState, keep: KeepState, segment: Segment): number[] {
  const slots = new Set<number>();
  for (let i = 0; i < segment.length; i++) {
    const slot = segment.trace(i);
    if (slot !== NO_TRACE && slot !== MOVED && state.traces.isLive(slot)) slots.add(slot);
  }
  const cited: number[] = [];
  const failed: number[] = [];
  const paths = new Map<number, number[]>();
  for (const slot of slots) {
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    const spans = chunk.spans(i);
    if (spans === 0 || spans > MOST_SPANS) continue;
    if (state.cited.size > 0 && state.cited.has(traceIdOf(state, slot))) cited.push(slot);
    else if ((chunk.flags(i) & TRACE_FLAG.error) !== 0) failed.push(slot);
    else {
      const key = pathKey(chunk, i);
      const list = paths.get(key);
      if (list) list.push(slot);
      else paths.set(key, [slot]);
    }
  }
  return [...cited, ...failed, ...samples(state, keep, paths)];
}

/** The slowest of each path first, then the earliest, while the minute's share lasts. */
function samples(state: StoreState, keep: KeepState, paths: ReadonlyMap<number, number[]>): number[] {
  const chosen: number[] = [];
  for (const [key, slots] of paths) {
    const before = keep.kept.get(key) ?? 0;
    if (before >= PER_PATH_AND_MINUTE) continue;
    const slowest = slots.reduce((a, b) => (durationOf(state, b) > durationOf(state, a) ? b : a));
    const others = slots.filter((slot) => slot !== slowest);
    const taken = [slowest, ...others].slice(0, PER_PATH_AND_MINUTE - before);
    keep.kept.set(key, before + taken.length);
    chosen.push(...taken);
  }
  return chosen;
}

/** Engine, nodes and minute as one key: 52 bits, so that two that differ hardly ever share one. */
function pathKey(chunk: TraceChunk, i: number): number {
  const minute = Math.floor(chunk.start(i) / MINUTE_NS);
  const nodes = Math.imul(chunk.nodesLow(i), 0x85ebca6b) ^ Math.imul(chunk.nodesHigh(i), 0xc2b2ae35);
  const hash = Math.imul(nodes ^ (nodes >>> 15) ^ chunk.engine(i), 0x27d4eb2f);
  return (hash >>> 0) * 0x10_0000 + (minute & 0xf_ffff);
}

function durationOf(state: StoreState, slot: number): number {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  return chunk.end(i) - chunk.start(i);
}
