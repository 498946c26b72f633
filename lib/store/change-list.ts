/** Traces in the order of their last change, as a list through the trace table: the newest is found at once. */
import { inChunk, NO_SLOT, type TraceTable } from './trace-table';

export class ChangeList {
  #sequence = 0;
  #newest = NO_SLOT;

  constructor(private readonly traces: TraceTable) {}

  /** Number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  get newest(): number {
    return this.#newest;
  }

  touch(slot: number): void {
    const chunk = this.traces.chunk(slot);
    const i = inChunk(slot);
    const before = chunk.changed(i);
    chunk.setChanged(i, ++this.#sequence);
    if (this.#newest === slot) return;
    if (before !== 0) this.#unlink(slot);
    chunk.setOlder(i, this.#newest);
    chunk.setNewer(i, NO_SLOT);
    if (this.#newest !== NO_SLOT) this.traces.chunk(this.#newest).setNewer(inChunk(this.#newest), slot);
    this.#newest = slot;
  }

  remove(slot: number): void {
    const chunk = this.traces.chunk(slot);
    if (chunk.changed(inChunk(slot)) === 0) return;
    if (this.#newest === slot) this.#newest = chunk.older(inChunk(slot));
    this.#unlink(slot);
  }

  older(slot: number): number {
    return this.traces.chunk(slot).older(inChunk(slot));
  }

  #unlink(slot: number): void {
    const chunk = this.traces.chunk(slot);
    const older = chunk.older(inChunk(slot));
    const newer = chunk.newer(inChunk(slot));
    if (older !== NO_SLOT) this.traces.chunk(older).setNewer(inChunk(older), newer);
    if (newer !== NO_SLOT) this.traces.chunk(newer).setOlder(inChunk(newer), older);
  }
}
