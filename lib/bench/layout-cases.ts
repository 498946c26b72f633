/**
 * `layout-1000`: what an event loop notices of a map of 1,000 nodes being laid out on the layout thread: the greatest
 * delay of a timer meanwhile, against the same time with nothing to do (floor) and against the layout on the loop itself
 * (peer). Runs of all three alternate.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { createRandom } from '@/lib/base/random';
import type { LayoutOrder } from '@/lib/server/layout/layout-messages';
import type { NumberedOrder } from '@/lib/server/worker-orders';
import type { LayoutEdge, LayoutNode } from '@/lib/topology/elk-graph';
import { placeCards } from '@/lib/topology/place-cards';
import type { BenchCase, BenchContext, BenchFigures } from './harness';
import { median } from './statistics';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const COLUMNS = 8;

function pipeline(count: number, seed: number): { nodes: LayoutNode[]; edges: LayoutEdge[] } {
  const random = createRandom(seed);
  const rows = Math.ceil(count / COLUMNS);
  const nodes = Array.from({ length: count }, (_, i): LayoutNode => {
    const column = Math.floor(i / rows);
    return {
      id: `n${i}`,
      kind: column === 0 ? 'receiver' : column === COLUMNS - 1 ? 'exporter' : 'processor',
    };
  });
  const edges = nodes.flatMap((node, i) => {
    const next = (Math.floor(i / rows) + 1) * rows;
    if (next >= count) return [];
    const width = Math.min(rows, count - next);
    const near = (shift: number) => `n${next + ((i + shift) % width)}`;
    return [0, 1 + Math.floor(random.next() * 3)].map((shift) => ({
      from: node.id,
      port: 'default',
      to: near(shift),
    }));
  });
  return { nodes, edges };
}

/** Greatest delay of the loop, milliseconds, while the work runs. */
async function delayDuring(work: () => Promise<unknown>): Promise<{ delayMs: number; tookMs: number }> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await sleep(20);
  delays.reset();
  const began = performance.now();
  await work();
  const tookMs = performance.now() - began;
  await sleep(5);
  delays.disable();
  return { delayMs: delays.max / 1e6, tookMs };
}

async function layoutThousand({ seed, quick }: BenchContext): Promise<BenchFigures> {
  const outfile = join(ROOT, 'dist', 'bench-layout-worker.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['lib/server/layout/layout-worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': ROOT },
    logLevel: 'error',
  });
  const worker = new Worker(outfile);
  const { nodes, edges } = pipeline(1_000, seed);
  const onThread = (id: number) =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage({ id, order: { nodes, edges } } satisfies NumberedOrder<LayoutOrder>);
    });
  const runs = quick ? 1 : 5;
  const [thread, idle, inline] = [[], [], []] as { delayMs: number; tookMs: number }[][];
  try {
    await onThread(0);
    for (let run = 1; run <= runs; run++) {
      const one = await delayDuring(() => onThread(run));
      thread?.push(one);
      idle?.push(await delayDuring(() => sleep(one.tookMs)));
      inline?.push(await delayDuring(() => placeCards(nodes, edges)));
    }
  } finally {
    await worker.terminate();
    rmSync(outfile, { force: true });
  }
  const middle = (list: typeof thread, key: 'delayMs' | 'tookMs') =>
    median((list ?? []).map((one) => one[key]));
  return {
    median: middle(thread, 'delayMs'),
    ci: null,
    peer: middle(inline, 'delayMs'),
    floor: middle(idle, 'delayMs'),
    aa: null,
    samples: runs,
    detail: {
      nodes: nodes.length,
      edges: edges.length,
      layoutMs: Math.round(middle(thread, 'tookMs')),
      raw: { thread, idle, inline },
    },
  };
}

export const cases: readonly BenchCase[] = [
  { name: 'layout-1000', unit: 'ms of greatest loop delay', run: layoutThousand },
];
