/** A bounded queue of row numbers. The oldest is overwritten when it is full: its row has been overwritten as well. */
export class RowQueue {
  private readonly rows: Int32Array;
  private readonly mask: number;
  private head = 0;
  private tail = 0;

  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, capacity)));
    this.rows = new Int32Array(size);
    this.mask = size - 1;
  }

  get length(): number {
    return (this.tail - this.head) | 0;
  }

  push(row: number): void {
    this.rows[this.tail & this.mask] = row;
    this.tail = (this.tail + 1) | 0;
    if (((this.tail - this.head) | 0) > this.mask + 1) this.head = (this.head + 1) | 0;
  }

  /** The oldest row; 0 where it is empty. */
  shift(): number {
    if (this.head === this.tail) return 0;
    const row = this.rows[this.head & this.mask] as number;
    this.head = (this.head + 1) | 0;
    return row;
  }

  peek(): number {
    return this.head === this.tail ? 0 : (this.rows[this.head & this.mask] as number);
  }
}
