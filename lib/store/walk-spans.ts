/**
 * One walk over the wire bytes of a trace request: what is searched goes into the scratch, the rest is checked and
 * stepped over. Throws MalformedError (inside `attempt`) where the bytes are no OTLP.
 *
 * The hottest loop of the server, so it is written for the shapes that nearly every sender writes, in one function:
 * tags and lengths of one byte, ids of their size. Whatever else the format allows goes through the reader. Reading
 * past the end of the array gives `undefined`, which fits no comparison and so takes that way too.
 *
 * What it finds goes straight into the scratch: the fewer variables live through the loop, the fewer are boxed in it.
 */
import { checkField, checkMessage } from '@/lib/otlp/check-message';
import { malformedAt } from '@/lib/otlp/malformed';
import type { Field, Schema } from '@/lib/otlp/schema';
import { EVENT, LINK } from '@/lib/otlp/traces-schema';
import type { WireReader } from '@/lib/otlp/wire-reader';
import { knownKey } from './known-keys';
import { FLAG } from './segment';
import type { SpanScratch } from './span-scratch';
import { found, isShortValue, readKeyValue, shortPairEnd } from './walk-attributes';
import type { WalkItem } from './walk-blocks';

const LINK_TRACE_ID = 0x0a;
const LINK_ATTRIBUTE = LINK.byNumber[4] as Field;
const STATUS_CODE = 0x18;

/** The store's epoch in two halves of 32 bits, so that times become exact doubles without bigints. */
export interface EpochHalves {
  readonly high: number;
  readonly low: number;
}

export function epochHalves(epoch: bigint): EpochHalves {
  return { high: Number(epoch >> 32n), low: Number(epoch & 0xffffffffn) };
}

export function createSpanWalk(epoch: EpochHalves): WalkItem {
  const { high, low } = epoch;
  return (reader, scratch, block, prefix) => walkSpan(reader, scratch, block, prefix, high, low);
}

