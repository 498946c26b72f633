/**
 * When the engine's run loop gets its next turn. The loop itself decides how much it does in one turn (a quantum of
 * work units, counted without reading a clock), then posts the rest, so that sockets and timers are served between.
 */
export interface Scheduler {
  /** Runs `task` in a later turn of the event loop, in the order of posting. */
  post(task: () => void): void;
}

/** The real one: Node serves I/O between two immediates. */
export function createImmediateScheduler(): Scheduler {
  return {
    post(task) {
      setImmediate(task);
    },
  };
}

export interface VirtualScheduler extends Scheduler {
  readonly pending: number;
  /** Runs what was posted first; false when nothing is left. */
  runOne(): boolean;
}

/** A queue that a test empties as it likes: same posts, same order. */
export function createVirtualScheduler(): VirtualScheduler {
  const queue: (() => void)[] = [];
  return {
    post(task) {
      queue.push(task);
    },
    runOne() {
      const task = queue.shift();
      task?.();
      return task !== undefined;
    },
    get pending() {
      return queue.length;
    },
  };
}
