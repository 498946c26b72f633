/**
 * The two outer levels, which spans and log records share: a resource's blocks, each a scope's items. The resource
 * and the scope may stand behind what they belong to, so each is looked for first, over lengths only. A walk can be
 * interrupted between items and goes on where it was, so that a large request is taken in slices.
 */
import { checkMessage } from '@/lib/otlp/check-message';
import { RESOURCE, SCOPE } from '@/lib/otlp/common-schema';
import type { Schema } from '@/lib/otlp/schema';
import { WireReader } from '@/lib/otlp/wire-reader';
import type { SpanScratch } from './span-scratch';

const FIRST = 0x0a;
const SECOND = 0x12;
const NOWHERE = -1;

/** Reads the item from `reader.pos` to `reader.limit`; its length stands at `prefix`. */
export type WalkItem = (reader: WireReader, scratch: SpanScratch, block: number, prefix: number) => void;

export class BlockWalk {
  readonly #reader: WireReader;
  readonly #end: number;
  /** Ends of the messages that the walk is in. */
  #resourceBlockEnd = NOWHERE;
  #scopeBlockEnd = NOWHERE;
  #resourceStart = NOWHERE;
  #resourceEnd = NOWHERE;
  #scopeStart = NOWHERE;
  #scopeEnd = NOWHERE;
  #hasScopes = false;

  constructor(readonly bytes: Uint8Array) {
    this.#reader = new WireReader(bytes);
    this.#end = bytes.length;
  }

  get view(): DataView {
    return this.#reader.view;
  }

  /** Fills the scratch, which is emptied first, with at most `most` items. True where nothing is left. */
  next(scratch: SpanScratch, most: number, walkItem: WalkItem): boolean {
    scratch.reset();
    const reader = this.#reader;
    for (;;) {
      if (this.#scopeBlockEnd !== NOWHERE) {
        if (!this.#walkItems(scratch, most, walkItem)) return false;
        this.#scopeBlockEnd = NOWHERE;
      } else if (this.#resourceBlockEnd !== NOWHERE) {
        reader.limit = this.#resourceBlockEnd;
        if (reader.pos >= reader.limit) this.#leaveResourceBlock();
        else if (this.#enters(SECOND, this.#resourceStart, RESOURCE as Schema<object>))
          this.#enterScopeBlock();
      } else {
        reader.limit = this.#end;
        if (reader.pos >= reader.limit) return true;
        if (this.#enters(FIRST, NOWHERE, null)) this.#enterResourceBlock();
      }
    }
  }

  /** Whether the next field is the wanted one; another is stepped over. */
  #enters(wanted: number, first: number, schema: Schema<object> | null): boolean {
    const tag = this.#reader.tag();
    if (tag === wanted) return true;
    if (tag === FIRST && schema !== null) this.#checkAgain(first, schema);
    else this.#reader.skip(tag);
    return false;
  }

  /** The first resource or scope is read by whoever looks for it; one more of them counts for nothing, but is checked. */
  #checkAgain(first: number, schema: Schema<object>): void {
    const reader = this.#reader;
    const { limit } = reader;
    const end = reader.lengthEnd();
    if (reader.pos !== first) {
      reader.limit = end;
      checkMessage(schema, reader);
      reader.limit = limit;
    }
    reader.pos = end;
  }

  /** Without a single scope nobody looked at its resource. */
  #leaveResourceBlock(): void {
    const reader = this.#reader;
    if (!this.#hasScopes && this.#resourceStart !== NOWHERE) {
      reader.pos = this.#resourceStart;
      reader.limit = this.#resourceEnd;
      checkMessage(RESOURCE as Schema<object>, reader);
      reader.pos = this.#resourceBlockEnd;
    }
    this.#resourceBlockEnd = NOWHERE;
  }

  #enterResourceBlock(): void {
    const reader = this.#reader;
    this.#resourceBlockEnd = reader.lengthEnd();
    reader.limit = this.#resourceBlockEnd;
    this.#resourceStart = findFirst(reader);
    this.#resourceEnd = this.#resourceStart === NOWHERE ? NOWHERE : reader.limit;
    this.#hasScopes = false;
  }

  #enterScopeBlock(): void {
    const reader = this.#reader;
    this.#hasScopes = true;
    this.#scopeBlockEnd = reader.lengthEnd();
    reader.limit = this.#scopeBlockEnd;
    this.#scopeStart = findFirst(reader);
    this.#scopeEnd = this.#scopeStart === NOWHERE ? NOWHERE : reader.limit;
  }

  /** False where there was no more room. */
  #walkItems(scratch: SpanScratch, most: number, walkItem: WalkItem): boolean {
    const reader = this.#reader;
    const end = this.#scopeBlockEnd;
    const block = scratch.addBlock(this.#resourceStart, this.#resourceEnd, this.#scopeStart, this.#scopeEnd);
    reader.limit = end;
    while (reader.pos < end) {
      if (scratch.items >= most) return false;
      const tag = reader.tag();
      if (tag !== SECOND) {
        if (tag === FIRST) this.#checkAgain(this.#scopeStart, SCOPE as Schema<object>);
        else reader.skip(tag);
        continue;
      }
      const prefix = reader.pos;
      const itemEnd = reader.lengthEnd();
      reader.limit = itemEnd;
      walkItem(reader, scratch, block, prefix);
      reader.pos = itemEnd;
      reader.limit = end;
    }
    return true;
  }
}

/**
 * Looks for field 1 between `pos` and `limit`, leaving `pos` where it was. Returns its start with `limit` at its end,
 * or −1.
 */
function findFirst(reader: WireReader): number {
  const begin = reader.pos;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag !== FIRST) {
      reader.skip(tag);
      continue;
    }
    const end = reader.lengthEnd();
    const start = reader.pos;
    reader.pos = begin;
    reader.limit = end;
    return start;
  }
  reader.pos = begin;
  return NOWHERE;
}
