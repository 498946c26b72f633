/** What all parts of one running pipeline share. */
import type { Clock } from '@/lib/base/clock';
import type { CounterStore } from './counter-store';
import type { RunLoop } from './run-loop';
import type { EngineTelemetry, HopTelemetry } from './telemetry';

export interface Runtime {
  readonly clock: Clock;
  readonly hops: HopTelemetry;
  readonly telemetry: EngineTelemetry;
  readonly counters: CounterStore;
  readonly loop: RunLoop;
  readonly delayedAfterNs: number;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Index of a node of the layout; −1 where there is none of that id. */
  nodeIndex(id: string): number;
  /** Batches are counted per process run. */
  nextSerial(): number;
  /** The topology is not what it was: tell telemetry, under a new revision. */
  changed(): void;
}