function walkSpan(
  reader: WireReader,
  scratch: SpanScratch,
  block: number,
  prefix: number,
  epochHigh: number,
  epochLow: number,
): void {
  const { bytes, view } = reader;
  const end = reader.limit;
  let pos = reader.pos;
  const i = scratch.addItem(block, prefix, pos, end);
  const { words, doubles } = scratch;
  const w = i * 40;
  const d = i * 20 + 13;
  let hasTrace = 0;
  let hasSpan = 0;
  // Flags of `segment.ts`: a span without a parent is a root.
  let flags = 4;
  let nodeRank = 9;
  let signalRank = 9;
  while (pos < end) {
    let tag = bytes[pos] as number;
    let at = pos + 1;
    if (tag >= 0x80 || tag < 8) {
      reader.pos = pos;
      reader.limit = end;
      tag = reader.tag() | 0;
      at = reader.pos;
    }
    switch (tag) {
      // An attribute.
      case 0x4a: {
        const keyLength = bytes[at + 2] as number;
        const next = at + 1 + (bytes[at] as number);
        const keyEnd = at + 3 + keyLength;
        const value = keyEnd + 2;
        let key = 0;
        let textStart = -1;
        let textEnd = 0;
        let number = Number.NaN;
        if (
          next <= end &&
          next <= at + 0x80 &&
          value <= next &&
          bytes[at + 1] === 0x0a &&
          bytes[keyEnd] === 0x12 &&
          value + (bytes[keyEnd + 1] as number) === next &&
          isShortValue(bytes, value, next)
        ) {
          pos = next;
          key = knownKey(view, at + 3, keyLength);
          if (key === 0) break;
          const kind = value === next ? 0 : bytes[value];
          if (kind === 0x0a) {
            textStart = value + 2;
            textEnd = next;
          } else if (kind === 0x21) number = view.getFloat64(value + 1, true);
          else if (kind === 0x18) {
            const low = bytes[value + 1] as number;
            const high = bytes[value + 2] as number;
            if (low < 0x80) number = low;
            else if (high < 0x80) number = (low & 0x7f) | (high << 7);
            else {
              reader.pos = value + 1;
              reader.limit = next;
              number = reader.int64AsNumber();
            }
          }
        } else {
          reader.pos = at;
          reader.limit = end;
          readKeyValue(reader);
          pos = reader.pos;
          key = found.key;
          if (key === 0) break;
          textStart = found.start;
          textEnd = found.end;
          number = found.number;
        }
        // Codes of `known-keys.ts`.
        switch (key) {
          case 1:
          case 2:
          case 3:
            if (textStart >= 0 && key < nodeRank) {
              nodeRank = key;
              words[w + 6] = textStart;
              words[w + 7] = textEnd;
            }
            break;
          case 4:
          case 5:
            if (textStart >= 0 && key < signalRank) {
              signalRank = key;
              words[w + 8] = textStart;
              words[w + 9] = textEnd;
            }
            break;
          case 6:
            words[w + 12] = textStart;
            words[w + 13] = textEnd;
            break;
          case 13:
            words[w + 10] = textStart;
            words[w + 11] = textEnd;
            break;
          case 7:
            // Of several that tell items the most: a Collector's export says what it sent and what failed.
            if (!(number < (doubles[d + 6] as number))) doubles[d + 6] = number;
            break;
          case 8:
            doubles[d + 3] = number;
            break;
          case 9:
            doubles[d + 2] = number;
            break;
          case 10:
            doubles[d + 4] = number;
            break;
          case 11:
            doubles[d + 5] = number;
            flags |= 64;
            break;
          case 12:
            flags |= 32;
            break;
          default:
            flags |= 128;
        }
        break;
      }
      // Trace id.
      case 0x0a:
        hasTrace = 0;
        if (bytes[at] === 16 && at + 17 <= end) {
          const w0 = view.getInt32(at + 1);
          const w1 = view.getInt32(at + 5);
          const w2 = view.getInt32(at + 9);
          const w3 = view.getInt32(at + 13);
          words[w + 17] = w0;
          words[w + 18] = w1;
          words[w + 19] = w2;
          words[w + 20] = w3;
          hasTrace = w0 | w1 | w2 | w3;
          pos = at + 17;
        } else pos = skipped(reader, at, end);
        break;
      // Span id.
      case 0x12:
        hasSpan = 0;
        if (bytes[at] === 8 && at + 9 <= end) {
          const high = view.getInt32(at + 1);
          const low = view.getInt32(at + 5);
          words[w + 21] = high;
          words[w + 22] = low;
          hasSpan = high | low;
          pos = at + 9;
        } else pos = skipped(reader, at, end);
        break;
      // Parent's span id.
      case 0x22:
        if (bytes[at] === 8 && at + 9 <= end) {
          const high = view.getInt32(at + 1);
          const low = view.getInt32(at + 5);
          words[w + 23] = high;
          words[w + 24] = low;
          flags = (high | low) === 0 ? flags | 4 : flags & ~4;
          pos = at + 9;
        } else pos = skipped(reader, at, end);
        break;
      // Name.
      case 0x2a: {
        const length = bytes[at] as number;
        if (length < 0x80 && at + 1 + length <= end) {
          words[w + 4] = at + 1;
          pos = at + 1 + length;
        } else {
          pos = skipped(reader, at, end);
          words[w + 4] = contentStart(bytes, at);
        }
        words[w + 5] = pos;
        break;
      }
      // Kind.
      case 0x30:
        if ((bytes[at] as number) < 0x80 && at < end) pos = at + 1;
        else pos = skippedField(reader, tag, at, end);
        break;
      // Start.
      case 0x39:
        if (at + 8 > end) malformedAt('a time is cut off', at);
        words[w + 26] = view.getInt32(at, true);
        words[w + 27] = view.getInt32(at + 4, true);
        pos = at + 8;
        break;
      // End.
      case 0x41:
        if (at + 8 > end) malformedAt('a time is cut off', at);
        words[w + 28] = view.getInt32(at, true);
        words[w + 29] = view.getInt32(at + 4, true);
        pos = at + 8;
        break;
      // An event.
      case 0x5a:
        pos = checkEvent(reader, at, end);
        break;
      // A link.
      case 0x6a:
        reader.pos = at;
        reader.limit = end;
        flags |= walkLink(reader, scratch);
        pos = reader.pos;
        break;
      // Status.
      case 0x7a:
        reader.pos = at;
        reader.limit = end;
        flags = (flags & ~3) | walkStatus(reader);
        pos = reader.pos;
        break;
      default:
        pos = skippedField(reader, tag, at, end);
    }
  }
  if (pos !== end) malformedAt('a span ends in the middle of a field', pos);
  words[w + 14] = flags;
  words[w + 15] = hasTrace !== 0 && hasSpan !== 0 ? 1 : 0;
  words[w + 16] = scratch.links;
  const startLow = (words[w + 26] as number) >>> 0;
  const startHigh = (words[w + 27] as number) >>> 0;
  const endLow = (words[w + 28] as number) >>> 0;
  const endHigh = (words[w + 29] as number) >>> 0;
  const duration = (endHigh - startHigh) * 0x1_0000_0000 + (endLow - startLow);
  doubles[d] = (startHigh - epochHigh) * 0x1_0000_0000 + (startLow - epochLow);
  doubles[d + 1] = duration > 0 ? duration : 0;
  forgetUntold(doubles, d + 2);
}

