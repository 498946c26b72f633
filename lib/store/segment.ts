/**
 * A segment: some thousand rows in order of arrival, as columns, and the pages that hold their wire bytes. Rows never
 * move within it, and it is given back as a whole.
 *
 *   row number = segment << shift | index
 *
 * A row is a span, or a log record (flag LOG). `next` chains the rows of a trace in order of arrival.
 */
export const NO_ROW = 0xffffffff;
export const NO_ITEMS = 0xffffffff;
/** Trace slot of a log record that belongs to no trace. */
export const NO_TRACE = 0xffffffff;

export const FLAG = {
  /** Two bits: 0 unset, 1 ok, 2 error. */
  statusMask: 3,
  root: 4,
  log: 8,
  links: 16,
  /** `held.ms` and `outcome.wait.ms` are rare: read from the wire where the flag says so. */
  held: 32,
  outcome: 64,
  control: 128,
} as const;

export class Segment {
  length = 0;
  sealed = false;
  /** Which chain it belongs to, and its place among all by age. */
  chain = 0;
  age = 0;
  readonly pages: number[] = [];
  pageBytes = 0;
  /** Next free byte of the last page. */
  fill = 0;
  /** Links out of its rows: hash of the trace they lead to, and the row's index. Sorted by hash once sealed. */
  links = 0;
  linkHash = new Uint32Array(0);
  linkRow = new Uint16Array(0);

  readonly bytes: number;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly trace: Uint32Array;
  readonly next: Uint32Array;
  readonly spanHigh: Uint32Array;
  readonly spanLow: Uint32Array;
  readonly parentHigh: Uint32Array;
  readonly parentLow: Uint32Array;
  readonly wireLength: Uint32Array;
  readonly context: Uint32Array;
  readonly items: Uint32Array;
  /** Milliseconds; NaN where the span does not tell. */
  readonly wait: Float32Array;
  readonly work: Float32Array;
  readonly blocked: Float32Array;
  readonly page: Uint16Array;
  readonly offset: Uint16Array;
  readonly node: Uint16Array;
  readonly name: Uint16Array;
  /** Where in the span's wire bytes its batch id stands; 0 is none. */
  readonly batchOffset: Uint16Array;
  readonly batchLength: Uint8Array;
  readonly flags: Uint8Array;
  readonly signal: Uint8Array;

  constructor(readonly capacity: number) {
    this.bytes = capacity * ROW_BYTES;
    const buffer = new ArrayBuffer(this.bytes);
    let at = 0;
    const place = (width: number) => {
      const offset = at;
      at += capacity * width;
      return offset;
    };
    this.start = new Float64Array(buffer, place(8), capacity);
    this.duration = new Float64Array(buffer, place(8), capacity);
    this.trace = new Uint32Array(buffer, place(4), capacity);
    this.next = new Uint32Array(buffer, place(4), capacity);
    this.spanHigh = new Uint32Array(buffer, place(4), capacity);
    this.spanLow = new Uint32Array(buffer, place(4), capacity);
    this.parentHigh = new Uint32Array(buffer, place(4), capacity);
    this.parentLow = new Uint32Array(buffer, place(4), capacity);
    this.wireLength = new Uint32Array(buffer, place(4), capacity);
    this.context = new Uint32Array(buffer, place(4), capacity);
    this.items = new Uint32Array(buffer, place(4), capacity);
    this.wait = new Float32Array(buffer, place(4), capacity);
    this.work = new Float32Array(buffer, place(4), capacity);
    this.blocked = new Float32Array(buffer, place(4), capacity);
    this.page = new Uint16Array(buffer, place(2), capacity);
    this.offset = new Uint16Array(buffer, place(2), capacity);
    this.node = new Uint16Array(buffer, place(2), capacity);
    this.name = new Uint16Array(buffer, place(2), capacity);
    this.batchOffset = new Uint16Array(buffer, place(2), capacity);
    this.batchLength = new Uint8Array(buffer, place(1), capacity);
    this.flags = new Uint8Array(buffer, place(1), capacity);
    this.signal = new Uint8Array(buffer, place(1), capacity);
  }

  /** Bytes of the link index. */
  get linkBytes(): number {
    return this.linkHash.byteLength + this.linkRow.byteLength;
  }

  addLink(hash: number, index: number): void {
    if (this.links === this.linkHash.length) {
      const size = Math.max(16, this.links * 2);
      this.linkHash = grown(this.linkHash, new Uint32Array(size));
      this.linkRow = grown(this.linkRow, new Uint16Array(size));
    }
    this.linkHash[this.links] = hash;
    this.linkRow[this.links++] = index;
  }

  /** No more rows: the link index is sorted and cut to size. */
  seal(): void {
    if (this.sealed) return;
    this.sealed = true;
    const order = Float64Array.from(
      { length: this.links },
      (_, i) => (this.linkHash[i] as number) * 0x10000 + (this.linkRow[i] as number),
    );
    order.sort();
    this.linkHash = Uint32Array.from(order, (key) => Math.floor(key / 0x10000));
    this.linkRow = Uint16Array.from(order, (key) => key % 0x10000);
  }

  /** Empty again, for another use. Its pages must have been given back. */
  reset(): void {
    this.length = 0;
    this.sealed = false;
    this.pages.length = 0;
    this.pageBytes = 0;
    this.fill = 0;
    this.links = 0;
    this.linkHash = new Uint32Array(0);
    this.linkRow = new Uint16Array(0);
  }

  /** Calls back with the hash of each link out of a row. Walks them all: for rows that move. */
  eachLinkOf(index: number, visit: (hash: number) => void): void {
    for (let k = 0; k < this.links; k++) if (this.linkRow[k] === index) visit(this.linkHash[k] as number);
  }

  /** Calls back with the index of each row that links to a trace of this hash; once per link. */
  eachLinkTo(hash: number, visit: (index: number) => void): void {
    if (!this.sealed) {
      for (let i = 0; i < this.links; i++) if (this.linkHash[i] === hash) visit(this.linkRow[i] as number);
      return;
    }
    let low = 0;
    let high = this.links;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.linkHash[middle] as number) < hash) low = middle + 1;
      else high = middle;
    }
    for (; low < this.links && this.linkHash[low] === hash; low++) visit(this.linkRow[low] as number);
  }
}

/** Widths of all columns above. */
export const ROW_BYTES = 2 * 8 + 12 * 4 + 5 * 2 + 3;

function grown<T extends Uint32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
