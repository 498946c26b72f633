/** How traces leave: a segment at a time, the oldest first, some of them moved to where they are kept longer. */
import { type Chains, KEPT_CHAIN } from './chains';
import { chooseKept, type KeepState } from './keep';
import { dropRow, moveRow, releaseCodes } from './rows';
import { FLAG, MOVED, NO_ROW, NO_TRACE, ROW_BYTES, type Segment } from './segment';
import { countLists, indexOf, type StoreState, segmentOf, usedBytes } from './store-state';
import { inChunk, TRACE_CHUNK_BYTES, TRACE_FLAG } from './trace-table';

/** Share of a leaving segment that may be kept, so that each eviction frees more than it takes. */
const KEEP_AT_MOST = 0.4;

export class Eviction {
  /** Kept free for moving what is kept, before the segment that it comes from is given back. */
  readonly #headroom: number;
  /** Counts segments that left: what was looked up before may be gone. */
  rounds = 0;
  /** Links of the segments that rows are moved out of, for the time of one eviction. */
  readonly #rowLinks = new Map<Segment, ReadonlyMap<number, readonly number[]>>();

  constructor(
    private readonly state: StoreState,
    private readonly chains: Chains,
    private readonly keep: KeepState,
  ) {
    this.#headroom = Math.min(state.options.budgetBytes * 0.05, 2 * state.segmentPageBytes);
  }

  /** Evicts until `extra` more bytes fit. */
  fit(extra: number): void {
    while (this.#taken() + extra > this.#limit) if (!this.#makeWay()) return;
  }

  /** Room for a row of `size` bytes in `chain` and for one more trace. */
  reserve(chain: number, size: number): void {
    while (!this.state.traces.hasFree || !this.chains.hasRoom(chain, size)) {
      if (!this.state.traces.hasFree) {
        this.fit(TRACE_CHUNK_BYTES);
        if (!this.state.traces.hasFree) this.state.traces.grow();
        continue;
      }
      this.#fitRoom(chain, size);
      this.chains.makeRoom(chain, size);
    }
  }

  evictOldest(): boolean {
    const number = this.chains.victim();
    if (number < 0) return false;
    this.#evict(number);
    return true;
  }

  /** A trace leaves: its rows stay as they are until their segments do. */
  kill(slot: number): void {
    const { state } = this;
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    state.index.remove(slot);
    const spans = chunk.spans(i);
    if (spans > 0) {
      const { traces } = state;
      state.evicted.add(
        traces.word(slot, 0),
        traces.word(slot, 1),
        traces.word(slot, 2),
        traces.word(slot, 3),
      );
      state.spans.evict(spans);
      state.liveTraces--;
      const engine = chunk.engine(i);
      state.engines.traces[engine] = (state.engines.traces[engine] ?? 0) - 1;
    }
    state.logs.evict(chunk.logs(i));
    state.changes.remove(slot);
    chunk.clearFlag(i, TRACE_FLAG.live);
    state.cut.delete(slot);
    this.#forgetBig(slot);
  }

  get #limit(): number {
    return this.state.options.budgetBytes - this.#headroom;
  }

  /** Bytes in use. Pages that wait to be used again are headroom, as far as it goes. */
  #taken(): number {
    return usedBytes(this.state) - Math.min(this.#headroom, this.state.pages.pooledBytes);
  }

  #fitRoom(chain: number, size: number): void {
    for (;;) {
      const cost = this.chains.costOfRoom(chain, size);
      if (cost === 0 || this.#taken() + cost <= this.#limit) return;
      if (!this.#makeWay()) return;
    }
  }

  /** Memory taken anew and given back all the time costs more than it saves: what waits in a pool goes last. */
  #makeWay(): boolean {
    return this.chains.shrinkExcess(this.#headroom) || this.evictOldest() || this.chains.shrink();
  }

  #evict(number: number): void {
    this.rounds++;
    const { state, chains } = this;
    const segment = state.segments[number] as Segment;
    if (!segment.sealed) chains.seal(segment.chain);
    if (segment.chain !== KEPT_CHAIN) this.#keepSome(segment);
    for (let i = 0; i < segment.length; i++) {
      const slot = segment.trace(i);
      if (slot === MOVED) continue;
      if (slot === NO_TRACE) state.logs.evict(1);
      else if (state.traces.isLive(slot)) this.kill(slot);
      dropRow(state, slot);
    }
    releaseCodes(state, segment);
    chains.free(number);
  }

  #keepSome(segment: Segment): void {
    const { state } = this;
    let room = KEEP_AT_MOST * segment.pageBytes;
    for (const slot of chooseKept(state, this.keep, segment)) {
      const size = state.traces.chunk(slot).bytes(inChunk(slot));
      if (size > room) continue;
      if (this.#move(slot)) room -= size;
    }
    this.#rowLinks.clear();
  }

  /** Moves a whole trace to the kept chain; false where the budget has no room for it now. */
  #move(slot: number): boolean {
    const { state } = this;
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    const size = chunk.bytes(i);
    const rows = chunk.rows(i);
    const worst = 2 * size + (rows + state.rows) * ROW_BYTES + state.pages.pageBytes;
    if (usedBytes(state) - state.pages.pooledBytes + worst > state.options.budgetBytes) return false;
    let row = chunk.head(i);
    let previous = NO_ROW;
    const root = chunk.root(i);
    const error = chunk.error(i);
    while (row !== NO_ROW) {
      const from = segmentOf(state, row);
      const next = from.next(indexOf(state, row));
      const moved = this.#moveOne(row);
      if (previous === NO_ROW) chunk.setHead(i, moved);
      else segmentOf(state, previous).setNext(indexOf(state, previous), moved);
      if (row === root) chunk.setRoot(i, moved);
      if (row === error) chunk.setError(i, moved);
      previous = moved;
      row = next;
    }
    chunk.setTail(i, previous);
    chunk.setFlag(i, TRACE_FLAG.kept);
    this.#forgetBig(slot);
    return true;
  }

  #moveOne(row: number): number {
    const { state, chains } = this;
    const from = segmentOf(state, row);
    const i = indexOf(state, row);
    const moved = moveRow(state, chains, row, KEPT_CHAIN);
    const to = segmentOf(state, moved);
    if ((from.flags(i) & FLAG.links) !== 0) {
      let links = this.#rowLinks.get(from);
      if (links === undefined) {
        links = from.linksByRow();
        this.#rowLinks.set(from, links);
      }
      for (const hash of links.get(i) ?? []) to.addLink(hash, indexOf(state, moved));
    }
    countLists(state, to);
    return moved;
  }

  /** An index by row numbers is made anew when it is needed. */
  #forgetBig(slot: number): void {
    const big = this.state.big.get(slot);
    if (big === undefined) return;
    this.state.bigBytes -= big.bytes;
    this.state.big.delete(slot);
  }
}
