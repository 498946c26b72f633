/** The same walk for log records: their ids, time and event name. Throws MalformedError where the bytes are no OTLP. */
import { malformed } from '@/lib/otlp/malformed';
import { WireReader } from '@/lib/otlp/wire-reader';
import { FLAG } from './segment';
import type { SpanScratch } from './span-scratch';
import { walkBlocks } from './walk-blocks';
import { allZero, type EpochHalves, startItem, word } from './walk-spans';

const TAG = { time: 0x09, observed: 0x59, traceId: 0x4a, spanId: 0x52, eventName: 0x62 } as const;

/** `valid` is 1 where the record belongs to a trace. `name` is the event name; its presence is what `nameEnd` tells. */
export function walkLogs(bytes: Uint8Array, scratch: SpanScratch, epoch: EpochHalves): void {
  scratch.reset();
  walkBlocks(new WireReader(bytes), scratch, (reader, block) => walkRecord(reader, scratch, block, epoch));
}

function walkRecord(reader: WireReader, scratch: SpanScratch, block: number, epoch: EpochHalves): void {
  const i = scratch.addItem();
  const { bytes, limit } = reader;
  startItem(scratch, i, block, reader.pos, limit);
  scratch.spanHigh[i] = 0;
  scratch.spanLow[i] = 0;
  scratch.valid[i] = 0;
  let high = 0;
  let low = 0;
  let observedHigh = 0;
  let observedLow = 0;
  while (reader.pos < limit) {
    const tag = reader.tag();
    switch (tag) {
      case TAG.time:
        low = reader.fixed32();
        high = reader.fixed32();
        break;
      case TAG.observed:
        observedLow = reader.fixed32();
        observedHigh = reader.fixed32();
        break;
      case TAG.traceId: {
        const end = reader.lengthEnd();
        const at = reader.pos;
        if (end - at === 16 && !allZero(bytes, at, end)) {
          scratch.trace0[i] = word(bytes, at);
          scratch.trace1[i] = word(bytes, at + 4);
          scratch.trace2[i] = word(bytes, at + 8);
          scratch.trace3[i] = word(bytes, at + 12);
          scratch.valid[i] = 1;
        }
        reader.pos = end;
        break;
      }
      case TAG.spanId: {
        const end = reader.lengthEnd();
        if (end - reader.pos === 8) {
          scratch.spanHigh[i] = word(bytes, reader.pos);
          scratch.spanLow[i] = word(bytes, reader.pos + 4);
        }
        reader.pos = end;
        break;
      }
      case TAG.eventName:
        scratch.nameEnd[i] = reader.lengthEnd();
        scratch.nameStart[i] = reader.pos;
        reader.pos = scratch.nameEnd[i] as number;
        break;
      default:
        reader.skip(tag);
    }
  }
  if (reader.pos !== limit) malformed(`a log record ends in the middle of a field at byte ${reader.pos}`);
  const told = high !== 0 || low !== 0;
  scratch.start[i] =
    ((told ? high : observedHigh) - epoch.high) * 0x1_0000_0000 + ((told ? low : observedLow) - epoch.low);
  scratch.flags[i] = FLAG.log;
  scratch.linkEnd[i] = scratch.links;
}
