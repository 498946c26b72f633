/** The spans of one trace as columns by start, from the store's columns; links and rare times from the wire. */
import { ATTR } from '@/lib/semconv/attributes';
import { numberOf, plainAttributes } from './attributes';
import { decodeRow, linkType } from './links';
import { batchOf, nameOf, nodeOf } from './row-texts';
import { eachRow, isSpanRow } from './rows';
import { FLAG, NO_ITEMS, type Segment } from './segment';
import type { ColumnLink, SpanColumns } from './span-columns';
import { heldOf } from './span-detail';
import type { StoreState } from './store-state';
import { indexOf, segmentOf } from './store-state';
import { spanIdText, traceIdOf } from './trace-ids';
import { unixNano } from './trace-summary';
import { inChunk } from './trace-table';

const NS_PER_MS = 1e6;
const ROOT = -1;
const ORPHAN = -2;
const EVENT_TAG = 0x5a;
/** Rows after which other work may run. */
const ROWS_A_SLICE = 1_024;

/** Rows of a trace's spans by start, then arrival. */
export function rowsByStart(state: StoreState, slot: number): Uint32Array {
  const rows: number[] = [];
  eachRow(state, slot, (segment, k, row) => {
    if (isSpanRow(segment, k)) rows.push(row);
  });
  const start = Float64Array.from(rows, (row) => segmentOf(state, row).start[indexOf(state, row)] as number);
  if (isSorted(start)) return Uint32Array.from(rows);
  const order = Array.from(rows.keys()).sort((a, b) => (start[a] as number) - (start[b] as number) || a - b);
  return Uint32Array.from(order, (i) => rows[i] as number);
}

/** `null` where the trace left while this waited for others. */
export async function traceColumns(
  state: StoreState,
  slot: number,
  pause: () => Promise<void>,
): Promise<SpanColumns | null> {
  const traceId = traceIdOf(state, slot);
  const rows = rowsByStart(state, slot);
  const length = rows.length;
  const origin = originOf(state, rows);
  const columns = emptyColumns(traceId, unixNano(state, origin), length);
  const spanIds: string[] = [];
  const rowOfSpan = new Map<string, number>();
  const nodes = new Interned();
  const names = new Interned();
  const batches = new Interned();
  const links: ColumnLink[] = [];
  for (let at = 0; at < length; at++) {
    if (at % ROWS_A_SLICE === ROWS_A_SLICE - 1) {
      await pause();
      if (!stillThere(state, slot, traceId, rows[at] as number)) return null;
    }
    const segment = segmentOf(state, rows[at] as number);
    const k = indexOf(state, rows[at] as number);
    const spanId = spanIdText(segment.spanHigh[k] as number, segment.spanLow[k] as number);
    spanIds.push(spanId);
    rowOfSpan.set(spanId, at);
    columns.startNs[at] = (segment.start[k] as number) - origin;
    columns.endNs[at] = (segment.start[k] as number) - origin + (segment.duration[k] as number);
    columns.waitMs[at] = segment.wait[k] as number;
    columns.workMs[at] = segment.work[k] as number;
    columns.blockedMs[at] = segment.blocked[k] as number;
    const items = segment.items[k] as number;
    columns.items[at] = items === NO_ITEMS ? Number.NaN : items;
    columns.status[at] = (segment.flags[k] as number) & FLAG.statusMask;
    columns.node[at] = nodes.code(nodeOf(state, segment, k));
    columns.name[at] = names.code(nameOf(state, segment, k));
    columns.batch[at] = batches.code(batchOf(state, segment, k));
    columns.eventCount[at] = countEvents(state, segment, k);
    rareColumns(state, segment, k, at, columns, links);
  }
  for (let from = 0; from < length; from += 4 * ROWS_A_SLICE) {
    if (from > 0) await pause();
    if (!stillThere(state, slot, traceId, rows[from] as number)) return null;
    parents(state, rows.subarray(from, from + 4 * ROWS_A_SLICE), rowOfSpan, columns.parent.subarray(from));
  }
  return { ...columns, spanIds, nodes: nodes.texts, names: names.texts, batches: batches.texts, links };
}

type FixedColumns = Omit<SpanColumns, 'spanIds' | 'nodes' | 'names' | 'batches' | 'links'>;

