/**
 * Bodies of requests are memory outside the JavaScript heap that a few small objects hold on to. The collector of young
 * objects would free them for next to nothing, but comes only when the heap has grown by megabytes, and a request leaves
 * next to nothing there; so the memory outside grows until the collector of everything is called instead, which costs
 * more than storing the spans did. Here the young one is called by what came in from outside.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of bodies between two collections. */
const BYTES_A_COLLECTION = 4 * 1024 * 1024;

export interface YoungGarbage {
  /** So many bytes came from outside the heap and are done with. */
  note(bytes: number): void;
}

export function createYoungGarbage(collect: () => void = youngCollector()): YoungGarbage {
  let since = 0;
  return {
    note(bytes) {
      since += bytes;
      if (since < BYTES_A_COLLECTION) return;
      since = 0;
      collect();
    },
  };
}

/** The engine's own collector of young objects, which it hands out only where it is asked for by a flag. */
function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => undefined;
  return () => void collect({ type: 'minor' });
}
