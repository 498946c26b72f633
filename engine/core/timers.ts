/** A node's named timers. A tick that has not been read yet, or is still at work, takes up the next one. */
import type { Clock, Timer } from '@/lib/base/clock';

export class NodeTimers {
  private readonly running = new Map<string, { timer: Timer; readonly everyMs: number }>();
  private readonly unread = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly send: (timer: string) => void,
    private readonly coalesced: () => void,
  ) {}

  /** Starting one that runs starts it anew. Returns how to stop it. */
  start(name: string, everyMs: number): () => void {
    this.stop(name);
    const entry = { timer: this.arm(name, everyMs), everyMs };
    this.running.set(name, entry);
    return () => {
      if (this.running.get(name) === entry) this.stop(name);
    };
  }

  /** The tick has been dealt with; the next one will be sent. */
  handled(name: string): void {
    this.unread.delete(name);
  }

  stopAll(): void {
    for (const name of [...this.running.keys()]) this.stop(name);
    this.unread.clear();
  }

  private stop(name: string): void {
    this.running.get(name)?.timer.cancel();
    this.running.delete(name);
  }

  private arm(name: string, everyMs: number): Timer {
    return this.clock.setTimer(() => {
      const entry = this.running.get(name);
      if (!entry) return;
      entry.timer = this.arm(name, entry.everyMs);
      if (this.unread.has(name)) {
        this.coalesced();
      } else {
        this.unread.add(name);
        this.send(name);
      }
    }, everyMs);
  }
}
