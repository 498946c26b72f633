/**
 * Short traces are searched along their chain of rows. One that has grown long gets an index of its own: a table of
 * its span ids, and the first moment of each node, so that neither a duplicate check nor a summary walks it.
 */
import { NO_ROW } from './segment';

/** Rows from which a trace has an index. */
export const BIG_TRACE_ROWS = 48;
/** The objects around the table, and of one node. */
const FIXED_BYTES = 400;
const NODE_BYTES = 120;

export interface RowIds {
  spanHigh(row: number): number;
  spanLow(row: number): number;
}

export class BigTrace {
  #table = new Int32Array(128).fill(NO_ROW);
  #count = 0;
  /** Node code → moment and order of arrival of its earliest span. */
  readonly nodes = new Map<number, { start: number; order: number }>();
  #order = 0;

  constructor(private readonly ids: RowIds) {}

  get bytes(): number {
    return FIXED_BYTES + this.#table.byteLength + this.nodes.size * NODE_BYTES;
  }

  find(high: number, low: number): number {
    const mask = this.#table.length - 1;
    for (let at = hashSpanId(high, low) & mask; ; at = (at + 1) & mask) {
      const row = this.#table[at] as number;
      if (row === NO_ROW) return NO_ROW;
      if (this.ids.spanLow(row) === low && this.ids.spanHigh(row) === high) return row;
    }
  }

  add(row: number, node: number, start: number): void {
    if (++this.#count * 2 > this.#table.length) this.#grow();
    this.#place(row);
    const order = this.#order++;
    if (node === 0) return;
    const known = this.nodes.get(node);
    if (known === undefined) this.nodes.set(node, { start, order });
    else if (start < known.start) {
      known.start = start;
      known.order = order;
    }
  }

  #place(row: number): void {
    const mask = this.#table.length - 1;
    let at = hashSpanId(this.ids.spanHigh(row), this.ids.spanLow(row)) & mask;
    while (this.#table[at] !== NO_ROW) at = (at + 1) & mask;
    this.#table[at] = row;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2).fill(NO_ROW);
    for (const row of old) if (row !== NO_ROW) this.#place(row);
  }
}

export function hashSpanId(high: number, low: number): number {
  const hash = Math.imul(high ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(low, 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) >>> 0;
}
