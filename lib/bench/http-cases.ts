/**
 * Spans a CPU-second of a server that takes OTLP/HTTP. Product and floor run side by side in processes of their own
 * and take turns (A B B A) with the same number of requests; what counts is their own CPU time, garbage collection,
 * eviction and timers included. The product's budget is full before anything is measured, so that every span that
 * comes makes an older one leave.
 */
import { gzipSync } from 'node:zlib';
import { createRandom } from '@/lib/base/random';
import { AA_TOLERANCE, type BenchCase, type BenchContext } from './harness';
import { type BenchServer, startBenchServer, withBundle } from './http-server';
import { benchRequests, idPositions, saltIds } from './spans';
import { bootstrapMedian, median } from './statistics';

const TEMPLATES = 16;
/** Spans of one slice: long enough against the grain of a process's CPU clock. */
const SLICE_SPANS = 20_480;
/** More than fits a budget of 256 MiB. */
const WARM_SPANS = 1_000_000;

interface Shape {
  readonly spans: number;
  readonly gzip: boolean;
}

/** Hands out requests whose ids were never sent. */
function requestSource({ spans, gzip }: Shape, seed: number): (count: number) => Uint8Array[] {
  const templates = benchRequests(TEMPLATES, seed, spans).map(({ bytes, data }) => {
    const all = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    return {
      bytes,
      positions: idPositions(
        bytes,
        all.flatMap((span) => [span.traceId, span.spanId]),
      ),
    };
  });
  let next = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      const { bytes, positions } = templates[next % TEMPLATES] as (typeof templates)[number];
      const round = Math.floor(next++ / TEMPLATES) + 1;
      const copy = bytes.slice();
      saltIds(copy, positions, round);
      return gzip ? gzipSync(copy, { level: 6 }) : copy;
    });
}

/** CPU nanoseconds that a server takes for one slice. */
async function slice(server: BenchServer, bodies: readonly Uint8Array[], gzip: boolean): Promise<number> {
  const before = await server.usage();
  await server.post(bodies, gzip);
  const after = await server.usage();
  return (after.cpuMicros - before.cpuMicros) * 1e3;
}

async function measure(bundle: string, shape: Shape, { quick, seed }: BenchContext) {
  const source = requestSource(shape, seed);
  const requests = Math.ceil(SLICE_SPANS / shape.spans);
  const product = await startBenchServer(bundle, 'product');
  const floor = await startBenchServer(bundle, 'floor');
  try {
    const warm = quick ? WARM_SPANS / 4 : WARM_SPANS;
    for (let sent = 0; sent < warm; sent += requests * shape.spans) {
      await product.post(source(requests), shape.gzip);
      if (sent % (8 * SLICE_SPANS) === 0) await floor.post(source(requests), shape.gzip);
    }
    const before = await product.usage();
    const pairs: (readonly [number, number])[] = [];
    const again: number[] = [];
    const turns = quick ? 20 : 500;
    for (let turn = 0; turn < turns; turn++) {
      const a1 = await slice(product, source(requests), shape.gzip);
      const b1 = await slice(floor, source(requests), shape.gzip);
      const b2 = await slice(floor, source(requests), shape.gzip);
      const a2 = await slice(product, source(requests), shape.gzip);
      pairs.push([(a1 + a2) / 2, (b1 + b2) / 2]);
      // A/A: the product against itself, the order changing with every turn.
      again.push(turn % 2 === 0 ? a1 / a2 : a2 / a1);
    }
    const after = await product.usage();
    return {
      pairs,
      again,
      spans: requests * shape.spans,
      stored: after.spans - before.spans,
      rss: after.rss,
    };
  } finally {
    product.stop();
    floor.stop();
  }
}

function httpCase(name: string, shape: Shape): BenchCase {
  return {
    name,
    unit: 'spans/CPU-s',
    async run(context) {
      const { pairs, again, spans, stored, rss } = await withBundle((bundle) =>
        measure(bundle, shape, context),
      );
      const rates = pairs.map(([ns]) => (spans / ns) * 1e9);
      const total = pairs.reduce((sum, [ns]) => sum + 2 * ns, 0);
      return {
        median: median(rates),
        ci: bootstrapMedian(rates, createRandom(context.seed)),
        peer: null,
        floor: median(pairs.map(([, ns]) => (spans / ns) * 1e9)),
        aa: median(again),
        samples: pairs.length,
        detail: {
          mean: (2 * pairs.length * spans * 1e9) / total,
          timesFloorCpu: median(pairs.map(([a, b]) => a / b)),
          timesFloorCpuCi: bootstrapMedian(
            pairs.map(([a, b]) => a / b),
            createRandom(context.seed),
          ),
          stored,
          sent: 2 * pairs.length * spans,
          rssMiB: rss / 2 ** 20,
          aaTolerance: AA_TOLERANCE,
        },
        pairs,
      };
    },
  };
}

export const httpCases: readonly BenchCase[] = [
  httpCase('http-512', { spans: 512, gzip: false }),
  httpCase('http-512-gzip', { spans: 512, gzip: true }),
  httpCase('http-50', { spans: 50, gzip: false }),
];
