/** Ids between their two forms: lower-case hex outside, signed 32-bit words inside. */
import type { StoreState } from './store-state';
import { inChunk } from './trace-table';

export type IdWords = readonly [number, number, number, number];

export function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

export function traceIdOf(state: StoreState, slot: number): string {
  const { traces } = state;
  return (
    hexWord(traces.word(slot, 0)) +
    hexWord(traces.word(slot, 1)) +
    hexWord(traces.word(slot, 2)) +
    hexWord(traces.word(slot, 3))
  );
}

/** `null` where it is no trace id. */
export function traceWords(traceId: string): IdWords | null {
  if (!/^[0-9a-fA-F]{32}$/.test(traceId)) return null;
  const word = (i: number) => Number.parseInt(traceId.slice(8 * i, 8 * i + 8), 16) | 0;
  return [word(0), word(1), word(2), word(3)];
}

export function spanIdText(high: number, low: number): string {
  return hexWord(high) + hexWord(low);
}

export function spanWords(spanId: string): readonly [number, number] | null {
  if (!/^[0-9a-fA-F]{16}$/.test(spanId)) return null;
  return [Number.parseInt(spanId.slice(0, 8), 16) | 0, Number.parseInt(spanId.slice(8), 16) | 0];
}

/** Slot of a trace that has at least one span; −1 where it is not held. */
export function heldSlot(state: StoreState, traceId: string): number {
  const words = traceWords(traceId);
  if (words === null) return -1;
  const slot = state.index.find(...words);
  if (slot < 0) return -1;
  return state.traces.chunk(slot).spans(inChunk(slot)) > 0 ? slot : -1;
}
