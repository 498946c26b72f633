/**
 * Where wire bytes are kept: pages of one size, given back to a pool and used again, so that a full store makes no
 * garbage. What is larger than a page gets one of its own. A page's number and an offset in it fit 16 bits each: the
 * budget is far below 65,536 pages.
 */
export const MAX_PAGE_BYTES = 1 << 16;

export interface PagePool {
  readonly pageBytes: number;
  /** Bytes allocated, pages in the pool included. */
  readonly bytes: number;
  /** Whether one more page of `size` bytes can be had without allocating. */
  canReuse(size: number): boolean;
  take(size: number): number;
  give(page: number): void;
  /** Lets a pooled page go; false when there is none. */
  shrink(): boolean;
  at(page: number): Uint8Array;
}

export function createPagePool(pageBytes: number): PagePool {
  const pages: Uint8Array[] = [];
  const freeNumbers: number[] = [];
  const pool: Uint8Array[] = [];
  const none = new Uint8Array(0);
  let bytes = 0;
  return {
    pageBytes,
    get bytes() {
      return bytes;
    },
    canReuse: (size) => size <= pageBytes && pool.length > 0,
    take(size) {
      const page = freeNumbers.pop() ?? pages.length;
      let buffer = size <= pageBytes ? pool.pop() : undefined;
      if (buffer === undefined) {
        buffer = new Uint8Array(Math.max(size, pageBytes));
        bytes += buffer.length;
      }
      pages[page] = buffer;
      return page;
    },
    give(page) {
      const buffer = pages[page] ?? none;
      pages[page] = none;
      freeNumbers.push(page);
      if (buffer.length === pageBytes) pool.push(buffer);
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
