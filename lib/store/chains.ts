/**
 * Who writes into which segment, and which segment leaves next. Each source has a chain of its own, so that a noisy
 * one fills its own segments; one more chain holds what is kept beyond its time.
 *
 *   order: oldest segment of all first. It leaves, unless its source holds no more than its guaranteed share.
 */
import { ROW_BYTES, Segment } from './segment';
import { countLists, type StoreState, usedBytes } from './store-state';

/** Sources with a chain of their own; the others share the last one. */
const MAX_CHAINS = 48;
/** Chain of traces that are kept beyond their time. */
export const KEPT_CHAIN = 0;
/** Share of the budget for them. */
export const KEPT_SHARE = 0.25;
/** Share of the budget that all sources' guarantees add up to. */
const GUARANTEED_SHARE = 0.5;

export class Chains {
  /** Segment that a chain writes into, by chain; −1 where there is none. */
  readonly #active: number[] = [-1];
  readonly #bytes: number[] = [0];
  /** Numbers of all segments in use, oldest first. */
  readonly #order: number[] = [];
  readonly #pool: Segment[] = [];
  readonly #freeNumbers: number[] = [];
  #ages = 0;

  constructor(private readonly state: StoreState) {}

  chainOfEngine(engine: number): number {
    const chain = Math.min(1 + engine, MAX_CHAINS);
    while (this.#active.length <= chain) {
      this.#active.push(-1);
      this.#bytes.push(0);
    }
    return chain;
  }

  get count(): number {
    return this.#order.length;
  }

  /** Columns that wait to be used again. */
  get pooled(): number {
    return this.#pool.length;
  }

  bytesOf(chain: number): number {
    return this.#bytes[chain] ?? 0;
  }

  active(chain: number): number {
    return this.#active[chain] ?? -1;
  }

  /** True where the chain can take a row of `size` bytes as it is. */
  hasRoom(chain: number, size: number): boolean {
    const segment = this.state.segments[this.active(chain)];
    if (segment === undefined || segment.length === segment.capacity) return false;
    return segment.pages.length > 0 && segment.fill + size <= this.#lastPageLength(segment);
  }

  /** What `makeRoom` will allocate that no pool has. */
  costOfRoom(chain: number, size: number): number {
    const segment = this.state.segments[this.active(chain)];
    const columns = this.#needsSegment(segment, size) && this.#pool.length === 0 ? this.#columnBytes : 0;
    const page = this.state.pages.canReuse(size) ? 0 : this.state.pages.costOf(size);
    return columns + page;
  }

  /** Gives the chain a segment and a page with room. The caller has made sure that the budget allows it. */
  makeRoom(chain: number, size: number): void {
    if (this.hasRoom(chain, size)) return;
    let segment = this.state.segments[this.active(chain)];
    if (this.#needsSegment(segment, size)) {
      this.seal(chain);
      segment = this.#open(chain);
    }
    if (segment === undefined) return;
    const page = this.state.pages.take(size);
    segment.pages.push(page);
    segment.pageBytes += page.length;
    segment.fill = 0;
    this.#bytes[chain] = this.bytesOf(chain) + page.length;
  }

  seal(chain: number): void {
    const segment = this.state.segments[this.active(chain)];
    if (segment !== undefined) {
      segment.seal();
      countLists(this.state, segment);
    }
    this.#active[chain] = -1;
  }

  /** The segment that has to leave next; −1 where nothing is held. */
  victim(): number {
    const { budgetBytes } = this.state.options;
    if (this.bytesOf(KEPT_CHAIN) > KEPT_SHARE * budgetBytes) {
      const kept = this.#order.find((number) => this.#chainOf(number) === KEPT_CHAIN);
      if (kept !== undefined) return kept;
    }
    const sources = this.#bytes.filter((bytes, chain) => chain !== KEPT_CHAIN && bytes > 0).length;
    const guaranteed = (GUARANTEED_SHARE * budgetBytes) / Math.max(1, sources);
    const noisy = (number: number) => {
      const chain = this.#chainOf(number);
      return chain !== KEPT_CHAIN && this.bytesOf(chain) > guaranteed;
    };
    const isSealed = (number: number) => this.state.segments[number]?.sealed === true;
    return (
      this.#order.find((number) => noisy(number) && isSealed(number)) ??
      this.#order.find((number) => this.#chainOf(number) !== KEPT_CHAIN && isSealed(number)) ??
      this.#order.find(isSealed) ??
      this.#order[0] ??
      -1
    );
  }

  /** Gives a segment's pages and columns back. Its rows must have been released. */
  free(number: number): void {
    const segment = this.state.segments[number];
    if (segment === undefined) return;
    if (this.#active[segment.chain] === number) this.#active[segment.chain] = -1;
    for (const page of segment.pages) this.state.pages.give(page);
    this.#bytes[segment.chain] = this.bytesOf(segment.chain) - segment.pageBytes - segment.bytes;
    this.state.listBytes -= segment.counted;
    this.state.segments[number] = undefined;
    this.#freeNumbers.push(number);
    this.#order.splice(this.#order.indexOf(number), 1);
    segment.reset();
    this.#pool.push(segment);
  }

  /** Lets go of memory that waits to be used again; false when there is none. */
  shrink(): boolean {
    return this.state.pages.shrink() || this.#shrinkColumns();
  }

  /** The same, of columns beyond one segment's and of pages beyond `spareBytes`: the rest is soon used. */
  shrinkExcess(spareBytes: number): boolean {
    if (this.#pool.length > 1) return this.#shrinkColumns();
    return this.state.pages.pooledBytes > spareBytes && this.state.pages.shrink();
  }

  /** Oldest first. */
  numbers(): readonly number[] {
    return this.#order;
  }

  used(): number {
    return usedBytes(this.state);
  }

  #shrinkColumns(): boolean {
    const segment = this.#pool.pop();
    if (segment === undefined) return false;
    this.state.segmentBytes -= segment.bytes;
    return true;
  }

  get #columnBytes(): number {
    return this.state.rows * ROW_BYTES;
  }

  #chainOf(number: number): number {
    return this.state.segments[number]?.chain ?? -1;
  }

  #lastPageLength(segment: Segment): number {
    const page = segment.pages[segment.pages.length - 1];
    return page === undefined ? 0 : page.length;
  }

  /** A segment ends with its rows or with its bytes. */
  #needsSegment(segment: Segment | undefined, size: number): boolean {
    if (segment === undefined || segment.length === segment.capacity) return true;
    return segment.length > 0 && segment.pageBytes + size > this.state.segmentPageBytes;
  }

  #open(chain: number): Segment {
    let segment = this.#pool.pop();
    if (segment === undefined) {
      segment = new Segment(this.state.rows);
      this.state.segmentBytes += segment.bytes;
    }
    const number = this.#freeNumbers.pop() ?? this.state.segments.length;
    segment.chain = chain;
    segment.age = this.#ages++;
    this.state.segments[number] = segment;
    this.#active[chain] = number;
    this.#order.push(number);
    this.#bytes[chain] = this.bytesOf(chain) + segment.bytes;
    return segment;
  }
}