/** Longer than this (31 years), negative or not finite is no time: as if it were not told. */
const MOST_MS = 1e12;

/** Wait, latency, blocked and outcome, from `at`. */
function forgetUntold(doubles: Float64Array, at: number): void {
  for (let k = at; k < at + 4; k++) {
    const told = doubles[k] as number;
    if (!(told >= 0 && told <= MOST_MS)) doubles[k] = Number.NaN;
  }
}

/** End of the field of bytes whose length stands at `at`. */
function skipped(reader: WireReader, at: number, end: number): number {
  reader.pos = at;
  reader.limit = end;
  return reader.lengthEnd();
}

/** Behind the length at `at`, which is known to be whole. */
function contentStart(bytes: Uint8Array, at: number): number {
  let pos = at;
  while ((bytes[pos] as number) >= 0x80) pos++;
  return pos + 1;
}

function skippedField(reader: WireReader, tag: number, at: number, end: number): number {
  reader.pos = at;
  reader.limit = end;
  reader.skip(tag);
  return reader.pos;
}

/** Steps over the event whose length stands at `at`; one of the usual shape is checked without the reader. */
function checkEvent(reader: WireReader, at: number, end: number): number {
  const { bytes } = reader;
  const next = at + 1 + (bytes[at] as number);
  if (next > end || next > at + 0x80) return checkAnyEvent(reader, at, end);
  let pos = at + 1;
  while (pos < next) {
    const tag = bytes[pos];
    // Time, name, attribute.
    if (tag === 0x09) pos += 9;
    else if (tag === 0x12) {
      if ((bytes[pos + 1] as number) >= 0x80) break;
      pos += 2 + (bytes[pos + 1] as number);
    } else if (tag === 0x1a) {
      pos = shortPairEnd(bytes, pos + 1, next);
      if (pos < 0) break;
    } else break;
  }
  return pos === next ? next : checkAnyEvent(reader, at, end);
}

function checkAnyEvent(reader: WireReader, at: number, end: number): number {
  reader.pos = at;
  reader.limit = end;
  const next = reader.lengthEnd();
  reader.limit = next;
  checkMessage(EVENT as Schema<object>, reader);
  return next;
}

function walkLink(reader: WireReader, scratch: SpanScratch): number {
  const end = reader.lengthEnd();
  const { view } = reader;
  reader.limit = end;
  let flag = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === LINK_TRACE_ID) {
      const idEnd = reader.lengthEnd();
      const at = reader.pos;
      if (idEnd - at === 16) {
        scratch.addLink(
          view.getInt32(at),
          view.getInt32(at + 4),
          view.getInt32(at + 8),
          view.getInt32(at + 12),
        );
        flag = FLAG.links;
      }
      reader.pos = idEnd;
    } else if (tag >>> 3 === 4 && (tag & 7) === LINK_ATTRIBUTE.wireType) checkField(LINK_ATTRIBUTE, reader);
    else reader.skip(tag);
  }
  return flag;
}

function walkStatus(reader: WireReader): number {
  const end = reader.lengthEnd();
  reader.limit = end;
  let code = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === STATUS_CODE) code = reader.varint32();
    else reader.skip(tag);
  }
  return code === 1 || code === 2 ? code : 0;
}
