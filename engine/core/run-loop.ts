/**
 * The engine's run loop: nodes with something to do take turns, in the order in which they woke. One run does a
 * quantum of work units (one a message and one more for each 64 items, which stands for time without reading a
 * clock), then waits for the scheduler, so that sockets are served however busy the pipeline is.
 */
import type { Scheduler } from './scheduler';

export const RUN_QUANTUM = 128;
/** Of one node at a time, so that a busy one does not hold up the others. */
export const TURN_QUANTUM = 32;

export interface Turn {
  queued: boolean;
  /** Does at most `limit` units, and wakes itself if more is left. Returns the units done. */
  turn(limit: number): number;
}

export class RunLoop {
  /** Called when no node has anything to do. */
  onIdle: (() => void) | null = null;
  private ready: Turn[] = [];
  private head = 0;
  private posted = false;
  private readonly runPosted = () => {
    this.posted = false;
    this.run();
  };

  constructor(private readonly scheduler: Scheduler) {}

  wake(node: Turn): void {
    if (node.queued) return;
    node.queued = true;
    this.ready.push(node);
    this.post();
  }

  /** Makes sure that `onIdle` is called once more. */
  nudge(): void {
    this.post();
  }

  private post(): void {
    if (this.posted) return;
    this.posted = true;
    this.scheduler.post(this.runPosted);
  }

  private run(): void {
    let left = RUN_QUANTUM;
    while (left > 0) {
      const node = this.ready[this.head];
      if (!node) break;
      this.head++;
      if (this.head >= 64) this.compact();
      node.queued = false;
      left -= node.turn(TURN_QUANTUM);
    }
    if (this.head < this.ready.length) this.post();
    else this.onIdle?.();
  }

  private compact(): void {
    this.ready.splice(0, this.head);
    this.head = 0;
  }
}
