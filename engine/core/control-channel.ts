/**
 * The bounded channel of a node's control messages and of the outcomes of what it sent. Who finds it full waits in
 * line without blocking: an outcome must always get through, and there are never more of them than pdata under way.
 * A `config_update` that still waits is replaced by a later one, whose changes are laid over it.
 */
import { add } from './counter-store';
import { Flow } from './flow';
import type { OrderedMessage } from './ordered-message';
import type { Runtime } from './runtime';

export type ControlEntry = Flow | OrderedMessage;

export class ControlChannel {
  depth = 0;
  private ring: (ControlEntry | null)[];
  private head = 0;
  /** Beyond the capacity, oldest first. */
  private line: ControlEntry[] = [];

  constructor(
    readonly index: number,
    readonly id: string,
    public capacity: number,
    private readonly runtime: Runtime,
  ) {
    this.ring = new Array<ControlEntry | null>(capacity).fill(null);
    runtime.counters.capacity[index] = capacity;
  }

  send(entry: ControlEntry): void {
    if (this.depth < this.capacity && this.line.length === 0) this.push(entry);
    else this.line.push(entry);
  }

  take(): ControlEntry | null {
    const entry = this.ring[this.head] ?? null;
    if (this.depth === 0 || entry === null) return null;
    this.ring[this.head] = null;
    this.head = (this.head + 1) % this.ring.length;
    this.depth--;
    const { counters } = this.runtime;
    counters.depth[this.index] = this.depth;
    add(counters.controlReceived, this.index, 1);
    this.letIn();
    return entry;
  }

  resize(capacity: number): void {
    const kept = [...this.entries()].slice(0, this.depth);
    this.ring = new Array<ControlEntry | null>(Math.max(capacity, this.depth)).fill(null);
    kept.forEach((entry, i) => {
      this.ring[i] = entry;
    });
    this.head = 0;
    this.capacity = capacity;
    this.runtime.counters.capacity[this.index] = capacity;
    this.letIn();
  }

  /** All that wait, the line included, oldest first. */
  *entries(): Generator<ControlEntry> {
    for (let i = 0; i < this.depth; i++) {
      const entry = this.ring[(this.head + i) % this.ring.length];
      if (entry) yield entry;
    }
    yield* this.line;
  }

  /** Messages of the given kinds that wait, outcomes never. */
  *messages(): Generator<OrderedMessage> {
    for (const entry of this.entries()) if (!(entry instanceof Flow)) yield entry;
  }

  private letIn(): void {
    while (this.depth < this.capacity) {
      const next = this.line.shift();
      if (!next) return;
      this.push(next);
    }
  }

  private push(entry: ControlEntry): void {
    this.ring[(this.head + this.depth) % this.ring.length] = entry;
    this.depth++;
    const { counters } = this.runtime;
    counters.depth[this.index] = this.depth;
    add(counters.controlSent, this.index, 1);
  }
}
