/** Field 1 of `ArrayValue` and `KeyValueList` alike: what both of them repeat. */
import type { WireReader } from './wire-reader';
import { tagOf, WIRE } from './wire-types';

const ELEMENT = tagOf(1, WIRE.bytes);

/** Goes through the list at `reader.pos`; `read` finds the reader at an element, with the element's end as its limit. */
export function eachElement(reader: WireReader, read: () => void): void {
  const outer = reader.limit;
  const end = reader.lengthEnd();
  reader.limit = end;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag !== ELEMENT) {
      reader.skip(tag);
      continue;
    }
    reader.limit = reader.lengthEnd();
    read();
    reader.limit = end;
  }
  reader.limit = outer;
}
