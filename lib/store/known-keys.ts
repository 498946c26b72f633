/** Which attribute keys the walk over the wire looks for, found by length and words without making strings. */
import { ATTR, ITEMS_ALIASES, NODE_ID_ALIASES, SIGNAL_ALIASES } from '@/lib/semconv/attributes';

export const KEY = {
  none: 0,
  /** Node aliases in order of preference: node, node + 1, node + 2. */
  node: 1,
  signal: 4,
  batch: 6,
  items: 7,
  latency: 8,
  wait: 9,
  blocked: 10,
  outcome: 11,
  held: 12,
  policy: 13,
  control: 14,
} as const;

const NAMES: readonly (readonly [string, number])[] = [
  ...NODE_ID_ALIASES.map((name, i) => [name, KEY.node + i] as const),
  ...SIGNAL_ALIASES.map((name, i) => [name, KEY.signal + i] as const),
  [ATTR.pdataId, KEY.batch],
  ...ITEMS_ALIASES.map((name) => [name, KEY.items] as const),
  [ATTR.latencyMs, KEY.latency],
  [ATTR.waitMs, KEY.wait],
  [ATTR.sendBlockedMs, KEY.blocked],
  [ATTR.outcomeWaitMs, KEY.outcome],
  [ATTR.heldMs, KEY.held],
  [ATTR.samplingPolicy, KEY.policy],
  [ATTR.controlId, KEY.control],
];

/**
 * All known keys in one table without a collision: a place of eight words is a key's length, its code, and its bytes as
 * words. All keys are longer than a word and shorter than six.
 */
const PLACES = 64;
const PLACE_WORDS = 8;
const { table: TABLE, factor: FACTOR } = perfectTable();

function perfectTable(): { readonly table: Int32Array; readonly factor: number } {
  for (let factor = 0x9e3779b1; ; factor += 2) {
    const table = new Int32Array(PLACES * PLACE_WORDS);
    const fits = NAMES.every(([name, code]) => {
      const view = new DataView(new TextEncoder().encode(name).buffer);
      const at = PLACE_WORDS * placeOf(view.getInt32(0), view.getInt32(name.length - 4), name.length, factor);
      if (table[at] !== 0) return false;
      table[at] = name.length;
      table[at + 1] = code;
      for (let i = 0; 4 * i + 4 <= name.length; i++) table[at + 2 + i] = view.getInt32(4 * i);
      return true;
    });
    if (fits) return { table, factor };
  }
}

function placeOf(firstWord: number, lastWord: number, length: number, factor: number): number {
  return Math.imul((firstWord << 1) ^ lastWord ^ length, factor) >>> 26;
}

/** Code of the key at `start`, `length` bytes long; the caller knows that they are there. */
export function knownKey(view: DataView, start: number, length: number): number {
  if (length < 7 || length > 23) return 0;
  const last = view.getInt32(start + length - 4);
  const table = TABLE;
  const at = 8 * (Math.imul((view.getInt32(start) << 1) ^ last ^ length, FACTOR) >>> 26);
  if (table[at] !== length) return 0;
  let word = at + 2;
  for (let from = 0; from + 4 <= length; from += 4, word++)
    if (view.getInt32(start + from) !== table[word]) return 0;
  return (length & 3) === 0 || last === lastWords[at >>> 3] ? (table[at + 1] as number) : 0;
}

/** By place: the word that a key ends with. */
const lastWords = new Int32Array(PLACES);
for (const [name] of NAMES) {
  const view = new DataView(new TextEncoder().encode(name).buffer);
  const last = view.getInt32(name.length - 4);
  lastWords[placeOf(view.getInt32(0), last, name.length, FACTOR)] = last;
}
