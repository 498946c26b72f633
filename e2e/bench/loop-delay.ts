/**
 * How late the server's event loop is while it takes in, answers and is watched, by its own watch. Floor: an idle
 * process beside it, which shows what the machine itself is late by.
 */
import type { VitalsAnswer } from '@/lib/api/vitals';
import type { BenchCase, BenchContext } from '@/lib/bench/harness';
import { watchLoopDelay } from '@/lib/server/vitals/loop-delay';
import { type Viewer, wait, watch, withProduct } from './live';
import { createConnections, freshRequests } from './sender';

const SPANS = 512;
const REQUESTS_PER_SEC = 200;
const QUESTIONS_PER_SEC = 20;
const VIEWERS = 3;
const FILTERS = ['', '&status=error', '&node=export', '&minDurationMs=0.8', '&q=batch-7'];

async function measure({ quick, seed }: BenchContext) {
  return withProduct(async (product) => {
    await product.startEngine();
    const floor = watchLoopDelay();
    const requests = freshRequests(seed, SPANS);
    const connections = createConnections(product.agentUrl, 8);
    const viewers: Viewer[] = [];
    for (let i = 0; i < VIEWERS; i++) viewers.push(await watch(product.url, null));
    let running = true;
    let asked = 0;
    const every = async (perSec: number, work: () => Promise<unknown>) => {
      const began = performance.now();
      for (let i = 0; running; i++) {
        await work();
        const due = began + ((i + 1) * 1_000) / perSec;
        if (due > performance.now()) await wait(due - performance.now());
      }
    };
    const ask = async () => {
      const { traces } = await product.get<{ traces: { traceId: string }[] }>(
        `/api/v1/traces?limit=50${FILTERS[asked++ % FILTERS.length]}`,
      );
      const id = traces[asked % Math.max(1, traces.length)]?.traceId;
      if (id) await product.get(`/api/v1/traces/${id}/rows`).catch(() => null);
    };
    const load = Promise.all([
      every(REQUESTS_PER_SEC, () => connections.post(requests.length, requests.next)),
      every(QUESTIONS_PER_SEC / 2, ask),
      every(1, () => product.get('/api/v1/topology')),
    ]);
    // The watch forgets what is older than a minute: what happened while it started up is gone by then.
    await wait(quick ? 8_000 : 95_000);
    const vitals = await product.get<VitalsAnswer>('/api/v1/vitals');
    const idle = floor.read();
    running = false;
    await load;
    floor.stop();
    for (const viewer of viewers) viewer.close();
    connections.close();
    return { vitals, idle };
  });
}

export const loopDelay: BenchCase = {
  name: 'loop-delay',
  unit: 'ms p99',
  async run(context) {
    const { vitals, idle } = await measure(context);
    return {
      median: vitals.loopDelayMs.p99,
      ci: null,
      peer: null,
      floor: idle.p99,
      aa: null,
      samples: 1,
      detail: { server: vitals.loopDelayMs, generator: idle, ingestMs: vitals.ingest.requestMs },
    };
  },
};
