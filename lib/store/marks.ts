/**
 * Filters that look at spans: one pass over the columns of all segments marks the traces that have such a span, so
 * that nothing walks the rows of single traces. A mark is a byte per trace slot.
 */

import { decodeMessage } from '@/lib/otlp/decode-message';
import { attempt } from '@/lib/otlp/malformed';
import { SPAN } from '@/lib/otlp/traces-schema';
import { WireReader } from '@/lib/otlp/wire-reader';
import { ATTR } from '@/lib/semconv/attributes';
import { nameOf, nodeOf, statusMessageOf } from './row-texts';
import { wireOf } from './rows';
import { FLAG, MOVED, NO_TRACE, type Segment } from './segment';
import type { StoreState } from './store-state';
import { OVERFLOW_CODE } from './string-table';
import { traceIdOf, traceWords } from './trace-ids';

type Pause = () => Promise<void>;

/** Segments looked at before other work may run. */
const SEGMENTS_A_SLICE = 8;
/** The same for passes that read wire bytes. */
const TEXT_SEGMENTS_A_SLICE = 1;
const SLOTS_A_SLICE = 16_384;

/** Traces that a control action affected: those that its control span links to. */
export async function markControl(state: StoreState, controlId: string, pause: Pause): Promise<Uint8Array> {
  const marks = newMarks(state);
  await eachSegment(state, pause, SEGMENTS_A_SLICE, (segment) => {
    for (let k = 0; k < segment.length; k++) {
      const flags = segment.flags(k);
      if ((flags & FLAG.control) === 0 || segment.trace(k) === MOVED || !isLive(state, segment, k)) continue;
      const span = attempt(() => decodeMessage(SPAN, new WireReader(wireOf(segment, k))));
      if (!span.ok) continue;
      const id = span.value.attributes.findLast(({ key }) => key === ATTR.controlId)?.value;
      if (id === undefined || !('stringValue' in id) || id.stringValue !== controlId) continue;
      for (const link of span.value.links) {
        const words = traceWords(link.traceId);
        const slot = words === null ? -1 : state.index.find(...words);
        if (slot >= 0) mark(marks, slot);
      }
    }
  });
  return marks;
}

/** Batch id, span name, node id or status message contains it, in either case; or the trace id begins with it. */
export async function markText(state: StoreState, text: string, pause: Pause): Promise<Uint8Array> {
  const needle = text.toLowerCase();
  const holds = (candidate: string) => candidate.toLowerCase().includes(needle);
  const nodes = codesOf(state.nodes.matching(holds));
  const names = codesOf(state.names.matching(holds));
  const bytes = new TextEncoder().encode(needle);
  const marks = await markSegments(state, pause, TEXT_SEGMENTS_A_SLICE, (segment, marked) => {
    for (let k = 0; k < segment.length; k++) {
      const slot = segment.trace(k);
      if (slot < 0 || marked[slot] === 1) continue;
      if (
        nodes[segment.node(k)] === 1 ||
        names[segment.name(k)] === 1 ||
        batchHolds(segment, k, bytes) ||
        ((segment.flags(k) & FLAG.statusMask) === 2 && holds(statusMessageOf(segment, k))) ||
        (segment.name(k) === OVERFLOW_CODE && holds(nameOf(state, segment, k))) ||
        (segment.node(k) === OVERFLOW_CODE && holds(nodeOf(state, segment, k)))
      )
        mark(marked, slot);
    }
  });
  if (/^[0-9a-f]{1,32}$/.test(needle)) await markIds(state, needle, marks, pause);
  return marks;
}

async function markIds(state: StoreState, prefix: string, marks: Uint8Array, pause: Pause): Promise<void> {
  const bits = Math.min(prefix.length, 8);
  const first = Number.parseInt(prefix.slice(0, bits).padEnd(8, '0'), 16);
  const mask = bits === 8 ? 0xffffffff : ~(0xffffffff >>> (4 * bits));
  for (let slot = 0; slot < Math.min(state.traces.extent, marks.length); slot++) {
    if (slot % SLOTS_A_SLICE === SLOTS_A_SLICE - 1) await pause();
    if (((state.traces.word(slot, 0) ^ first) & mask) !== 0) continue;
    if (traceIdOf(state, slot).startsWith(prefix)) marks[slot] = 1;
  }
}

async function markSegments(
  state: StoreState,
  pause: Pause,
  slice: number,
  visit: (segment: Segment, marks: Uint8Array) => void,
): Promise<Uint8Array> {
  const marks = newMarks(state);
  await eachSegment(state, pause, slice, (segment) => visit(segment, marks));
  return marks;
}

async function eachSegment(
  state: StoreState,
  pause: Pause,
  slice: number,
  visit: (segment: Segment) => void,
): Promise<void> {
  for (let number = 0; number < state.segments.length; number++) {
    if (number % slice === slice - 1) await pause();
    const segment = state.segments[number];
    if (segment !== undefined) visit(segment);
  }
}

function newMarks(state: StoreState): Uint8Array {
  return new Uint8Array(state.traces.extent);
}

/** Rows of traces that came after the marks were laid out are left out: they were not there when it was asked. */
function mark(marks: Uint8Array, slot: number): void {
  if (slot >= 0 && slot < marks.length) marks[slot] = 1;
}

function isLive(state: StoreState, segment: Segment, k: number): boolean {
  const slot = segment.trace(k);
  return slot !== NO_TRACE && state.traces.isLive(slot);
}

function codesOf(codes: ReadonlySet<number>): Uint8Array {
  const table = new Uint8Array(1 << 16);
  for (const code of codes) table[code] = 1;
  return table;
}

/** Whether the batch id holds the needle, which is in lower case; ASCII letters match in either case. */
function batchHolds(segment: Segment, k: number, needle: Uint8Array): boolean {
  const length = segment.batchLength(k);
  if (length < needle.length) return false;
  const page = segment.page(k);
  const start = (segment.place(k) & 0xffff) + segment.batchOffset(k);
  for (let at = start; at <= start + length - needle.length; at++) {
    let i = 0;
    while (i < needle.length && lower(page[at + i] as number) === needle[i]) i++;
    if (i === needle.length) return true;
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
