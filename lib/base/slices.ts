/**
 * Long work that can be cut: a generator that yields where others may run. The same work runs at once in tests and for
 * small inputs, and in slices where an event loop must not wait for it.
 */
export type Sliced<T> = Generator<undefined, T, undefined>;

export function runAtOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

export async function runInSlices<T>(work: Sliced<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
