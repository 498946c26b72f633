/**
 * What the walk over one request found, before any of it is stored: a request that turns out malformed at its end
 * leaves nothing behind. One object is used again for every request; ranges are positions in the request's bytes.
 */
const FIRST_CAPACITY = 1024;
/** After a request larger than this the columns shrink back. */
const KEEP_CAPACITY = 1 << 16;

export class SpanScratch {
  items = 0;
  links = 0;
  /** Blocks of items that share a resource and a scope. */
  blocks = 0;
  blockResourceStart = new Int32Array(64);
  blockResourceEnd = new Int32Array(64);
  blockScopeStart = new Int32Array(64);
  blockScopeEnd = new Int32Array(64);

  block = new Int32Array(FIRST_CAPACITY);
  wireStart = new Int32Array(FIRST_CAPACITY);
  wireEnd = new Int32Array(FIRST_CAPACITY);
  /** 1 where trace and span id are ids; else the reason's place in `walk`'s list is not kept: the item is refused. */
  valid = new Uint8Array(FIRST_CAPACITY);
  trace0 = new Uint32Array(FIRST_CAPACITY);
  trace1 = new Uint32Array(FIRST_CAPACITY);
  trace2 = new Uint32Array(FIRST_CAPACITY);
  trace3 = new Uint32Array(FIRST_CAPACITY);
  spanHigh = new Uint32Array(FIRST_CAPACITY);
  spanLow = new Uint32Array(FIRST_CAPACITY);
  parentHigh = new Uint32Array(FIRST_CAPACITY);
  parentLow = new Uint32Array(FIRST_CAPACITY);
  /** Nanoseconds after the epoch of the store. */
  start = new Float64Array(FIRST_CAPACITY);
  duration = new Float64Array(FIRST_CAPACITY);
  nameStart = new Int32Array(FIRST_CAPACITY);
  nameEnd = new Int32Array(FIRST_CAPACITY);
  /** −1 where the span does not name its node itself. */
  nodeStart = new Int32Array(FIRST_CAPACITY);
  nodeEnd = new Int32Array(FIRST_CAPACITY);
  signalStart = new Int32Array(FIRST_CAPACITY);
  signalEnd = new Int32Array(FIRST_CAPACITY);
  policyStart = new Int32Array(FIRST_CAPACITY);
  policyEnd = new Int32Array(FIRST_CAPACITY);
  batchStart = new Int32Array(FIRST_CAPACITY);
  batchEnd = new Int32Array(FIRST_CAPACITY);
  wait = new Float64Array(FIRST_CAPACITY);
  latency = new Float64Array(FIRST_CAPACITY);
  blocked = new Float64Array(FIRST_CAPACITY);
  outcome = new Float64Array(FIRST_CAPACITY);
  batchItems = new Float64Array(FIRST_CAPACITY);
  /** Row flags as in `segment.ts`. */
  flags = new Uint8Array(FIRST_CAPACITY);
  /** One past its last link in the link columns. */
  linkEnd = new Int32Array(FIRST_CAPACITY);

  link0 = new Uint32Array(256);
  link1 = new Uint32Array(256);
  link2 = new Uint32Array(256);
  link3 = new Uint32Array(256);

  reset(): void {
    this.items = 0;
    this.links = 0;
    this.blocks = 0;
    if (this.block.length > KEEP_CAPACITY) this.#resizeItems(FIRST_CAPACITY);
    if (this.link0.length > KEEP_CAPACITY) this.#resizeLinks(256);
  }

  addItem(): number {
    if (this.items === this.block.length) this.#resizeItems(this.items * 2);
    return this.items++;
  }

  addLink(): number {
    if (this.links === this.link0.length) this.#resizeLinks(this.links * 2);
    return this.links++;
  }

  addBlock(resourceStart: number, resourceEnd: number, scopeStart: number, scopeEnd: number): number {
    const i = this.blocks++;
    if (i === this.blockScopeEnd.length) {
      this.blockResourceStart = resized(this.blockResourceStart, new Int32Array(2 * i));
      this.blockResourceEnd = resized(this.blockResourceEnd, new Int32Array(2 * i));
      this.blockScopeStart = resized(this.blockScopeStart, new Int32Array(2 * i));
      this.blockScopeEnd = resized(this.blockScopeEnd, new Int32Array(2 * i));
    }
    this.blockResourceStart[i] = resourceStart;
    this.blockResourceEnd[i] = resourceEnd;
    this.blockScopeStart[i] = scopeStart;
    this.blockScopeEnd[i] = scopeEnd;
    return i;
  }

  #resizeLinks(size: number): void {
    this.link0 = resized(this.link0, new Uint32Array(size));
    this.link1 = resized(this.link1, new Uint32Array(size));
    this.link2 = resized(this.link2, new Uint32Array(size));
    this.link3 = resized(this.link3, new Uint32Array(size));
  }

  #resizeItems(size: number): void {
    this.block = resized(this.block, new Int32Array(size));
    this.wireStart = resized(this.wireStart, new Int32Array(size));
    this.wireEnd = resized(this.wireEnd, new Int32Array(size));
    this.valid = resized(this.valid, new Uint8Array(size));
    this.trace0 = resized(this.trace0, new Uint32Array(size));
    this.trace1 = resized(this.trace1, new Uint32Array(size));
    this.trace2 = resized(this.trace2, new Uint32Array(size));
    this.trace3 = resized(this.trace3, new Uint32Array(size));
    this.spanHigh = resized(this.spanHigh, new Uint32Array(size));
    this.spanLow = resized(this.spanLow, new Uint32Array(size));
    this.parentHigh = resized(this.parentHigh, new Uint32Array(size));
    this.parentLow = resized(this.parentLow, new Uint32Array(size));
    this.start = resized(this.start, new Float64Array(size));
    this.duration = resized(this.duration, new Float64Array(size));
    this.nameStart = resized(this.nameStart, new Int32Array(size));
    this.nameEnd = resized(this.nameEnd, new Int32Array(size));
    this.nodeStart = resized(this.nodeStart, new Int32Array(size));
    this.nodeEnd = resized(this.nodeEnd, new Int32Array(size));
    this.signalStart = resized(this.signalStart, new Int32Array(size));
    this.signalEnd = resized(this.signalEnd, new Int32Array(size));
    this.policyStart = resized(this.policyStart, new Int32Array(size));
    this.policyEnd = resized(this.policyEnd, new Int32Array(size));
    this.batchStart = resized(this.batchStart, new Int32Array(size));
    this.batchEnd = resized(this.batchEnd, new Int32Array(size));
    this.wait = resized(this.wait, new Float64Array(size));
    this.latency = resized(this.latency, new Float64Array(size));
    this.blocked = resized(this.blocked, new Float64Array(size));
    this.outcome = resized(this.outcome, new Float64Array(size));
    this.batchItems = resized(this.batchItems, new Float64Array(size));
    this.flags = resized(this.flags, new Uint8Array(size));
    this.linkEnd = resized(this.linkEnd, new Int32Array(size));
  }
}

function resized<T extends Int32Array | Uint32Array | Float64Array | Uint8Array>(old: T, target: T): T {
  target.set(old.length > target.length ? old.subarray(0, target.length) : old);
  return target;
}
