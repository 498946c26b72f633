/**
 * One walk over the wire bytes of a trace request: what is searched goes into the scratch columns, the rest is only
 * stepped over. Throws MalformedError (inside `attempt`) where the bytes are no OTLP.
 */
import { malformed } from '@/lib/otlp/malformed';
import { WireReader } from '@/lib/otlp/wire-reader';
import { KEY } from './known-keys';
import { FLAG } from './segment';
import type { SpanScratch } from './span-scratch';
import { found, readKeyValue } from './walk-attributes';
import { walkBlocks } from './walk-blocks';

/** Tags of Span's fields, number << 3 | wire type. */
const TAG = {
  traceId: 0x0a,
  spanId: 0x12,
  parent: 0x22,
  name: 0x2a,
  start: 0x39,
  end: 0x41,
  attribute: 0x4a,
  link: 0x6a,
  status: 0x7a,
} as const;
const LINK_TRACE_ID = 0x0a;
const STATUS_CODE = 0x18;

/** The store's epoch in two halves of 32 bits, so that times become exact doubles without bigints. */
export interface EpochHalves {
  readonly high: number;
  readonly low: number;
}

export function epochHalves(epoch: bigint): EpochHalves {
  return { high: Number(epoch >> 32n), low: Number(epoch & 0xffffffffn) };
}

export function walkSpans(bytes: Uint8Array, scratch: SpanScratch, epoch: EpochHalves): void {
  scratch.reset();
  walkBlocks(new WireReader(bytes), scratch, (reader, block) => walkSpan(reader, scratch, block, epoch));
}

/** Reads the span from `reader.pos` to `reader.limit`. */
function walkSpan(reader: WireReader, scratch: SpanScratch, block: number, epoch: EpochHalves): void {
  const i = scratch.addItem();
  const { limit } = reader;
  startItem(scratch, i, block, reader.pos, limit);
  let startHigh = 0;
  let startLow = 0;
  let endHigh = 0;
  let endLow = 0;
  let idBits = 0;
  let flags = FLAG.root as number;
  let nodeRank = 9;
  let signalRank = 9;
  while (reader.pos < limit) {
    const tag = reader.tag();
    switch (tag) {
      case TAG.traceId: {
        const end = reader.lengthEnd();
        const at = reader.pos;
        idBits &= ~1;
        if (end - at === 16) {
          const w0 = reader.word(at);
          const w1 = reader.word(at + 4);
          const w2 = reader.word(at + 8);
          const w3 = reader.word(at + 12);
          scratch.trace0[i] = w0;
          scratch.trace1[i] = w1;
          scratch.trace2[i] = w2;
          scratch.trace3[i] = w3;
          if ((w0 | w1 | w2 | w3) !== 0) idBits |= 1;
        }
        reader.pos = end;
        break;
      }
      case TAG.spanId: {
        const end = reader.lengthEnd();
        const at = reader.pos;
        idBits &= ~2;
        if (end - at === 8) {
          const high = reader.word(at);
          const low = reader.word(at + 4);
          scratch.spanHigh[i] = high;
          scratch.spanLow[i] = low;
          if ((high | low) !== 0) idBits |= 2;
        }
        reader.pos = end;
        break;
      }
      case TAG.parent: {
        const end = reader.lengthEnd();
        const at = reader.pos;
        if (end - at === 8) {
          const high = reader.word(at);
          const low = reader.word(at + 4);
          if ((high | low) !== 0) {
            scratch.parentHigh[i] = high;
            scratch.parentLow[i] = low;
            flags &= ~FLAG.root;
          }
        }
        reader.pos = end;
        break;
      }
      case TAG.name:
        scratch.nameEnd[i] = reader.lengthEnd();
        scratch.nameStart[i] = reader.pos;
        reader.pos = scratch.nameEnd[i] as number;
        break;
      case TAG.start:
        startLow = reader.fixed32();
        startHigh = reader.fixed32();
        break;
      case TAG.end:
        endLow = reader.fixed32();
        endHigh = reader.fixed32();
        break;
      case TAG.attribute:
        readKeyValue(reader);
        if (found.key === KEY.none) break;
        if (found.key < KEY.signal) {
          if (found.start >= 0 && found.key < nodeRank) {
            nodeRank = found.key;
            scratch.nodeStart[i] = found.start;
            scratch.nodeEnd[i] = found.end;
          }
        } else if (found.key < KEY.batch) {
          if (found.start >= 0 && found.key < signalRank) {
            signalRank = found.key;
            scratch.signalStart[i] = found.start;
            scratch.signalEnd[i] = found.end;
          }
        } else flags |= takeAttribute(scratch, i);
        break;
      case TAG.link:
        flags |= walkLink(reader, scratch);
        break;
      case TAG.status:
        flags = (flags & ~FLAG.statusMask) | walkStatus(reader);
        break;
      default:
        reader.skip(tag);
    }
  }
  if (reader.pos !== limit) malformed(`a span ends in the middle of a field at byte ${reader.pos}`);
  scratch.start[i] = (startHigh - epoch.high) * 0x1_0000_0000 + (startLow - epoch.low);
  const duration = (endHigh - startHigh) * 0x1_0000_0000 + (endLow - startLow);
  scratch.duration[i] = duration > 0 ? duration : 0;
  scratch.valid[i] = idBits === 3 ? 1 : 0;
  scratch.flags[i] = flags;
  scratch.linkEnd[i] = scratch.links;
}

