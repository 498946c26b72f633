/** What leaves an engine, against an account kept beside it: random pipelines, faults, crashes and acts in virtual time. */
import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/base/assert';
import type { OtlpMetric } from '@/lib/otlp/types';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { keptFamilies, type OracleTrace } from './oracle.testing';
import { plain } from './telemetry.testing';
import { type TracedRun, tracedRun } from './traced-run.testing';

/** More by `WEIR_SIM_SEEDS=5000`. */
const SEEDS = Number.parseInt(process.env.WEIR_SIM_SEEDS ?? '60', 10);
const SLOW_MS = 60;
const FAILING_OR_SLOW: TailSamplingConfig = {
  policies: [
    { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
    { name: 'slow', type: 'latency', latency: { threshold_ms: SLOW_MS } },
  ],
  maxWaitMs: 1e9,
};

async function eachSeed(check: (seed: number) => Promise<void>, seeds = SEEDS): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    await check(seed).catch((error: unknown) => {
      failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return failures;
}

/** The sum of all points of a metric so far, by the value of one attribute. */
function sumsOf(metrics: readonly OtlpMetric[], name: string, key: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const metric of metrics) {
    if (metric.name !== name) continue;
    for (const point of metric.sum?.dataPoints ?? []) {
      const id = String(plain(point.attributes)[key]);
      sums.set(id, (sums.get(id) ?? 0) + (point.asDouble ?? Number(point.asInt)));
    }
  }
  return sums;
}

function close(told: number, is: number, what: string): void {
  invariant(Math.abs(told - is) <= 1e-9 * Math.max(1, is), `${what}: told ${told}, is ${is}`);
}

function checkIntegrals({ exported, oracle, channelIds, nodeIds }: TracedRun, now: number): void {
  const occupancy = sumsOf(exported.metrics, 'dataflow.channel.occupancy', 'channel.id');
  for (const [index, channel] of oracle.channels) {
    const id = channelIds[index] ?? '';
    close(occupancy.get(id) ?? 0, oracle.seconds(channel.depth), `occupancy of ${id}`);
    const ages = [...channel.entered.values()].reduce((sum, since) => sum + (now - since) / 1e9, 0);
    close(occupancy.get(id) ?? 0, channel.leftWaits + ages, `waits and ages of ${id}`);
  }
  const busy = sumsOf(exported.metrics, 'dataflow.node.busy', 'node.id');
  const blocked = sumsOf(exported.metrics, 'dataflow.node.blocked', 'node.id');
  for (const [index, node] of oracle.nodes) {
    const id = nodeIds[index] ?? '';
    close(busy.get(id) ?? 0, oracle.seconds(node.busy), `busy time of ${id}`);
    close(blocked.get(id) ?? 0, oracle.seconds(node.blocked), `blocked time of ${id}`);
  }
}

/** Every term of every node's law from what was exported alone: nothing is left in anybody's hands at the end. */
function checkConservation({ exported, nodeIds }: TracedRun): void {
  const terms = new Map<string, number>();
  const count = (node: string, value: number) => terms.set(node, (terms.get(node) ?? 0) + value);
  for (const metric of exported.metrics) {
    for (const point of metric.sum?.dataPoints ?? []) {
      const attributes = plain(point.attributes);
      const value = point.asDouble ?? Number(point.asInt);
      const node = String(attributes['node.id']);
      if (metric.name === 'dataflow.pdata.dropped') count(node, -value);
      if (metric.name !== 'dataflow.node.items') continue;
      const direction = String(attributes.direction);
      count(node, direction === 'in' || direction === 'created' ? value : -value);
    }
  }
  for (const id of nodeIds) close(terms.get(id) ?? 0, 0, `what ${id} does not account for`);
}

const tracesKept = ({ exported }: TracedRun) => new Set(exported.spans.map((span) => span.traceId));
const dataSpans = ({ exported }: TracedRun) =>
  exported.spans.filter((span) => !span.name.startsWith('control/'));
const isSeed = (trace: OracleTrace) => trace.failed || (trace.end - trace.start) / 1e6 >= SLOW_MS;

describe('what a random pipeline exports', () => {
  it('tells occupancy, busy and blocked time exactly at every report, and every span once', {
    timeout: 600_000,
  }, async () => {
    const failures = await eachSeed(async (seed) => {
      const run = await tracedRun(seed, 'full', FAILING_OR_SLOW, (soFar) => {
        const at = [...soFar.oracle.nodes.values()].map(({ busy }) => {
          soFar.oracle.seconds(busy);
          return busy.at;
        });
        checkIntegrals(soFar, Math.max(0, ...at));
      });
      checkConservation(run);
      const endedSpans = [...run.oracle.ended.values()].reduce((sum, count) => sum + count, 0);
      invariant(run.stats.spans.overwritten === 0, 'the ring is large enough for the run');
      invariant(dataSpans(run).length === endedSpans, `${dataSpans(run).length} spans told of ${endedSpans}`);
      invariant(
        new Set(dataSpans(run).map(({ traceId, spanId }) => traceId + spanId)).size === endedSpans,
        'no span is told twice',
      );
    });
    expect(failures).toEqual([]);
  });

  it('is the same in Tail but for the spans: all that fails or is slow with its family, and nothing else', {
    timeout: 600_000,
  }, async () => {
    const failures = await eachSeed(async (seed) => {
      const full = await tracedRun(seed, 'full', FAILING_OR_SLOW);
      const tail = await tracedRun(seed, 'tail', FAILING_OR_SLOW);
      const measured = ({ exported }: TracedRun) =>
        JSON.stringify(
          exported.metrics.filter(({ name }) => !/tracing|sampling|export/.test(name)),
          (_, value) => (typeof value === 'bigint' ? `${value}` : value),
        );
      invariant(measured(tail) === measured(full), 'the metrics do not depend on the mode');
      const { seeds, kept } = keptFamilies(tail.oracle.traces, isSeed);
      const keptSpans = [...kept].reduce((sum, trace) => sum + trace.spans, 0);
      invariant(
        dataSpans(tail).length === keptSpans,
        `${dataSpans(tail).length} spans are kept where ${keptSpans} should be`,
      );
      const { policy, lineage } = tail.stats.traces;
      invariant(policy === seeds.size, `${policy} traces kept by a policy where ${seeds.size} should be`);
      invariant(lineage === kept.size - seeds.size, `${lineage} for lineage, not ${kept.size - seeds.size}`);
      const roots = dataSpans(tail).filter((span) => span.parentSpanId === '');
      const reasons = roots.map((span) => plain(span.attributes)['tailsampling.policy']);
      invariant(
        reasons.every((reason) => ['errors', 'slow', 'lineage'].includes(String(reason))),
        `every kept root says why: ${reasons.join()}`,
      );
      invariant(tracesKept(tail).size >= kept.size, 'a kept trace has a span');
    });
    expect(failures).toEqual([]);
  });

  it('counts the same in None as in Full, by direct counters alone', { timeout: 600_000 }, async () => {
    const failures = await eachSeed(async (seed) => {
      const counts = (run: TracedRun) =>
        [
          'dataflow.node.items',
          'dataflow.node.batches',
          'dataflow.channel.sent',
          'dataflow.pdata.dropped',
        ].map((name) => [...sumsOf(run.exported.metrics, name, 'node.id')].sort());
      const none = counts(await tracedRun(seed, 'none', FAILING_OR_SLOW));
      const full = counts(await tracedRun(seed, 'full', FAILING_OR_SLOW));
      invariant(JSON.stringify(none) === JSON.stringify(full), 'the counters do not depend on the mode');
    }, SEEDS / 3);
    expect(failures).toEqual([]);
  });

  it('is the same to the byte from the same seed', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const mode = seed % 2 === 0 ? 'tail' : 'full';
      const [one, other] = [
        await tracedRun(seed, mode, FAILING_OR_SLOW),
        await tracedRun(seed, mode, FAILING_OR_SLOW),
      ];
      expect(one.exported.requests.length).toBeGreaterThan(0);
      expect(one.bytesHash()).toBe(other.bytesHash());
    }
  });
});
