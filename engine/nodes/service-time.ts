/**
 * How long a node takes on purpose: a destination's service time in a pipeline that is played rather than real. Any
 * exporter and the `delay` processor take these two settings, and both can be changed while it runs.
 */
import { z } from 'zod';
import type { NodeHandle } from '@/engine/core/node';
import type { Clock } from '@/lib/base/clock';

const MAX_DELAY_MS = 600_000;

export const serviceTimeFields = {
  /** Time added to each batch, milliseconds. */
  delayMs: z.number().min(0).max(MAX_DELAY_MS).default(0),
  /** The delay varies uniformly by this much to either side. */
  jitterMs: z.number().min(0).max(MAX_DELAY_MS).default(0),
};

export interface ServiceTime {
  readonly delayMs: number;
  readonly jitterMs: number;
}

export function drawDelayMs(time: ServiceTime, random: { next(): number }): number {
  if (time.jitterMs === 0) return time.delayMs;
  return Math.max(0, time.delayMs + (2 * random.next() - 1) * time.jitterMs);
}

/** `undefined` where there is nothing to wait for, so that the fast path makes no promise. */
export function serve(time: ServiceTime, node: NodeHandle): Promise<void> | undefined {
  const delayMs = drawDelayMs(time, node.random);
  return delayMs > 0 ? wait(node.clock, delayMs) : undefined;
}

export function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, ms);
  });
}
