/** A value outside React with listeners; for what many parts read and nothing stores: hover, connection. */
import { useSyncExternalStore } from 'react';

export interface ValueStore<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function createValueStore<T>(initial: T): ValueStore<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The whole value, or a slice of it: the caller is rendered again only when the slice changes. */
export function useValue<T>(store: ValueStore<T>): T;
export function useValue<T, S>(store: ValueStore<T>, select: (value: T) => S): S;
export function useValue<T, S>(store: ValueStore<T>, select?: (value: T) => S): T | S {
  const read = () => (select ? select(store.get()) : store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}
