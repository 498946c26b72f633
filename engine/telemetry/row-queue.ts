/** A bounded queue of row numbers. Whoever pushes into a full one gets the oldest back, to do right by it. */
import { powerOfTwo } from '@/lib/base/power-of-two';

export class RowQueue {
  private readonly rows: Int32Array;
  private readonly mask: number;
  private head = 0;
  private tail = 0;

  constructor(capacity: number) {
    const size = powerOfTwo(Math.max(16, capacity));
    this.rows = new Int32Array(size);
    this.mask = size - 1;
  }

  get length(): number {
    return (this.tail - this.head) | 0;
  }

  /** The row that had to make room; 0 where there was room. */
  push(row: number): number {
    const pushedOut = ((this.tail - this.head) | 0) > this.mask ? this.shift() : 0;
    this.rows[this.tail & this.mask] = row;
    this.tail = (this.tail + 1) | 0;
    return pushedOut;
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
