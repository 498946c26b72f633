import type { ControlOrigin } from '@/lib/semconv/control';
import type { Nack } from './pdata';

/** What a control channel carries. Deadlines are nanoseconds of the pipeline's clock. */
export type ControlMessage =
  | { readonly kind: 'ack'; readonly token: number }
  | { readonly kind: 'nack'; readonly token: number; readonly nack: Nack }
  | { readonly kind: 'timer_tick'; readonly timer: string }
  | ({ readonly kind: 'config_update'; readonly change: NodeChange } & ActRef)
  | ({ readonly kind: 'drain'; readonly deadlineNs: number } & ActRef)
  | ({ readonly kind: 'shutdown'; readonly deadlineNs: number; readonly reason: string } & ActRef)
  | ({ readonly kind: 'restart'; readonly deadlineNs: number } & ActRef)
  | { readonly kind: 'collect_telemetry' };

/** Which act a message carries out: `id` is the `control.id` that the trail follows. */
export interface ActRef {
  readonly id: string;
  readonly origin: ControlOrigin;
  readonly revision: number;
}

/** What a `config_update` may change of a node; a field that is absent stays as it is. */
export interface NodeChange {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly concurrency?: number;
  readonly faults?: FaultsConfig;
}

/** Faults that any node can carry. Rates are shares (0..1) of the pdata that it handles. */
export interface FaultsConfig {
  /** Added working time of each handling, milliseconds, with `jitterMs` uniform around it. */
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  /** Share of pdata nacked with `message`. */
  readonly errorRate?: number;
  readonly errorMessage?: string;
  readonly permanent?: boolean;
  /** Share of pdata silently dropped (acked, and counted as dropped with reason `fault`). */
  readonly dropRate?: number;
  /** While true the node takes nothing and finishes nothing. */
  readonly stall?: boolean;
}
