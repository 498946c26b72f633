/** What the store's part of `npm run bench` measures: taking in, memory, and queries while taking in. */
import { performance } from 'node:perf_hooks';
import { createRandom } from '@/lib/base/random';
import { createSystemClock } from '@/lib/base/system-clock';
import { createSpanFacts } from '@/lib/dialects/span-facts';
import { engineId } from '@/lib/model/engine';
import { tracesToJson } from '@/lib/otlp/json-traces';
import { createSpanStore } from '@/lib/store/create-span-store';
import type { SpanObserver, SpanStore } from '@/lib/store/span-store';
import { diagnosisCase } from './diagnosis/diagnosis-case';
import {
  type Arm,
  type BenchCase,
  type BenchContext,
  comparePaired,
  compareToItself,
  type PairedOptions,
} from './harness';
import { httpCases } from './http-cases';
import { memoryCases } from './memory-cases';
import { createNaivePeer, protobufjsDecode } from './peers';
import { type BenchRequest, benchRequests, idPositions, saltIds } from './spans';
import { bootstrapQuantile, quantile } from './statistics';

const SPANS = 512;
const REQUESTS = 32;

function newStore(budgetBytes: number, observer?: SpanObserver): SpanStore {
  return createSpanStore({
    budgetBytes,
    clock: createSystemClock(),
    resolveEngine: ({ service }) => engineId(service),
    ...(observer ? { observer } : {}),
  });
}

function scaled([low, high]: readonly [number, number], factor: number): readonly [number, number] {
  return [low * factor, high * factor];
}

function inverse([low, high]: readonly [number, number]): readonly [number, number] {
  return [1 / high, 1 / low];
}

function options({ quick, seed }: BenchContext): PairedOptions {
  return quick ? { pairs: 40, seed } : { seed };
}

/** Stores request after request, each time with ids that were never there. */
function storingArm(requests: readonly BenchRequest[], budgetBytes: number): Arm {
  const facts = createSpanFacts(0n);
  const observer: SpanObserver = { listens: () => true, onSpan: (_engine, span) => facts.hear(span) };
  const store = newStore(budgetBytes, observer);
  const copies = requests.map(({ bytes, data }) => {
    const copy = bytes.slice();
    const spans = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    return {
      copy,
      positions: idPositions(
        copy,
        spans.flatMap((span) => [span.traceId, span.spanId]),
      ),
    };
  });
  let next = 0;
  return (iterations) => {
    for (let i = 0; i < iterations; i++, next++) {
      const { copy, positions } = copies[next % copies.length] as (typeof copies)[number];
      const round = Math.floor(next / copies.length);
      saltIds(copy, positions, round ^ (round + 1));
      store.appendTraces(copy);
    }
  };
}

function cycling(requests: readonly BenchRequest[], use: (bytes: Uint8Array) => void): Arm {
  let next = 0;
  return (iterations) => {
    for (let i = 0; i < iterations; i++) use((requests[next++ % requests.length] as BenchRequest).bytes);
  };
}

const decode: BenchCase = {
  name: 'decode',
  unit: 'ns/span',
  run(context) {
    const requests = benchRequests(REQUESTS, context.seed, 64);
    const subject = storingArm(requests, 256 * 2 ** 20);
    const naive = createNaivePeer(20_000);
    const againstNaive = comparePaired(
      subject,
      cycling(requests, (bytes) => naive.append(bytes)),
      options(context),
    );
    const bare = cycling(requests, protobufjsDecode);
    const againstBare = comparePaired(subject, bare, options(context));
    return {
      median: againstBare.subjectNs / 64,
      ci: scaled(againstBare.subjectCi, 1 / 64),
      peer: { naive: againstNaive.referenceNs / 64, protobufjs: againstBare.referenceNs / 64 },
      floor: null,
      aa: compareToItself(bare, options(context)),
      samples: againstBare.pairs.length,
      detail: {
        naiveOverSubject: 1 / againstNaive.ratio,
        naiveOverSubjectCi: inverse(againstNaive.ratioCi),
        protobufjsOverSubject: 1 / againstBare.ratio,
        protobufjsOverSubjectCi: inverse(againstBare.ratioCi),
        wireBytesPerSpan: (requests[0]?.bytes.length ?? 0) / 64,
        includes:
          'fresh ids written into each request, and the histograms of each node, within the measured time',
        naiveAa: compareToItself(
          cycling(requests, (bytes) => naive.append(bytes)),
          options(context),
        ),
      },
      pairs: againstBare.pairs,
    };
  },
};

