/** A map that forgets its least recently used entry beyond `limit`. `onEvict` hears what left, so it can be counted. */
export interface BoundedMap<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): boolean;
  has(key: K): boolean;
  entries(): IterableIterator<[K, V]>;
}

export function createBoundedMap<K, V>(
  limit: number,
  onEvict?: (key: K, value: V) => void,
): BoundedMap<K, V> {
  const map = new Map<K, V>();
  // Kept from one departure to the next: a new one would step over the places of all that left before, each time.
  let byAge = map.entries();
  const oldestEntry = (): [K, V] | undefined => {
    const next = byAge.next();
    if (!next.done) return next.value;
    byAge = map.entries();
    return byAge.next().value;
  };
  return {
    get size() {
      return map.size;
    },
    get(key) {
      const value = map.get(key);
      if (value !== undefined) {
        map.delete(key);
        map.set(key, value);
      }
      return value;
    },
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      if (map.size <= limit) return;
      const oldest = oldestEntry();
      if (!oldest) return;
      map.delete(oldest[0]);
      onEvict?.(oldest[0], oldest[1]);
    },
    delete: (key) => map.delete(key),
    has: (key) => map.has(key),
    entries: () => map.entries(),
  };
}
