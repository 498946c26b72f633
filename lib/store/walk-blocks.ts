/**
 * The two outer levels, which spans and log records share: a resource's blocks, each a scope's items. The resource
 * and the scope may stand behind what they belong to, so each is looked for first, over lengths only.
 */
import type { WireReader } from '@/lib/otlp/wire-reader';
import type { SpanScratch } from './span-scratch';

const FIRST = 0x0a;
const SECOND = 0x12;

/** Calls `walkItem` with `reader.pos` and `reader.limit` around each item; it has to read up to the limit. */
export function walkBlocks(
  reader: WireReader,
  scratch: SpanScratch,
  walkItem: (reader: WireReader, block: number) => void,
): void {
  const requestEnd = reader.limit;
  while (reader.pos < requestEnd) {
    const tag = reader.tag();
    if (tag !== FIRST) {
      reader.skip(tag);
      continue;
    }
    const resourceBlockEnd = reader.lengthEnd();
    reader.limit = resourceBlockEnd;
    const resource = findFirst(reader);
    const resourceEnd = reader.limit;
    reader.limit = resourceBlockEnd;
    walkResourceBlock(reader, scratch, resource, resource < 0 ? -1 : resourceEnd, walkItem);
    reader.limit = requestEnd;
  }
}

function walkResourceBlock(
  reader: WireReader,
  scratch: SpanScratch,
  resourceStart: number,
  resourceEnd: number,
  walkItem: (reader: WireReader, block: number) => void,
): void {
  const end = reader.limit;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag !== SECOND) {
      reader.skip(tag);
      continue;
    }
    const scopeBlockEnd = reader.lengthEnd();
    reader.limit = scopeBlockEnd;
    const scopeStart = findFirst(reader);
    const scopeEnd = scopeStart < 0 ? -1 : reader.limit;
    const block = scratch.addBlock(resourceStart, resourceEnd, scopeStart, scopeEnd);
    reader.limit = scopeBlockEnd;
    while (reader.pos < scopeBlockEnd) {
      const itemTag = reader.tag();
      if (itemTag !== SECOND) {
        reader.skip(itemTag);
        continue;
      }
      reader.limit = reader.lengthEnd();
      walkItem(reader, block);
      reader.limit = scopeBlockEnd;
    }
    reader.limit = end;
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
  return -1;
}