const jsonDecode: BenchCase = {
  name: 'json-decode',
  unit: 'ratio to JSON.parse',
  run(context) {
    const requests = benchRequests(8, context.seed, 64);
    const texts = requests.map(({ data }) => new TextEncoder().encode(JSON.stringify(tracesToJson(data))));
    const decoder = new TextDecoder();
    const bare = cycling(
      texts.map((bytes, i) => ({ ...(requests[i] as BenchRequest), bytes })),
      (bytes) => void JSON.parse(decoder.decode(bytes)),
    );
    let store = newStore(256 * 2 ** 20);
    let stored = 0;
    let next = 0;
    const subject: Arm = (iterations) => {
      for (let i = 0; i < iterations; i++) {
        // A store that knows the ids would only count duplicates.
        if (stored++ % texts.length === 0) store = newStore(256 * 2 ** 20);
        store.appendTracesJson(texts[next++ % texts.length] as Uint8Array);
      }
    };
    const paired = comparePaired(subject, bare, options(context));
    return {
      median: paired.ratio,
      ci: paired.ratioCi,
      peer: { 'JSON.parse ns/span': paired.referenceNs / 64 },
      floor: null,
      aa: compareToItself(bare, options(context)),
      samples: paired.pairs.length,
      pairs: paired.pairs,
    };
  },
};

/** A store filled with `spans` spans; wire bytes that were sent. */
function filled(
  spans: number,
  budgetBytes: number,
  seed: number,
): { store: SpanStore; wire: number; ids: string[] } {
  const store = newStore(budgetBytes);
  let wire = 0;
  const ids: string[] = [];
  for (let sent = 0, part = 0; sent < spans; part++) {
    for (const { bytes, data } of benchRequests(8, seed + part)) {
      store.appendTraces(bytes);
      sent += SPANS;
      wire += bytes.length;
      ids.push(data.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId ?? '');
    }
  }
  return { store, wire, ids };
}

const indexBytes: BenchCase = {
  name: 'index-bytes',
  unit: 'B/span beyond the wire',
  run({ seed, quick }) {
    const { store, wire } = filled(quick ? 100_000 : 400_000, 512 * 2 ** 20, seed);
    const { bytes, spans } = store.stats();
    const figure = (bytes - wire) / spans;
    return {
      median: figure,
      structural: true,
      ci: null,
      peer: null,
      floor: null,
      aa: null,
      samples: spans,
      detail: { wirePerSpan: wire / spans, bytesPerSpan: bytes / spans },
    };
  },
};

/** p99 of a query, milliseconds, while requests keep coming between the queries. */
async function p99(
  context: BenchContext,
  query: (store: SpanStore, ids: readonly string[], i: number) => Promise<unknown>,
): Promise<{
  readonly p50: number;
  readonly p99: number;
  readonly ci: readonly [number, number];
  readonly samples: number;
  readonly spans: number;
}> {
  const { store, ids } = filled(context.quick ? 100_000 : 1_000_000, 2 ** 30, context.seed);
  const ingest = benchRequests(200, context.seed + 999_983, 64);
  const times: number[] = [];
  const rounds = context.quick ? 200 : 1_000;
  for (let i = 0; i < rounds; i++) {
    store.appendTraces((ingest[i % ingest.length] as BenchRequest).bytes);
    const start = performance.now();
    await query(store, ids, i);
    if (i >= 20) times.push(performance.now() - start);
  }
  const sorted = Float64Array.from(times).sort();
  return {
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    ci: bootstrapQuantile(times, 0.99, createRandom(context.seed)),
    samples: sorted.length,
    spans: store.stats().spans,
  };
}

function queryCase(
  name: string,
  query: (store: SpanStore, ids: readonly string[], i: number) => Promise<unknown>,
): BenchCase {
  return {
    name,
    unit: 'ms p99',
    async run(context) {
      const measured = await p99(context, query);
      return {
        median: measured.p99,
        ci: measured.ci,
        peer: null,
        floor: null,
        aa: null,
        samples: measured.samples,
        detail: { p50: measured.p50, spans: measured.spans },
      };
    },
  };
}

const queryTrace = queryCase('query-trace', (store, ids, i) =>
  store.traceSpans(ids[(i * 7919) % ids.length] as string, 0, 2_000),
);

const FILTERS = [
  { node: ['export'] },
  { status: 'error' },
  { minDurationMs: 0.8 },
  { node: ['retry'], status: 'error', signal: ['logs'] },
] as const;

const queryList = queryCase('query-list', (store, _ids, i) =>
  store.listTraces({ ...FILTERS[i % FILTERS.length], limit: 50, sort: '-start' }),
);

export const cases: readonly BenchCase[] = [
  decode,
  jsonDecode,
  indexBytes,
  queryTrace,
  queryList,
  ...httpCases,
  ...memoryCases,
  diagnosisCase,
];
