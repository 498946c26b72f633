/**
 * What tracing costs a hop, measured while the engine runs: the live recorder's code over a scratch ring, with and
 * without recording in turn, in moments when the event loop keeps its times. The median of the latest rounds is what is
 * published; it follows the machine as it is now, the clock's own price included.
 */
import type { Clock } from '@/lib/base/clock';
import { compilePolicies } from '@/lib/sampling/compile';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { createScratchPipeline, HOPS_A_TRACE } from './scratch-pipeline';

const TRACES_A_SLICE = 48;
const KEPT_ROUNDS = 31;
const SCRATCH_ROWS = 1_024;
/** Rounds at the start warm the code up and are not counted. */
const WARM_ROUNDS = 5;
const MODES = ['none', 'full', 'tail'] as const;

export interface Calibration {
  /** One round: some hundred microseconds of work. */
  round(): void;
  /** Nanoseconds a hop by mode; empty until enough rounds have been. */
  figures(): Readonly<Record<string, number>>;
}

export function createCalibration(clock: Clock, policies: () => TailSamplingConfig): Calibration {
  // Compiled anew: a policy that limits a rate has a budget, which belongs to the live traces.
  let config = policies();
  const create = () =>
    createScratchPipeline({ clock, seed: 1, rows: SCRATCH_ROWS, policies: compilePolicies(config) });
  let scratch = create();
  const samples = new Map<string, number[]>(MODES.map((mode) => [mode, []]));
  let rounds = 0;
  const work = () => undefined;
  const time = (run: (traces: number, work: () => void) => void): number => {
    const from = clock.nowNs();
    run(TRACES_A_SLICE, work);
    scratch.drain();
    return clock.nowNs() - from;
  };
  return {
    round() {
      if (policies() !== config) {
        config = policies();
        scratch = create();
      }
      rounds++;
      for (const mode of MODES) {
        scratch.setMode(mode);
        // A B B A, so that a drift of the machine falls on both.
        const a1 = time(scratch.run);
        const b1 = time(scratch.runBare);
        const b2 = time(scratch.runBare);
        const a2 = time(scratch.run);
        if (rounds <= WARM_ROUNDS) continue;
        const kept = samples.get(mode) ?? [];
        kept.push((a1 + a2 - b1 - b2) / (2 * TRACES_A_SLICE * HOPS_A_TRACE));
        if (kept.length > KEPT_ROUNDS) kept.shift();
      }
    },
    figures() {
      const figures: Record<string, number> = {};
      for (const [mode, kept] of samples) {
        const sorted = [...kept].sort((a, b) => a - b);
        const middle = sorted[sorted.length >> 1];
        if (middle !== undefined) figures[mode] = Math.max(0, middle);
      }
      return figures;
    },
  };
}

/** An event loop that serves a timer this late has other things to do. */
const BUSY_MS = 5;
const ROUND_EVERY_MS = 500;

/** Runs rounds in idle moments until the returned function is called. */
export function calibrateWhenIdle(calibration: Calibration, clock: Clock): () => void {
  let stopped = false;
  let timer = clock.setTimer(() => undefined, 0);
  const next = () => {
    const due = clock.nowNs() + ROUND_EVERY_MS * 1e6;
    timer = clock.setTimer(() => {
      if (stopped) return;
      if (clock.nowNs() - due < BUSY_MS * 1e6) calibration.round();
      next();
    }, ROUND_EVERY_MS);
  };
  next();
  return () => {
    stopped = true;
    timer.cancel();
  };
}
