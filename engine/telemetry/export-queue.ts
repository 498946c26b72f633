/**
 * What waits to be sent, one queue a signal, bounded in bytes: a lost server costs the oldest requests, which are
 * counted, and never the pipeline its pace. A request that may be sent again is, after a pause that doubles.
 */
import type { Clock, Timer } from '@/lib/base/clock';
import type { Random } from '@/lib/base/random';
import type { OtlpTransport } from './transport';

export type OtlpPath = '/v1/traces' | '/v1/metrics' | '/v1/logs';

export interface ExportCounts {
  sentItems: number;
  sentBytes: number;
  sentRequests: number;
  /** Lost because the queue was full, or the server refused them for good. */
  lostItems: number;
  lostRequests: number;
  /** Attempts that failed. */
  failures: number;
}

export interface ExportQueue {
  readonly counts: ExportCounts;
  readonly queuedBytes: number;
  readonly queuedItems: number;
  /** False from the first failure until something got through again. */
  readonly healthy: boolean;
  /** Sends what waited for it; see {@link ExportQueueOptions.held}. */
  release(): void;
  push(body: Uint8Array, items: number): void;
  /** Resolves when it is empty, or after `deadlineMs`. */
  flush(deadlineMs: number): Promise<void>;
  close(): void;
}

export interface ExportQueueOptions {
  readonly path: OtlpPath;
  readonly maxBytes: number;
  readonly transport: OtlpTransport;
  readonly clock: Clock;
  readonly random: Random;
  /** The server answers again after it did not. */
  readonly onRecovered?: () => void;
  /** A request is done with, sent or lost. */
  readonly onSettled?: () => void;
  /** Keeps what it is given until {@link ExportQueue.release}: what it sends makes sense after something else only. */
  readonly held?: boolean;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

interface Entry {
  readonly body: Uint8Array;
  readonly items: number;
}

export function createExportQueue(options: ExportQueueOptions): ExportQueue {
  const { transport, clock, random } = options;
  const counts: ExportCounts = {
    sentItems: 0,
    sentBytes: 0,
    sentRequests: 0,
    lostItems: 0,
    lostRequests: 0,
    failures: 0,
  };
  const entries: Entry[] = [];
  let bytes = 0;
  let items = 0;
  let sending: Entry | null = null;
  let pauseMs = 0;
  let timer: Timer | null = null;
  let healthy = true;
  let closed = false;
  let held = options.held ?? false;
  const waiting: (() => void)[] = [];

  const lose = (entry: Entry) => {
    counts.lostItems += entry.items;
    counts.lostRequests++;
  };
  const leave = (entry: Entry) => {
    bytes -= entry.body.length;
    items -= entry.items;
  };
  const pump = () => {
    if (held || sending !== null || timer !== null || closed) return;
    const entry = entries.shift();
    if (entry === undefined) {
      for (const resolve of waiting.splice(0)) resolve();
      return;
    }
    sending = entry;
    transport.send(options.path, entry.body).then(
      (answer) => settled(entry, answer),
      () => settled(entry, 'retry'),
    );
  };
  const settled = (entry: Entry, answer: 'sent' | 'retry' | 'refused') => {
    sending = null;
    if (closed) return;
    if (answer === 'retry') {
      counts.failures++;
      healthy = false;
      entries.unshift(entry);
      shed();
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : pauseMs * 2);
      timer = clock.setTimer(
        () => {
          timer = null;
          pump();
        },
        pauseMs * (0.75 + random.next() / 4),
      );
      return;
    }
    leave(entry);
    if (answer === 'sent') {
      counts.sentItems += entry.items;
      counts.sentBytes += entry.body.length;
      counts.sentRequests++;
    } else lose(entry);
    pauseMs = 0;
    if (!healthy) {
      healthy = true;
      options.onRecovered?.();
    }
    options.onSettled?.();
    pump();
  };
  /** The oldest go first: what is recent is what people look at when the server is back. */
  const shed = () => {
    while (bytes > options.maxBytes && entries.length > 0) {
      const oldest = entries.shift() as Entry;
      leave(oldest);
      lose(oldest);
    }
  };
  return {
    counts,
    get queuedBytes() {
      return bytes;
    },
    get queuedItems() {
      return items;
    },
    get healthy() {
      return healthy;
    },
    release() {
      held = false;
      pump();
    },
    push(body, count) {
      entries.push({ body, items: count });
      bytes += body.length;
      items += count;
      shed();
      pump();
    },
    flush(deadlineMs) {
      if (sending === null && entries.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const deadline = clock.setTimer(resolve, deadlineMs);
        waiting.push(() => {
          deadline.cancel();
          resolve();
        });
      });
    },
    close() {
      closed = true;
      timer?.cancel();
      timer = null;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
