/** A map that forgets its least recently used entry beyond `limit`. `onEvict` hears what left, so it can be counted. */
export interface BoundedMap<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): boolean;
  has(key: K): boolean;
  entries(): IterableIterator<[K, V]>;
}

const CHANGES_A_LOOK = 1_024;

export function createBoundedMap<K, V>(
  limit: number,
  onEvict?: (key: K, value: V) => void,
): BoundedMap<K, V> {
  const map = new Map<K, V>();
  // Kept for a while: a new one would step over the places of all that left before, for each that leaves. Not for
  // long: it holds every table that the map has outgrown since it began.
  let byAge: MapIterator<[K, V]> | null = null;
  let changes = 0;
  const noteChange = () => {
    if (++changes < CHANGES_A_LOOK) return;
    changes = 0;
    byAge = null;
  };
  const oldestEntry = (): [K, V] | undefined => {
    byAge ??= map.entries();
    const next = byAge.next();
    if (!next.done) return next.value;
    byAge = null;
    return map.entries().next().value;
  };
  return {
    get size() {
      return map.size;
    },
    get(key) {
      const value = map.get(key);
      if (value !== undefined) {
        noteChange();
        map.delete(key);
        map.set(key, value);
      }
      return value;
    },
    set(key, value) {
      noteChange();
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
