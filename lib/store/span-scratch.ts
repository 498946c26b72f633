/**
 * What the walk over one request, or over a slice of a large one, found before any of it is stored: a request that
 * turns out malformed at its end leaves nothing behind. One object is used again and again; ranges are positions in
 * the request's bytes.
 *
 * An item is 40 words: what the walk writes in one go stands together.
 *
 *   0 block │ 1 length, start, end of its bytes │ 4 name │ 6 node │ 8 signal │ 10 policy │ 12 batch │ 14 flags
 *   15 valid │ 16 end of links │ 17 trace id │ 21 span id │ 23 parent id │ 26 … doubles: start, duration, wait, latency,
 *   blocked, outcome, items
 *
 * Numbers are handed on by the object and never as arguments: of a function that is not inlined they would be boxed.
 */
const FIRST_CAPACITY = 1024;
/** After a request larger than this the columns shrink back. */
const KEEP_CAPACITY = 1 << 15;
export const SCRATCH_WORDS = 40;

export class SpanScratch {
  items = 0;
  links = 0;
  /** Blocks of items that share a resource and a scope: four words each, start and end of either, −1 where absent. */
  blocks = 0;
  blockRanges = new Int32Array(4 * 64);
  words = new Int32Array(SCRATCH_WORDS * FIRST_CAPACITY);
  doubles = new Float64Array(this.words.buffer);
  /** Trace ids that links lead to, four words each. */
  linkIds = new Int32Array(4 * 256);

  reset(): void {
    this.items = 0;
    this.links = 0;
    this.blocks = 0;
    if (this.words.length > KEEP_CAPACITY * SCRATCH_WORDS) this.#resize(FIRST_CAPACITY * SCRATCH_WORDS);
    if (this.linkIds.length > 4 * KEEP_CAPACITY) this.linkIds = new Int32Array(4 * 256);
    if (this.blockRanges.length > 4 * KEEP_CAPACITY) this.blockRanges = new Int32Array(4 * 64);
  }

  /** A new item of which nothing is known but where it stands. */
  addItem(block: number, prefix: number, start: number, end: number): number {
    if (this.items * SCRATCH_WORDS === this.words.length) this.#resize(2 * this.words.length);
    const i = this.items++;
    const { words, doubles } = this;
    const w = i * 40;
    words[w] = block;
    words[w + 1] = prefix;
    words[w + 2] = start;
    words[w + 3] = end;
    words[w + 4] = 0;
    words[w + 5] = 0;
    words[w + 6] = -1;
    words[w + 8] = -1;
    words[w + 10] = -1;
    words[w + 12] = -1;
    words[w + 14] = 0;
    words[w + 15] = 0;
    words[w + 17] = 0;
    words[w + 18] = 0;
    words[w + 19] = 0;
    words[w + 20] = 0;
    words[w + 21] = 0;
    words[w + 22] = 0;
    words[w + 23] = 0;
    words[w + 24] = 0;
    words[w + 26] = 0;
    words[w + 27] = 0;
    words[w + 28] = 0;
    words[w + 29] = 0;
    const d = i * 20;
    doubles[d + 15] = Number.NaN;
    doubles[d + 16] = Number.NaN;
    doubles[d + 17] = Number.NaN;
    doubles[d + 18] = Number.NaN;
    doubles[d + 19] = Number.NaN;
    return i;
  }

  addLink(w0: number, w1: number, w2: number, w3: number): void {
    const at = 4 * this.links++;
    if (at === this.linkIds.length) this.linkIds = grown(this.linkIds, 2 * at);
    this.linkIds[at] = w0;
    this.linkIds[at + 1] = w1;
    this.linkIds[at + 2] = w2;
    this.linkIds[at + 3] = w3;
  }

  addBlock(resourceStart: number, resourceEnd: number, scopeStart: number, scopeEnd: number): number {
    const at = 4 * this.blocks;
    if (at === this.blockRanges.length) this.blockRanges = grown(this.blockRanges, 2 * at);
    this.blockRanges[at] = resourceStart;
    this.blockRanges[at + 1] = resourceEnd;
    this.blockRanges[at + 2] = scopeStart;
    this.blockRanges[at + 3] = scopeEnd;
    return this.blocks++;
  }

  block(i: number): number {
    return this.words[i * 40] as number;
  }

  /** Where the length in front of the item stands. */
  prefix(i: number): number {
    return this.words[i * 40 + 1] as number;
  }

  wireStart(i: number): number {
    return this.words[i * 40 + 2] as number;
  }

  wireEnd(i: number): number {
    return this.words[i * 40 + 3] as number;
  }

  nameStart(i: number): number {
    return this.words[i * 40 + 4] as number;
  }

  nameEnd(i: number): number {
    return this.words[i * 40 + 5] as number;
  }

  /** −1 where the span does not name its node itself. */
  nodeStart(i: number): number {
    return this.words[i * 40 + 6] as number;
  }

  nodeEnd(i: number): number {
    return this.words[i * 40 + 7] as number;
  }

  signalStart(i: number): number {
    return this.words[i * 40 + 8] as number;
  }

  signalEnd(i: number): number {
    return this.words[i * 40 + 9] as number;
  }

  policyStart(i: number): number {
    return this.words[i * 40 + 10] as number;
  }

  policyEnd(i: number): number {
    return this.words[i * 40 + 11] as number;
  }

  batchStart(i: number): number {
    return this.words[i * 40 + 12] as number;
  }

  batchEnd(i: number): number {
    return this.words[i * 40 + 13] as number;
  }

  /** Row flags as in `segment.ts`. */
  flags(i: number): number {
    return this.words[i * 40 + 14] as number;
  }

  /** 1 where trace and span id are ids; of a log record, where it has a trace id. */
  valid(i: number): number {
    return this.words[i * 40 + 15] as number;
  }

  /** One past its last link. */
  linkEnd(i: number): number {
    return this.words[i * 40 + 16] as number;
  }

  trace(i: number, index: 0 | 1 | 2 | 3): number {
    return this.words[i * 40 + 17 + index] as number;
  }

  spanHigh(i: number): number {
    return this.words[i * 40 + 21] as number;
  }

  spanLow(i: number): number {
    return this.words[i * 40 + 22] as number;
  }

  parentHigh(i: number): number {
    return this.words[i * 40 + 23] as number;
  }

  parentLow(i: number): number {
    return this.words[i * 40 + 24] as number;
  }

  /** Nanoseconds after the epoch of the store. */
  start(i: number): number {
    return this.doubles[i * 20 + 13] as number;
  }

  duration(i: number): number {
    return this.doubles[i * 20 + 14] as number;
  }

  /** Milliseconds; NaN where not told. */
  wait(i: number): number {
    return this.doubles[i * 20 + 15] as number;
  }

  latency(i: number): number {
    return this.doubles[i * 20 + 16] as number;
  }

  blocked(i: number): number {
    return this.doubles[i * 20 + 17] as number;
  }

  outcome(i: number): number {
    return this.doubles[i * 20 + 18] as number;
  }

  batchItems(i: number): number {
    return this.doubles[i * 20 + 19] as number;
  }

  #resize(words: number): void {
    const larger = new Int32Array(words);
    larger.set(words < this.words.length ? this.words.subarray(0, words) : this.words);
    this.words = larger;
    this.doubles = new Float64Array(larger.buffer);
  }
}

function grown(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(old);
  return larger;
}
