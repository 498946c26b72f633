/** Which attribute keys the walk over the wire looks for, found by length and bytes without making strings. */
import { ATTR, NODE_ID_ALIASES, SIGNAL_ALIASES } from '@/lib/semconv/attributes';

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

interface Known {
  readonly bytes: Uint8Array;
  readonly code: number;
}

const NAMES: readonly (readonly [string, number])[] = [
  ...NODE_ID_ALIASES.map((name, i) => [name, KEY.node + i] as const),
  ...SIGNAL_ALIASES.map((name, i) => [name, KEY.signal + i] as const),
  [ATTR.pdataId, KEY.batch],
  [ATTR.batchSize, KEY.items],
  [ATTR.latencyMs, KEY.latency],
  [ATTR.waitMs, KEY.wait],
  [ATTR.sendBlockedMs, KEY.blocked],
  [ATTR.outcomeWaitMs, KEY.outcome],
  [ATTR.heldMs, KEY.held],
  [ATTR.samplingPolicy, KEY.policy],
  [ATTR.controlId, KEY.control],
];

const BY_LENGTH: Known[][] = Array.from({ length: 32 }, () => []);
for (const [name, code] of NAMES)
  BY_LENGTH[name.length]?.push({ bytes: new TextEncoder().encode(name), code });

export function knownKey(source: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length >= 32) return KEY.none;
  const candidates = BY_LENGTH[length] as Known[];
  for (let c = 0; c < candidates.length; c++) {
    const { bytes, code } = candidates[c] as Known;
    let i = length - 1;
    while (i >= 0 && bytes[i] === source[start + i]) i--;
    if (i < 0) return code;
  }
  return KEY.none;
}
