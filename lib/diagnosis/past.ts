/**
 * What was usual: the figures of earlier windows of the same length, so that what is compared is alike. While something
 * is open nothing is learnt, and what was learnt since its onset is forgotten: an incident must not become its own
 * measure. What has been open for ten minutes is the new normal.
 *
 *   windows  ├─┤├─┤├─┤├─┤├─┤ … ├─┤   gap   ├now┤
 *                          └ onset of what is open: nothing from here on
 */
import {
  type EdgePast,
  type EdgeView,
  type NodeFigures,
  type NodePast,
  type Usual,
  WINDOW_SECONDS,
} from './view';

/** Windows kept: five minutes of five seconds. */
export const MAX_WINDOWS = 60;
export const WINDOW_EVERY = 5;
/** Windows that end later than this are part of what is judged. */
const GAP_SECONDS = 10;
const ONSET_GAP = 4;
const LEAST_WINDOWS = 3;
/** Windows after which a past has seen how times and loads scatter. */
export const GROWN_UP_SLICES = 12;
/** Figures settle for so long after an incident. */
const SETTLING = 10;

export type EdgeFigures = Pick<
  EdgeView,
  'utilization' | 'blockedRatio' | 'depth' | 'depths' | 'sentPerSec' | 'capacity'
>;

export interface Window {
  readonly at: number;
  readonly nodes: ReadonlyMap<string, NodeFigures>;
  readonly edges: ReadonlyMap<string, EdgeFigures>;
}

export interface PastMemory {
  /** To be called with each window; keeps one in five seconds. `onset` is that of the earliest open finding. */
  learn(window: Window, onset: number | null): void;
  node(id: string): NodePast | null;
  edge(id: string): EdgePast | null;
  forget(): void;
}

export function createPastMemory(): PastMemory {
  let windows: Window[] = [];
  let quietUntil = Number.NEGATIVE_INFINITY;
  let nodes = new Map<string, NodePast | null>();
  let edges = new Map<string, EdgePast | null>();
  let used: readonly Window[] = [];

  const settle = (at: number) => {
    const ready = windows.filter((window) => window.at <= at - GAP_SECONDS);
    if (ready.length === used.length && ready.at(-1) === used.at(-1)) return;
    used = ready;
    nodes = new Map();
    edges = new Map();
  };

  return {
    learn(window, onset) {
      if (onset !== null) {
        windows = windows.filter(({ at }) => at <= onset - ONSET_GAP);
        quietUntil = window.at + SETTLING;
      } else if (window.at >= quietUntil && window.at - (windows.at(-1)?.at ?? 0) >= WINDOW_EVERY) {
        windows.push(window);
        if (windows.length > MAX_WINDOWS) windows = windows.slice(-MAX_WINDOWS);
      }
      settle(window.at);
    },
    node(id) {
      if (used.length < LEAST_WINDOWS) return null;
      const held = nodes.get(id);
      if (held !== undefined) return held;
      const past = nodePast(used.flatMap((window) => window.nodes.get(id) ?? []));
      nodes.set(id, past);
      return past;
    },
    edge(id) {
      if (used.length < LEAST_WINDOWS) return null;
      const held = edges.get(id);
      if (held !== undefined) return held;
      const figures = used.flatMap((window) => window.edges.get(id) ?? []);
      const past = figures.length < LEAST_WINDOWS ? null : edgePast(figures);
      edges.set(id, past);
      return past;
    },
    forget() {
      windows = [];
      used = [];
      nodes = new Map();
      edges = new Map();
    },
  };
}

function nodePast(windows: readonly NodeFigures[]): NodePast | null {
  if (windows.length < LEAST_WINDOWS) return null;
  const of = (figure: (window: NodeFigures) => number | null) => usual(windows.map(figure));
  const rate = of(({ inPerSec }) => inPerSec);
  const typical = of(({ typicalMs }) => typicalMs);
  const failed = total(windows.map((window) => window.failed));
  const handled = total(windows.map((window) => window.handled));
  const reduced = total(windows.map(({ reducedPerSec }) => reducedPerSec));
  const taken = total(windows.map(({ inPerSec }) => inPerSec));
  const routed = new Map<string, number>();
  for (const window of windows) {
    for (const [key, count] of window.routed) routed.set(key, (routed.get(key) ?? 0) + count);
  }
  return {
    slices: windows.length,
    inPerSec: rate?.mean ?? null,
    inSpread: rate?.spread ?? null,
    peakInPerSec: rate?.most ?? null,
    batchesPerSec: of(({ batchesPerSec }) => batchesPerSec)?.mean ?? null,
    meanMs: typical?.mean ?? null,
    meanMsSpread: typical?.spread ?? null,
    maxMs: of(({ maxMs }) => maxMs)?.most ?? null,
    quietSeconds: Math.max(...windows.map(({ quietSeconds }) => quietSeconds)),
    busy: of(({ busy }) => busy),
    failing: handled > 0 ? failed / handled : null,
    failed,
    failedInBursts: dispersion(windows.map((window) => window.failed)),
    handled,
    reducedShare: taken > 0 ? reduced / taken : null,
    itemsPerBatch: of(({ itemsPerBatch }) => itemsPerBatch)?.mean ?? null,
    unaccounted: of(({ unaccounted }) => unaccounted),
    vanished: of(({ vanished }) => vanished),
    open: windows.flatMap(({ open }) => open.slice(0, WINDOW_SECONDS)),
    held: of(({ heldMs }) => heldMs),
    flush: of(({ flushMs }) => flushMs),
    inFlight: of(({ inFlight }) => inFlight),
    failingSaid: windows.filter(({ failingSaid }) => failingSaid > 0).length / windows.length,
    yield: of(({ inPerSec, outPerSec }) => (inPerSec && outPerSec !== null ? outPerSec / inPerSec : null)),
    routed,
  };
}

function edgePast(windows: readonly EdgeFigures[]): EdgePast {
  return {
    slices: windows.length,
    utilization: usual(windows.map(({ utilization }) => utilization)),
    blockedRatio: usual(windows.map(({ blockedRatio }) => blockedRatio)),
    depth: depthOf(windows),
    sentPerSec: usual(windows.map(({ sentPerSec }) => sentPerSec))?.mean ?? null,
    capacity: usual(windows.map(({ capacity }) => capacity))?.mean ?? null,
  };
}

/** How deep it went at any second, not at the ends of windows alone. */
function depthOf(windows: readonly EdgeFigures[]): Usual | null {
  const found = usual(windows.map(({ depth }) => depth));
  if (found === null) return null;
  const all = windows.flatMap(({ depths }) => depths.slice(-WINDOW_SECONDS).map((depth) => depth ?? 0));
  return { ...found, most: Math.max(found.most, ...all) };
}

/** Few windows know little of the spread: what they show is widened. */
export function usual(values: readonly (number | null)[]): Usual | null {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = known.length < 2 ? 0 : Math.sqrt(squares / (known.length - 1)) * (1 + 2 / known.length);
  return { mean, spread, most: Math.max(...known) };
}

/** Variance over mean of counts: 1 where each comes by itself, more where they come together. */
function dispersion(counts: readonly (number | null)[]): number {
  const found = usual(counts);
  return found === null || found.mean <= 0 ? 1 : Math.max(1, found.spread ** 2 / found.mean);
}

function total(values: readonly (number | null)[]): number {
  return values.reduce((sum: number, value) => sum + (value ?? 0), 0);
}