export function startItem(scratch: SpanScratch, i: number, block: number, start: number, end: number): void {
  scratch.block[i] = block;
  scratch.wireStart[i] = start;
  scratch.wireEnd[i] = end;
  scratch.parentHigh[i] = 0;
  scratch.parentLow[i] = 0;
  scratch.nameStart[i] = 0;
  scratch.nameEnd[i] = 0;
  scratch.nodeStart[i] = -1;
  scratch.signalStart[i] = -1;
  scratch.policyStart[i] = -1;
  scratch.batchStart[i] = -1;
  scratch.wait[i] = Number.NaN;
  scratch.latency[i] = Number.NaN;
  scratch.blocked[i] = Number.NaN;
  scratch.outcome[i] = Number.NaN;
  scratch.batchItems[i] = Number.NaN;
  scratch.duration[i] = 0;
}

/** Keeps a known attribute; returns the row flags that it sets. */
function takeAttribute(scratch: SpanScratch, i: number): number {
  switch (found.key) {
    case KEY.batch:
      scratch.batchStart[i] = found.start;
      scratch.batchEnd[i] = found.end;
      return 0;
    case KEY.policy:
      scratch.policyStart[i] = found.start;
      scratch.policyEnd[i] = found.end;
      return 0;
    case KEY.items:
      scratch.batchItems[i] = found.number;
      return 0;
    case KEY.latency:
      scratch.latency[i] = toldMs(found.number);
      return 0;
    case KEY.wait:
      scratch.wait[i] = toldMs(found.number);
      return 0;
    case KEY.blocked:
      scratch.blocked[i] = toldMs(found.number);
      return 0;
    case KEY.outcome:
      scratch.outcome[i] = toldMs(found.number);
      return FLAG.outcome;
    case KEY.held:
      return FLAG.held;
    default:
      return FLAG.control;
  }
}

/** Longer than this (31 years), negative or not finite is no time: as if it were not told. */
const MOST_MS = 1e12;

function toldMs(value: number): number {
  return value >= 0 && value <= MOST_MS ? value : Number.NaN;
}

function walkLink(reader: WireReader, scratch: SpanScratch): number {
  const outer = reader.limit;
  const end = reader.lengthEnd();
  const { bytes } = reader;
  reader.limit = end;
  let flag = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag !== LINK_TRACE_ID) {
      reader.skip(tag);
      continue;
    }
    const idEnd = reader.lengthEnd();
    if (idEnd - reader.pos === 16) {
      const k = scratch.addLink();
      scratch.link0[k] = word(bytes, reader.pos);
      scratch.link1[k] = word(bytes, reader.pos + 4);
      scratch.link2[k] = word(bytes, reader.pos + 8);
      scratch.link3[k] = word(bytes, reader.pos + 12);
      flag = FLAG.links;
    }
    reader.pos = idEnd;
  }
  reader.limit = outer;
  return flag;
}

function walkStatus(reader: WireReader): number {
  const outer = reader.limit;
  const end = reader.lengthEnd();
  reader.limit = end;
  let code = 0;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === STATUS_CODE) code = reader.varint32();
    else reader.skip(tag);
  }
  reader.limit = outer;
  return code === 1 || code === 2 ? code : 0;
}

export function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

export function allZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
