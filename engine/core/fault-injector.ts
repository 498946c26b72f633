/** Draws from a node's `faults` what happens to one pdata: seeded, so that the same run has the same incidents. */
import type { Random } from '@/lib/base/random';
import type { FaultsConfig } from './control';

export const FAULT_REASON = 'fault';

export interface Fault {
  readonly delayMs: number;
  readonly effect: 'none' | 'error' | 'drop';
}

export class FaultInjector {
  /** False where nothing but a stall can happen: then nothing is drawn. */
  active = false;
  config: FaultsConfig = {};

  constructor(private readonly random: Random) {}

  get stalled(): boolean {
    return this.config.stall === true;
  }

  set(config: FaultsConfig): void {
    this.config = config;
    const { latencyMs = 0, jitterMs = 0, errorRate = 0, dropRate = 0 } = config;
    this.active = latencyMs > 0 || jitterMs > 0 || errorRate > 0 || dropRate > 0;
  }

  next(): Fault {
    const { latencyMs = 0, jitterMs = 0, errorRate = 0, dropRate = 0 } = this.config;
    const jitter = jitterMs > 0 ? (2 * this.random.next() - 1) * jitterMs : 0;
    const delayMs = Math.max(0, latencyMs + jitter);
    const draw = this.random.next();
    if (draw < errorRate) return { delayMs, effect: 'error' };
    // A second draw: the rates are shares of all that is handled, errors before drops.
    return { delayMs, effect: this.random.next() < dropRate ? 'drop' : 'none' };
  }

  get errorMessage(): string {
    return this.config.errorMessage ?? 'injected fault';
  }
}
