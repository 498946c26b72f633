/** What happens when, in virtual time: a binary heap, ties in order of their coming. */
export interface EventQueue {
  at(time: number, run: () => void): void;
  /** Runs everything due by `time`, in order. */
  runUntil(time: number): void;
  readonly now: number;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

export function createEventQueue(): EventQueue {
  const heap: Entry[] = [];
  let order = 0;
  let now = 0;

  const isBefore = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order);

  const rise = (from: number) => {
    const entry = heap[from] as Entry;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  };

  const sink = (entry: Entry) => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && isBefore(right, heap[child] as Entry)) child++;
      const below = heap[child] as Entry;
      if (!isBefore(below, entry)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  };

  return {
    get now() {
      return now;
    },
    at(time, run) {
      heap.push({ time: Math.max(time, now), order: order++, run });
      rise(heap.length - 1);
    },
    runUntil(time) {
      for (let next = heap[0]; next && next.time <= time; next = heap[0]) {
        const last = heap.pop() as Entry;
        if (heap.length > 0) sink(last);
        now = next.time;
        next.run();
      }
      now = time;
    },
  };
}
