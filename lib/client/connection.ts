/** Whether the stream of the page is open, and since when it is not. */
import { createValueStore, useValue } from './value-store';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly sinceMs: number };

export const connectionStore = createValueStore<Connection>({ kind: 'connecting' });

/** A loss keeps the moment of its first sign, however often a retry fails. */
export function afterLoss(before: Connection, nowMs: number): Connection {
  return before.kind === 'lost' ? before : { kind: 'lost', sinceMs: nowMs };
}

export function useConnection(): Connection {
  return useValue(connectionStore);
}
