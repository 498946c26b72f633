/** An act or control message on its way: notes what it affects as it is applied, and tells telemetry what became of it. */
import { MAX_SPAN_LINKS } from '@/lib/semconv/attributes';
import type { ControlOrigin, ControlOutcome, OperatorAction } from '@/lib/semconv/control';
import type { CommandMessage, OrderedMessage } from './ordered-message';
import type { ActResult } from './pipeline-api';
import type { Runtime } from './runtime';

export interface ActTarget {
  readonly id: string;
  /** Index of the node concerned; −1 for the pipeline. */
  readonly node: number;
  /** Adds span rows up to the limit, returns the true number of pdata. */
  affected(rows: number[], limit: number): number;
}

export interface ActHead {
  readonly id: string;
  readonly origin: ControlOrigin;
  readonly revision: number;
  readonly action: OperatorAction;
}

export class ActOrder implements OrderedMessage {
  private readonly startNs: number;
  private readonly rows: number[] = [];
  private affectedCount = 0;
  private reported = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly head: ActHead,
    private readonly target: ActTarget,
    readonly message: CommandMessage,
    private readonly done: (result: ActResult) => void,
  ) {
    this.startNs = runtime.clock.nowNs();
  }

  begin(): void {
    this.affectedCount = this.target.affected(this.rows, MAX_SPAN_LINKS);
  }

  report(outcome: ControlOutcome, message: string): void {
    if (this.reported) return;
    this.reported = true;
    const { runtime, head, target } = this;
    runtime.counters.countControl(head.action, outcome, head.origin, target.node);
    runtime.telemetry.controlAction({
      action: head.action,
      id: head.id,
      origin: head.origin,
      revision: head.revision,
      outcome,
      message,
      target: target.id,
      node: target.node,
      startNs: this.startNs,
      endNs: runtime.clock.nowNs(),
      affectedCount: this.affectedCount,
      affected: this.rows,
    });
    this.done({ outcome, message });
  }
}
