/** The same walk for log records: their ids, time and event name. Throws MalformedError where the bytes are no OTLP. */
import { checkField } from '@/lib/otlp/check-message';
import { LOG_RECORD } from '@/lib/otlp/logs-schema';
import { malformedAt } from '@/lib/otlp/malformed';
import type { Field } from '@/lib/otlp/schema';
import type { WireReader } from '@/lib/otlp/wire-reader';
import { FLAG } from './segment';
import type { SpanScratch } from './span-scratch';
import type { WalkItem } from './walk-blocks';
import type { EpochHalves } from './walk-spans';

const TAG = {
  time: 0x09,
  body: 0x2a,
  attribute: 0x32,
  observed: 0x59,
  traceId: 0x4a,
  spanId: 0x52,
  eventName: 0x62,
} as const;
const BODY = LOG_RECORD.byNumber[5] as Field;
const ATTRIBUTE = LOG_RECORD.byNumber[6] as Field;

/** `valid` is 1 where the record belongs to a trace. `name` is the event name; its presence is what `nameEnd` tells. */
export function createLogWalk(epoch: EpochHalves): WalkItem {
  return (reader, scratch, block, prefix) => walkRecord(reader, scratch, block, prefix, epoch);
}

function walkRecord(
  reader: WireReader,
  scratch: SpanScratch,
  block: number,
  prefix: number,
  epoch: EpochHalves,
): void {
  const { view, limit } = reader;
  const i = scratch.addItem(block, prefix, reader.pos, limit);
  const { words, doubles } = scratch;
  const w = i * 40;
  words[w + 14] = FLAG.log;
  words[w + 16] = scratch.links;
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
        if (end - at === 16) {
          words[w + 17] = view.getInt32(at);
          words[w + 18] = view.getInt32(at + 4);
          words[w + 19] = view.getInt32(at + 8);
          words[w + 20] = view.getInt32(at + 12);
          words[w + 15] = isZero(words, w + 17) ? 0 : 1;
        }
        reader.pos = end;
        break;
      }
      case TAG.spanId: {
        const end = reader.lengthEnd();
        if (end - reader.pos === 8) {
          words[w + 21] = view.getInt32(reader.pos);
          words[w + 22] = view.getInt32(reader.pos + 4);
        }
        reader.pos = end;
        break;
      }
      case TAG.eventName:
        words[w + 5] = reader.lengthEnd();
        words[w + 4] = reader.pos;
        reader.pos = words[w + 5] as number;
        break;
      case TAG.body:
        checkField(BODY, reader);
        break;
      case TAG.attribute:
        checkField(ATTRIBUTE, reader);
        break;
      default:
        reader.skip(tag);
    }
  }
  if (reader.pos !== limit) malformedAt('a log record ends in the middle of a field', reader.pos);
  const told = high !== 0 || low !== 0;
  doubles[i * 20 + 13] =
    ((told ? high : observedHigh) - epoch.high) * 0x1_0000_0000 + ((told ? low : observedLow) - epoch.low);
}

function isZero(words: Int32Array, at: number): boolean {
  return (
    ((words[at] as number) |
      (words[at + 1] as number) |
      (words[at + 2] as number) |
      (words[at + 3] as number)) ===
    0
  );
}
