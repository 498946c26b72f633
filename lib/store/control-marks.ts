/**
 * The control messages that the spans of a trace tell of, from the wire bytes of all of them: only names and times of
 * events are read, so that a trace of any size has its whole control lane. Span events and log records alike.
 */
import { attempt } from '@/lib/otlp/malformed';
import { WireReader } from '@/lib/otlp/wire-reader';
import { canonicalEventName } from '@/lib/semconv/events';
import { backlinksOf, linkType } from './links';
import { eachRowFrom, isSpanRow, wireOf } from './rows';
import { NO_ROW, type Segment } from './segment';
import { sortedOrder } from './sort-rows';
import { indexOf, type StoreState } from './store-state';
import type { ControlMarks } from './telemetry-store';
import { spanIdText, traceIdOf } from './trace-ids';
import { inChunk } from './trace-table';

const PREFIX = 'control/';
/** Kinds beyond these many are called by this name. */
const MAX_KINDS = 64;
const OTHER = 'other';
/** Marks of one trace that are read; more are only counted. */
const MAX_MARKS = 1_000_000;
const ROWS_A_SLICE = 4_096;

const SPAN_EVENT = 0x5a;
const EVENT_TIME = 0x09;
const EVENT_NAME = 0x12;
const LOG_TIME = 0x09;
const LOG_OBSERVED = 0x59;
const LOG_EVENT_NAME = 0x62;

/** `null` where the trace left while this waited for others. */
export async function controlMarks(
  state: StoreState,
  slot: number,
  pause: () => Promise<void>,
): Promise<ControlMarks | null> {
  const traceId = traceIdOf(state, slot);
  const found = new FoundMarks(state);
  let row = state.traces.chunk(slot).head(inChunk(slot));
  while (row !== NO_ROW) {
    row = eachRowFrom(state, row, ROWS_A_SLICE, (segment, k) => found.read(segment, k));
    if (row === NO_ROW) break;
    await pause();
    const isHere = state.traces.isLive(slot) && traceIdOf(state, slot) === traceId;
    const segment = isHere ? state.segments[row >>> state.rowShift] : undefined;
    if (segment?.trace(indexOf(state, row)) !== slot) return null;
  }
  const linked = backlinksOf(state, traceId, null).filter(({ link }) => linkType(link) === 'control');
  return found.byTime([...new Set(linked.map(({ link }) => link.spanId))], pause);
}

class FoundMarks {
  readonly #kinds: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #kind: number[] = [];
  readonly #at: number[] = [];
  readonly #high: number[] = [];
  readonly #low: number[] = [];
  #left = 0;

  constructor(private readonly state: StoreState) {}

  read(segment: Segment, k: number): void {
    const reader = new WireReader(wireOf(segment, k));
    // What is malformed inside a span ends its events, as it does where the span is shown.
    attempt(() => (isSpanRow(segment, k) ? this.#span(reader, segment, k) : this.#log(reader, segment, k)));
  }

  #span(reader: WireReader, segment: Segment, k: number): void {
    const end = reader.limit;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag !== SPAN_EVENT) {
        reader.skip(tag);
        continue;
      }
      const eventEnd = reader.lengthEnd();
      reader.limit = eventEnd;
      let name = '';
      let at = 0;
      while (reader.pos < eventEnd) {
        const field = reader.tag();
        if (field === EVENT_NAME) name = reader.string();
        else if (field === EVENT_TIME) at = this.#time(reader);
        else reader.skip(field);
      }
      reader.limit = end;
      this.#add(name, at, segment, k);
    }
  }

  #log(reader: WireReader, segment: Segment, k: number): void {
    let name = '';
    let at = Number.NaN;
    let observed = 0;
    while (reader.pos < reader.limit) {
      const tag = reader.tag();
      if (tag === LOG_EVENT_NAME) name = reader.string();
      else if (tag === LOG_TIME) at = this.#time(reader);
      else if (tag === LOG_OBSERVED) observed = this.#time(reader);
      else reader.skip(tag);
    }
    this.#add(name, Number.isNaN(at) ? observed : at, segment, k);
  }

  /** Nanoseconds after the store's epoch: exact as a double. */
  #time(reader: WireReader): number {
    const low = reader.fixed32();
    const high = reader.fixed32();
    return (high - this.state.halves.high) * 2 ** 32 + (low - this.state.halves.low);
  }

  #add(name: string, at: number, segment: Segment, k: number): void {
    const known = canonicalEventName(name);
    if (!known.startsWith(PREFIX)) return;
    if (this.#kind.length >= MAX_MARKS) {
      this.#left++;
      return;
    }
    this.#kind.push(this.#code(known.slice(PREFIX.length)));
    this.#at.push(at);
    this.#high.push(segment.spanHigh(k));
    this.#low.push(segment.spanLow(k));
  }

  #code(kind: string): number {
    const known = this.#codes.get(kind);
    if (known !== undefined) return known;
    if (this.#kinds.length >= MAX_KINDS && kind !== OTHER) return this.#code(OTHER);
    this.#codes.set(kind, this.#kinds.length);
    return this.#kinds.push(kind) - 1;
  }

  async byTime(linked: readonly string[], pause: () => Promise<void>): Promise<ControlMarks> {
    const order = await sortedOrder(Float64Array.from(this.#at), pause);
    const [high, low] = [order.map((i) => this.#high[i] as number), order.map((i) => this.#low[i] as number)];
    return {
      length: order.length,
      left: this.#left,
      epochUnixNano: this.state.epoch,
      kinds: this.#kinds,
      kind: Uint8Array.from(order, (i) => this.#kind[i] as number),
      atNs: Float64Array.from(order, (i) => this.#at[i] as number),
      spanIdAt: (i) => spanIdText(high[i] as number, low[i] as number),
      linked,
    };
  }
}
