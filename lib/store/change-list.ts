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
    const before = chunk.changed[i] as number;
    chunk.changed[i] = ++this.#sequence;
    if (this.#newest === slot) return;
    if (before !== 0) this.#unlink(slot);
    chunk.older[i] = this.#newest;
    chunk.newer[i] = NO_SLOT;
    if (this.#newest !== NO_SLOT) this.traces.chunk(this.#newest).newer[inChunk(this.#newest)] = slot;
    this.#newest = slot;
  }

  remove(slot: number): void {
    const chunk = this.traces.chunk(slot);
    if (chunk.changed[inChunk(slot)] === 0) return;
    if (this.#newest === slot) this.#newest = chunk.older[inChunk(slot)] as number;
    this.#unlink(slot);
  }

  older(slot: number): number {
    return this.traces.chunk(slot).older[inChunk(slot)] as number;
  }

  #unlink(slot: number): void {
    const chunk = this.traces.chunk(slot);
    const older = chunk.older[inChunk(slot)] as number;
    const newer = chunk.newer[inChunk(slot)] as number;
    if (older !== NO_SLOT) this.traces.chunk(older).newer[inChunk(older)] = newer;
    if (newer !== NO_SLOT) this.traces.chunk(newer).older[inChunk(newer)] = older;
  }
}