function emptyColumns(traceId: string, originUnixNano: bigint, length: number): FixedColumns {
  const numbers = () => new Float64Array(length).fill(Number.NaN);
  return {
    traceId,
    originUnixNano,
    length,
    parent: new Int32Array(length),
    startNs: numbers(),
    endNs: numbers(),
    waitMs: numbers(),
    workMs: numbers(),
    blockedMs: numbers(),
    outcomeWaitMs: numbers(),
    heldMs: numbers(),
    items: numbers(),
    status: new Uint8Array(length),
    node: new Uint32Array(length),
    name: new Uint32Array(length),
    batch: new Uint32Array(length),
    eventCount: new Uint16Array(length),
  };
}

/** Earliest moment, waits in the input channel included. */
function originOf(state: StoreState, rows: Uint32Array): number {
  let origin = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const segment = segmentOf(state, row);
    const k = indexOf(state, row);
    const wait = segment.wait[k] as number;
    const from = (segment.start[k] as number) - (wait > 0 ? wait * NS_PER_MS : 0);
    if (from < origin) origin = from;
  }
  return Math.floor(origin);
}

function rareColumns(
  state: StoreState,
  segment: Segment,
  k: number,
  at: number,
  columns: FixedColumns,
  links: ColumnLink[],
): void {
  if (((segment.flags[k] as number) & (FLAG.links | FLAG.held | FLAG.outcome)) === 0) return;
  const span = decodeRow(state, segment, k);
  if (span === null) return;
  const attributes = plainAttributes(span.attributes);
  columns.heldMs[at] = heldOf(attributes, span) ?? Number.NaN;
  columns.outcomeWaitMs[at] = numberOf(attributes, ATTR.outcomeWaitMs) ?? Number.NaN;
  for (const link of span.links) {
    const told = plainAttributes(link.attributes);
    links.push({
      row: at,
      traceId: link.traceId,
      spanId: link.spanId,
      type: linkType(link),
      items: numberOf(told, ATTR.linkItems) ?? Number.NaN,
      heldMs: numberOf(told, ATTR.heldMs) ?? Number.NaN,
    });
  }
}

function parents(
  state: StoreState,
  rows: Uint32Array,
  rowOfSpan: ReadonlyMap<string, number>,
  parent: Int32Array,
): void {
  for (let at = 0; at < rows.length; at++) {
    const segment = segmentOf(state, rows[at] as number);
    const k = indexOf(state, rows[at] as number);
    const high = segment.parentHigh[k] as number;
    const low = segment.parentLow[k] as number;
    parent[at] = high === 0 && low === 0 ? ROOT : (rowOfSpan.get(spanIdText(high, low)) ?? ORPHAN);
  }
}

/** Events among the span's fields; log records are not counted. */
function countEvents(state: StoreState, segment: Segment, k: number): number {
  const page = state.pages.at(segment.page[k] as number);
  let at = segment.offset[k] as number;
  const end = at + (segment.wireLength[k] as number);
  let count = 0;
  while (at < end) {
    const tag = page[at] as number;
    if (tag === EVENT_TAG) count++;
    at = skipField(page, at);
  }
  return Math.min(count, 0xffff);
}

/** The walk has seen that the fields are whole, so nothing is checked here. */
function skipField(page: Uint8Array, from: number): number {
  let at = from;
  const type = (page[at] as number) & 7;
  while ((page[at++] as number) >= 0x80);
  if (type === 0) {
    while ((page[at++] as number) >= 0x80);
    return at;
  }
  if (type === 1) return at + 8;
  if (type === 5) return at + 4;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = page[at++] as number;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return at + length;
  }
}

function stillThere(state: StoreState, slot: number, traceId: string, row: number): boolean {
  if (!state.traces.isLive(slot) || traceIdOf(state, slot) !== traceId) return false;
  const segment = state.segments[row >>> state.rowShift];
  return (
    segment !== undefined &&
    segment.trace[indexOf(state, row)] === slot &&
    state.traces.chunk(slot).spans[inChunk(slot)] !== 0
  );
}

function isSorted(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return false;
  return true;
}

class Interned {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    this.texts.push(text);
    return this.texts.length - 1;
  }
}
