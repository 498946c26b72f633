/** The one capability that a node's code gets, made anew for each instance of the node. */
import type { Clock } from '@/lib/base/clock';
import type { Random } from '@/lib/base/random';
import type { EngineNode } from './engine-node';
import type { Async, FlushOutput, NodeHandle, Piece } from './node';

export class NodeHandleImpl implements NodeHandle {
  constructor(private readonly node: EngineNode) {}

  get id(): string {
    return this.node.id;
  }

  get ports(): readonly string[] {
    return this.node.ports;
  }

  get clock(): Clock {
    return this.node.runtime.clock;
  }

  get random(): Random {
    return this.node.random;
  }

  flush(pieces: readonly Piece[], output: FlushOutput): Async {
    return this.node.store.flush(pieces, output);
  }

  dropHeld(pieces: readonly Piece[], reason: string): void {
    this.node.store.drop(pieces, reason);
  }

  startTimer(timer: string, everyMs: number): () => void {
    return this.node.startTimer(timer, everyMs);
  }

  log(level: 'info' | 'warn' | 'error', message: string): void {
    this.node.runtime.log(level, `${this.node.id}: ${message}`);
  }
}
