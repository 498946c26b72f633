/** How many traces came since someone last looked: the list says "+123 new" instead of moving under the pointer. */
import { createValueStore, useValue } from './value-store';

export interface NewTraces {
  readonly sinceReset: number;
  readonly total: number | null;
}

const store = createValueStore<NewTraces>({ sinceReset: 0, total: null });

export function noteNewTraces(count: number, total: number): void {
  store.set({ sinceReset: store.get().sinceReset + count, total });
}

export function resetNewTraces(): void {
  store.set({ ...store.get(), sinceReset: 0 });
}

export function useNewTraces(): NewTraces {
  return useValue(store);
}
