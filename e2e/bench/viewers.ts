/**
 * What open pages cost ingest: the same spans, with 20 readers of the stream and with none, in turns (A B B A), by the
 * server's own CPU time. A/A: two turns without readers.
 */
import { createRandom } from '@/lib/base/random';
import type { BenchCase, BenchContext } from '@/lib/bench/harness';
import { bootstrapMedian, median } from '@/lib/bench/statistics';
import { cpuMs, type Viewer, wait, watch, withProduct } from './live';
import { createConnections, freshRequests } from './sender';

const VIEWERS = 20;
const SPANS = 512;
/** As long as takes about a second of CPU, against the grain of the system's count. */
const REQUESTS = 1_200;
const SENDERS = 8;
/** What pages ask for when they open is not what they cost. */
const SETTLE_MS = 700;

async function measure({ quick, seed }: BenchContext) {
  return withProduct(async (product, pid) => {
    await product.startEngine();
    const requests = freshRequests(seed, SPANS);
    const connections = createConnections(product.agentUrl, SENDERS);
    const ingest = async (count: number) => {
      let left = count;
      const sender = async () => {
        while (left-- > 0) {
          const { status } = await connections.post(requests.length, requests.next);
          if (status !== 200) throw new Error(`answered ${status}`);
        }
      };
      const before = cpuMs(pid);
      const began = performance.now();
      await Promise.all(Array.from({ length: SENDERS }, sender));
      return { cpu: cpuMs(pid) - before, wall: performance.now() - began };
    };
    const slice = async (count: number) => {
      const viewers: Viewer[] = [];
      for (let i = 0; i < count; i++) viewers.push(await watch(product.url, null, 0));
      await wait(SETTLE_MS);
      const cost = await ingest(REQUESTS);
      for (const viewer of viewers) viewer.close();
      return cost.cpu;
    };
    for (let i = 0; i < (quick ? 2 : 4); i++) await ingest(REQUESTS);
    const pairs: (readonly [number, number])[] = [];
    const again: number[] = [];
    for (let turn = 0; turn < (quick ? 4 : 20); turn++) {
      const a1 = await slice(VIEWERS);
      const b1 = await slice(0);
      const b2 = await slice(0);
      const a2 = await slice(VIEWERS);
      pairs.push([(a1 + a2) / 2, (b1 + b2) / 2]);
      again.push(turn % 2 === 0 ? b1 / b2 : b2 / b1);
    }
    connections.close();
    return { pairs, again };
  });
}

export const viewers20: BenchCase = {
  name: 'viewers-20',
  unit: 'ratio of CPU',
  async run(context) {
    const { pairs, again } = await measure(context);
    const ratios = pairs.map(([a, b]) => a / b);
    return {
      median: median(ratios),
      ci: bootstrapMedian(ratios, createRandom(context.seed)),
      peer: null,
      floor: null,
      aa: median(again),
      samples: pairs.length,
      detail: { spansASlice: REQUESTS * SPANS, cpuMsASlice: median(pairs.map(([, b]) => b)) },
      pairs,
    };
  },
};
