/** Rows of a trace in order of start, in slices: a trace may have millions. */
import { eachRowFrom, isSpanRow } from './rows';
import { NO_ROW } from './segment';
import { indexOf, type StoreState, segmentOf } from './store-state';
import { inChunk, TRACE_FLAG } from './trace-table';

type Pause = () => Promise<void>;

/** Rows walked, or steps of a merge, before other work may run. */
const ROWS_A_SLICE = 8_192;
const RUN = 4_096;

/** Rows of a trace's spans by start, then arrival; `null` where the trace left, or its rows moved, meanwhile. */
export async function rowsByStart(state: StoreState, slot: number, pause: Pause): Promise<Int32Array | null> {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const id = [chunk.word(i, 0), chunk.word(i, 1), chunk.word(i, 2), chunk.word(i, 3)] as const;
  // Log records are among the rows: no more spans than that.
  const most = chunk.rows(i);
  let rows = new Int32Array(most);
  let starts = new Float64Array(most);
  let count = 0;
  let row = chunk.head(i);
  while (row !== NO_ROW) {
    row = eachRowFrom(state, row, ROWS_A_SLICE, (segment, k, number) => {
      if (!isSpanRow(segment, k)) return;
      if (count === rows.length) {
        rows = grownInts(rows);
        starts = grownFloats(starts);
      }
      rows[count] = number;
      starts[count++] = segment.start(k);
    });
    if (row === NO_ROW) break;
    await pause();
    const held = (chunk.flags(i) & TRACE_FLAG.live) !== 0 && state.traces.is(slot, ...id);
    if (!held || state.segments[row >>> state.rowShift] === undefined) return null;
    if (segmentOf(state, row).trace(indexOf(state, row)) !== slot) return null;
  }
  return sortedRows(rows.slice(0, count), starts.subarray(0, count), pause);
}

/** Spans that came while others ran. */
function grownInts(values: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * values.length + 1);
  grown.set(values);
  return grown;
}

function grownFloats(values: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(2 * values.length + 1);
  grown.set(values);
  return grown;
}

async function sortedRows(rows: Int32Array, starts: Float64Array, pause: Pause): Promise<Int32Array> {
  if (isSorted(starts)) return rows;
  const order = await sortedOrder(starts, pause);
  return order.map((at) => rows[at] as number);
}

/** Positions of the keys in ascending order, equal ones as they stood: runs are sorted, then merged two by two. */
export async function sortedOrder(keys: Float64Array, pause: Pause): Promise<Int32Array> {
  const { length } = keys;
  let from = Int32Array.from(keys.keys());
  const byKey = (a: number, b: number) => (keys[a] as number) - (keys[b] as number) || a - b;
  for (let at = 0; at < length; at += RUN) {
    if (at > 0) await pause();
    from.subarray(at, at + RUN).sort(byKey);
  }
  let into = new Int32Array(length);
  for (let width = RUN; width < length; width *= 2) {
    for (let at = 0; at < length; at += 2 * width) {
      await merge(
        keys,
        from,
        into,
        at,
        Math.min(at + width, length),
        Math.min(at + 2 * width, length),
        pause,
      );
    }
    [from, into] = [into, from];
  }
  return from;
}

async function merge(
  keys: Float64Array,
  from: Int32Array,
  into: Int32Array,
  start: number,
  middle: number,
  end: number,
  pause: Pause,
): Promise<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; ) {
    const stop = Math.min(end, at + 4 * ROWS_A_SLICE);
    for (; at < stop; at++) {
      const takesLeft =
        left < middle &&
        (right >= end || (keys[from[left] as number] as number) <= (keys[from[right] as number] as number));
      into[at] = from[takesLeft ? left++ : right++] as number;
    }
    if (at < end) await pause();
  }
}

function isSorted(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return false;
  return true;
}
