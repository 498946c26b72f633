import type { AnyValue, KeyValue } from './types';
import { WIRE } from './wire-types';
import type { WireWriter } from './wire-writer';

/** Writes the fields of one `AnyValue`; an empty one writes nothing. */
export function encodeValue(value: AnyValue, writer: WireWriter): void {
  if ('stringValue' in value) {
    writer.tag(1, WIRE.bytes);
    writer.string(value.stringValue);
  } else if ('boolValue' in value) {
    writer.tag(2, WIRE.varint);
    writer.varint32(value.boolValue ? 1 : 0);
  } else if ('intValue' in value) {
    writer.tag(3, WIRE.varint);
    writer.varint64(value.intValue);
  } else if ('doubleValue' in value) {
    writer.tag(4, WIRE.fixed64);
    writer.double(value.doubleValue);
  } else if ('arrayValue' in value) {
    const list = writer.openField(5);
    for (const element of value.arrayValue.values) {
      const mark = writer.openField(1);
      encodeValue(element, writer);
      writer.close(mark);
    }
    writer.close(list);
  } else if ('kvlistValue' in value) {
    const list = writer.openField(6);
    for (const pair of value.kvlistValue.values) {
      const mark = writer.openField(1);
      encodeKeyValue(pair, writer);
      writer.close(mark);
    }
    writer.close(list);
  } else if ('bytesValue' in value) {
    writer.tag(7, WIRE.bytes);
    writer.bytes(value.bytesValue);
  }
}

export function encodeKeyValue(pair: KeyValue, writer: WireWriter): void {
  if (pair.key !== '') {
    writer.tag(1, WIRE.bytes);
    writer.string(pair.key);
  }
  const mark = writer.openField(2);
  encodeValue(pair.value, writer);
  writer.close(mark);
}
