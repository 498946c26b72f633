/** Puts together what the server knows of itself. Everything here is asked, nothing is kept. */
import type { VitalsAnswer } from '@/lib/api/vitals';
import type { Pressure } from '../ingest/pressure';
import type { RequestLedger } from '../ingest/request-ledger';
import { type LoopDelay, watchLoopDelay } from './loop-delay';
import { timeQueries } from './query-clock';
import { createTimings, type Timings } from './timings';

/** The name under which requests of agents are timed. */
export const INGEST = 'ingest';
const RATE_WINDOW_MS = 10_000;

export interface VitalsSources {
  readonly pressure: Pressure;
  readonly requests: RequestLedger;
  viewers(): VitalsAnswer['stream'];
  tables(): VitalsAnswer['tables'];
  unsent(): VitalsAnswer['unsent'];
  nowMs(): number;
}

export interface Vitals {
  read(): VitalsAnswer;
  /** Once a second. */
  step(): void;
  stop(): void;
}

interface Reading {
  readonly atMs: number;
  readonly requests: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

export function createVitals(sources: VitalsSources, ingestTimings: Timings): Vitals {
  const { nowMs, requests } = sources;
  const queries = createTimings(nowMs);
  const stopQueries = timeQueries(queries, nowMs);
  const loop: LoopDelay = watchLoopDelay();
  const readings: Reading[] = [];

  const step = () => {
    const { user, system } = process.cpuUsage();
    const taken = requests.accepted + requests.refused + requests.rejected;
    readings.push({ atMs: nowMs(), requests: taken, bytes: requests.bytes, cpuMs: (user + system) / 1e3 });
    while ((readings[0] as Reading).atMs < nowMs() - RATE_WINDOW_MS) readings.shift();
  };
  /** A second of growth over the last readings; null before there are two. */
  const rate = (read: (reading: Reading) => number): number | null => {
    const [first, last] = [readings[0], readings.at(-1)];
    if (!first || !last || last.atMs <= first.atMs) return null;
    return ((read(last) - read(first)) / (last.atMs - first.atMs)) * 1_000;
  };
  const share = (msPerSec: number | null) => (msPerSec === null ? null : msPerSec / 1_000);

  return {
    step,
    read() {
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      return {
        ingest: {
          requestMs: ingestTimings.quantiles(INGEST),
          cpuShare: ingestTimings.sumMs(INGEST) / 1_000 / ingestTimings.seconds,
          requestsPerSec: rate((reading) => reading.requests),
          bytesPerSec: rate((reading) => reading.bytes),
          bytesInFlight: sources.pressure.bytesInFlight,
          limitBytes: sources.pressure.limitBytes,
        },
        queries: queries.names
          .map((endpoint) => ({ endpoint, ...queries.quantiles(endpoint) }))
          .filter(({ count }) => count > 0)
          .sort((a, b) => (b.p99Ms ?? 0) - (a.p99Ms ?? 0)),
        loopDelayMs: loop.read(),
        stream: sources.viewers(),
        process: {
          cpuShare: share(rate((reading) => reading.cpuMs)),
          rssBytes: rss,
          heapBytes: heapUsed,
          arrayBytes: arrayBuffers,
        },
        tables: sources.tables(),
        unsent: sources.unsent(),
      };
    },
    stop() {
      stopQueries();
      loop.stop();
    },
  };
}
