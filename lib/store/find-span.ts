/** One span of a held trace, by its id. */
import { bigOf } from './append-spans';
import { eachRow, isSpanRow } from './rows';
import { NO_ROW } from './segment';
import type { StoreState } from './store-state';

/** Its row, or NO_ROW. */
export function findSpan(state: StoreState, slot: number, high: number, low: number): number {
  const big = bigOf(state, slot);
  if (big !== undefined) return big.find(high, low);
  let found = NO_ROW;
  eachRow(state, slot, (segment, k, row) => {
    if (isSpanRow(segment, k) && segment.spanHigh(k) === high && segment.spanLow(k) === low) found = row;
  });
  return found;
}
