/**
 * Figures by id, each with its own listeners: an update of 500 nodes wakes those cards whose figures changed, and
 * nothing above them. The one place of the page that is outside React's state and the query cache.
 */
import { replaceEqualDeep } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

export interface KeyedStore<T> {
  get(id: string): T | undefined;
  /** Sets what is given, all of which moved, and keeps the rest. */
  merge(values: Readonly<Record<string, T>>): void;
  /** Sets what is given and forgets the rest. */
  replace(values: Readonly<Record<string, T>>): void;
  subscribe(id: string, listener: () => void): () => void;
  /** Once for each merge or replacement, for those who draw all of it at once. */
  subscribeAny(listener: () => void): () => void;
  /** Ids that are set. */
  ids(): readonly string[];
}

export function createKeyedStore<T>(): KeyedStore<T> {
  const values = new Map<string, T>();
  const listeners = new Map<string, Set<() => void>>();
  const anyListeners = new Set<() => void>();
  const wakeAny = () => {
    for (const listener of anyListeners) listener();
  };
  const wake = (id: string) => {
    for (const listener of listeners.get(id) ?? []) listener();
  };
  const put = (id: string, value: T) => {
    values.set(id, value);
    wake(id);
  };
  const set = (id: string, given: T) => {
    const before = values.get(id);
    // Figures come parsed anew each time: what is equal keeps its identity, and wakes nobody.
    const value: T = replaceEqualDeep(before, given);
    if (before === value && values.has(id)) return;
    put(id, value);
  };
  return {
    get: (id) => values.get(id),
    merge(given) {
      for (const [id, value] of Object.entries(given)) put(id, value);
      wakeAny();
    },
    replace(given) {
      for (const id of [...values.keys()]) {
        if (id in given) continue;
        values.delete(id);
        wake(id);
      }
      for (const [id, value] of Object.entries(given)) set(id, value);
      wakeAny();
    },
    subscribeAny(listener) {
      anyListeners.add(listener);
      return () => anyListeners.delete(listener);
    },
    subscribe(id, listener) {
      const known = listeners.get(id) ?? new Set();
      known.add(listener);
      listeners.set(id, known);
      return () => {
        known.delete(listener);
        if (known.size === 0 && listeners.get(id) === known) listeners.delete(id);
      };
    },
    ids: () => [...values.keys()],
  };
}

export function useKeyed<T>(store: KeyedStore<T>, id: string): T | undefined {
  return useSyncExternalStore(
    (listener) => store.subscribe(id, listener),
    () => store.get(id),
    () => undefined,
  );
}
