/** Texts of a row: from the tables, else, where a table had overflowed, from the row's wire bytes. */
import { attempt } from '@/lib/otlp/malformed';
import { textOf, WireReader } from '@/lib/otlp/wire-reader';
import { KEY } from './known-keys';
import { wireOf } from './rows';
import type { Segment } from './segment';
import type { StoreState } from './store-state';
import { OVERFLOW_CODE } from './string-table';
import { found, readKeyValue } from './walk-attributes';

const NAME = 0x2a;
const ATTRIBUTE = 0x4a;
const STATUS = 0x7a;
const STATUS_MESSAGE = 0x12;

export function nameOf(state: StoreState, segment: Segment, k: number): string {
  const code = segment.name(k);
  if (code !== OVERFLOW_CODE) return state.names.text(code);
  return fieldText(wireOf(segment, k), NAME);
}

export function nodeOf(state: StoreState, segment: Segment, k: number): string {
  const code = segment.node(k);
  return code === OVERFLOW_CODE ? nodeFromWire(state, segment, k) : state.nodes.text(code);
}

export function batchOf(segment: Segment, k: number): string {
  const length = segment.batchLength(k);
  if (length === 0) return '';
  const start = (segment.place(k) & 0xffff) + segment.batchOffset(k);
  return textOf(segment.page(k), start, start + length);
}

export function statusMessageOf(segment: Segment, k: number): string {
  const wire = wireOf(segment, k);
  const read = attempt(() => {
    const reader = new WireReader(wire);
    while (reader.pos < reader.limit) {
      const tag = reader.tag();
      if (tag !== STATUS) {
        reader.skip(tag);
        continue;
      }
      const end = reader.lengthEnd();
      return fieldText(wire.subarray(reader.pos, end), STATUS_MESSAGE);
    }
    return '';
  });
  return read.ok ? read.value : '';
}

/** Last text field of that tag; empty where there is none or the bytes are broken. */
function fieldText(wire: Uint8Array, tag: number): string {
  const read = attempt(() => {
    const reader = new WireReader(wire);
    let text = '';
    while (reader.pos < reader.limit) {
      const next = reader.tag();
      if (next === tag) text = reader.string();
      else reader.skip(next);
    }
    return text;
  });
  return read.ok ? read.value : '';
}

function nodeFromWire(state: StoreState, segment: Segment, k: number): string {
  const wire = wireOf(segment, k);
  const read = attempt(() => {
    const reader = new WireReader(wire);
    let text = '';
    let rank = KEY.signal as number;
    while (reader.pos < reader.limit) {
      const tag = reader.tag();
      if (tag !== ATTRIBUTE) {
        reader.skip(tag);
        continue;
      }
      readKeyValue(reader);
      if (found.key === KEY.none || found.key >= rank || found.start < 0) continue;
      rank = found.key;
      text = textOf(wire, found.start, found.end);
    }
    return text;
  });
  const own = read.ok ? read.value : '';
  return own === '' ? state.contexts.at(segment.context(k)).node : own;
}
