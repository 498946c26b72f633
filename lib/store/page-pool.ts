/**
 * Where wire bytes are kept: pages of one size, given back to a pool and used again, so that a full store makes no
 * garbage. What is larger than a page gets one of its own.
 */
export const PAGE_BYTES = 1 << 16;
/** A page's number goes into a 16-bit column. */
export const MAX_PAGES = 1 << 16;

export interface PagePool {
  /** Bytes allocated, pages in the pool included. */
  readonly bytes: number;
  /** Pages waiting to be used again. */
  readonly pooled: number;
  /** Whether one more page of `size` bytes can be had without allocating. */
  canReuse(size: number): boolean;
  readonly full: boolean;
  take(size: number): number;
  give(page: number): void;
  /** Lets a pooled page go; false when there is none. */
  shrink(): boolean;
  at(page: number): Uint8Array;
}

export function createPagePool(): PagePool {
  const pages: Uint8Array[] = [];
  const freeNumbers: number[] = [];
  const pool: Uint8Array[] = [];
  const none = new Uint8Array(0);
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    get pooled() {
      return pool.length;
    },
    get full() {
      return freeNumbers.length === 0 && pages.length >= MAX_PAGES;
    },
    canReuse: (size) => size <= PAGE_BYTES && pool.length > 0,
    take(size) {
      const page = freeNumbers.pop() ?? pages.length;
      let buffer = size <= PAGE_BYTES ? pool.pop() : undefined;
      if (buffer === undefined) {
        buffer = new Uint8Array(Math.max(size, PAGE_BYTES));
        bytes += buffer.length;
      }
      pages[page] = buffer;
      return page;
    },
    give(page) {
      const buffer = pages[page] ?? none;
      pages[page] = none;
      freeNumbers.push(page);
      if (buffer.length === PAGE_BYTES) pool.push(buffer);
      else bytes -= buffer.length;
    },
    shrink() {
      const buffer = pool.pop();
      if (buffer === undefined) return false;
      bytes -= buffer.length;
      return true;
    },
    at: (page) => pages[page] ?? none,
  };
}
