/**
 * How soon a page knows: from the end of a trace in the engine to its row in the list that a page is sent, and from a
 * change in the engine to the figure on the map. Engine, server and page are processes of their own; times are
 * those of the engine's clock and of the page's, on one machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ControlActionRow } from '@/lib/api/control';
import type { StreamEvent } from '@/lib/api/stream';
import { createRandom } from '@/lib/base/random';
import type { BenchCase, BenchContext } from '@/lib/bench/harness';
import { bootstrapQuantile, quantile } from '@/lib/bench/statistics';
import { act, setTracing } from '../support/api';
import type { Product } from '../support/product';
import { nowUnixMs, startReporting, type Viewer, wait, watch, withProduct } from './live';

type DataOf<T extends StreamEvent['type']> = Extract<StreamEvent, { type: T }>['data'];

/** Four hops: five spans a batch with the pipeline's own. */
const FAST_PIPELINE = (rate: number) => `pipeline: { id: fast }
nodes:
  in: { type: receiver:traffic_generator, config: { rate: ${rate}, items_per_batch: 1 } }
  a: { type: processor:debug, config: {} }
  b: { type: processor:debug, config: {} }
  out: { type: exporter:noop, config: {} }
connections:
  - { from: in, to: a }
  - { from: a, to: b }
  - { from: b, to: out }
`;

async function withPipeline<T>(
  yaml: string,
  use: (product: Product, file: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'weir-bench-'));
  try {
    const file = path.join(folder, 'pipeline.yaml');
    writeFileSync(file, yaml);
    return await withProduct((product) => use(product, file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figures(times: readonly number[], seed: number) {
  const sorted = Float64Array.from(times).sort();
  return {
    median: quantile(sorted, 0.5),
    ci: bootstrapQuantile(times, 0.5, createRandom(seed)),
    peer: null,
    floor: null,
    aa: null,
    samples: sorted.length,
    p99: quantile(sorted, 0.99),
    p99Ci: bootstrapQuantile(times, 0.99, createRandom(seed)),
  };
}

/** Batches a second that make 50,000 spans a second. */
const SPANS_PER_SEC = 50_000;

export async function spanToRowTimes({ quick }: BenchContext, spansPerSec = SPANS_PER_SEC) {
  const rate = spansPerSec / 4;
  return withPipeline(FAST_PIPELINE(rate), async (product, file) => {
    await startReporting(product, file);
    await setTracing(product, { mode: 'full', tailSampling: { policies: [], maxWaitMs: 1_000 } });
    const times: number[] = [];
    const seen = new Set<string>();
    let counting = false;
    const viewer = await watch(product.url, ({ event, data }) => {
      if (event !== 'traces') return;
      const at = nowUnixMs();
      for (const { traceId, startUnixNano, durationMs } of (JSON.parse(data) as DataOf<'traces'>).traces) {
        if (seen.has(traceId)) continue;
        seen.add(traceId);
        if (counting) times.push(at - (Number(BigInt(startUnixNano) / 1_000n) / 1_000 + durationMs));
      }
    });
    await wait(quick ? 2_000 : 5_000);
    const spans = async () =>
      (await product.get<{ ledger: { spans: { received: number } } }>('/api/v1/health')).ledger.spans
        .received;
    const [before, began] = [await spans(), performance.now()];
    counting = true;
    await wait(quick ? 3_000 : 15_000);
    counting = false;
    const perSec = ((await spans()) - before) / ((performance.now() - began) / 1_000);
    viewer.close();
    return { times, perSec };
  });
}

export const spanToRow: BenchCase = {
  name: 'span-to-row',
  unit: 'ms p50',
  async run(context) {
    const { times, perSec } = await spanToRowTimes(context);
    const { p99, p99Ci, ...rest } = figures(times, context.seed);
    return { ...rest, detail: { p99, p99Ci, spansPerSec: perSec, wantedSpansPerSec: SPANS_PER_SEC } };
  },
};

const MAP_PIPELINE = `pipeline: { id: changing }
nodes:
  in: { type: receiver:traffic_generator, config: { rate: 50, items_per_batch: 5 } }
  out: { type: exporter:noop, config: {} }
connections:
  - { from: in, to: out }
`;

/** A channel gets another capacity: the engine says when, the map shows it. */
async function changeToMapTimes({ quick, seed }: BenchContext) {
  return withPipeline(MAP_PIPELINE, async (product, file) => {
    await startReporting(product, file);
    const random = createRandom(seed);
    const applied = new Map<string, ControlActionRow>();
    let wanted = 0;
    let shownAt = 0;
    const viewer: Viewer = await watch(product.url, ({ event, data }) => {
      if (event === 'control') {
        for (const row of (JSON.parse(data) as DataOf<'control'>).actions) applied.set(row.id, row);
      } else if (event === 'stats' && shownAt === 0) {
        const { edges } = JSON.parse(data) as DataOf<'stats'>;
        if (Object.values(edges).some(({ capacity }) => capacity === wanted)) shownAt = nowUnixMs();
      }
    });
    const times: number[] = [];
    const changes = quick ? 8 : 100;
    for (let i = 0; i < changes; i++) {
      await wait(300 + random.next() * 500);
      wanted = 100 + i;
      shownAt = 0;
      const id = await act(product, { target: 'out', action: 'config_update', capacity: wanted });
      const deadline = performance.now() + 10_000;
      const known = () => shownAt > 0 && (applied.get(id)?.outcome ?? 'pending') !== 'pending';
      while (!known() && performance.now() < deadline) await wait(5);
      const row = applied.get(id);
      if (row?.outcome !== 'applied' || shownAt === 0)
        throw new Error(`change ${i} never came: ${row?.outcome}`);
      const doneMs = Number(BigInt(row.timeUnixNano) / 1_000n) / 1_000 + (row.tookMs ?? 0);
      times.push(shownAt - doneMs);
    }
    viewer.close();
    return times;
  });
}

export const changeToMap: BenchCase = {
  name: 'change-to-map',
  unit: 'ms p50',
  async run(context) {
    const { p99, p99Ci, ...rest } = figures(await changeToMapTimes(context), context.seed);
    return { ...rest, detail: { p99, p99Ci } };
  },
};
