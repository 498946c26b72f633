/**
 * Where wire bytes are kept: pages of one size, given back to a pool and used again, so that a full store makes no
 * garbage. What is larger than a page gets one of its own. An offset in a page fits 16 bits.
 */
export const MAX_PAGE_BYTES = 1 << 16;
/** What a page costs beside its bytes: the objects around it. */
const PAGE_COST = 200;

export interface PagePool {
  readonly pageBytes: number;
  /** Bytes allocated, pages in the pool included. */
  readonly bytes: number;
  /** Bytes of pages that wait to be used again. */
  readonly pooledBytes: number;
  /** Whether one more page of `size` bytes can be had without allocating. */
  canReuse(size: number): boolean;
  take(size: number): Uint8Array;
  give(page: Uint8Array): void;
  /** Lets a pooled page go; false when there is none. */
  shrink(): boolean;
  /** What `take` allocates where it cannot reuse. */
  costOf(size: number): number;
}

export function createPagePool(pageBytes: number): PagePool {
  const pool: Uint8Array[] = [];
  let bytes = 0;
  const costOf = (size: number) => PAGE_COST + Math.max(size, pageBytes);
  return {
    pageBytes,
    get bytes() {
      return bytes;
    },
    get pooledBytes() {
      return pool.length * costOf(pageBytes);
    },
    canReuse: (size) => size <= pageBytes && pool.length > 0,
    take(size) {
      const pooled = size <= pageBytes ? pool.pop() : undefined;
      if (pooled !== undefined) return pooled;
      bytes += costOf(size);
      return new Uint8Array(Math.max(size, pageBytes));
    },
    give(page) {
      if (page.length === pageBytes) pool.push(page);
      else bytes -= costOf(page.length);
    },
    shrink() {
      const page = pool.pop();
      if (page === undefined) return false;
      bytes -= costOf(page.length);
      return true;
    },
    costOf,
  };
}
