/**
 * A pipeline of any size that reports over OTLP as a real engine does: its topology as an event, its figures as
 * cumulative points, protobuf, so often a second. Loads wander by a seeded walk, so that every node's figures move with
 * every report.
 *
 *   columns of nodes, each sending to two of the next column:   n0 ─▶ n50 ─▶ n100 …
 */

import { createRandom } from '@/lib/base/random';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeMetrics } from '@/lib/otlp/encode-metrics';
import type { AnyValue, KeyValue, NumberPoint, OtlpMetric, Resource } from '@/lib/otlp/types';

export interface SourceShape {
  readonly service: string;
  readonly nodes: number;
  readonly columns: number;
  readonly seed: number;
}

export interface SyntheticSource {
  readonly edges: number;
  /** Sends the topology, then a report each `everyMs`; resolves once the first report was taken. */
  start(agentUrl: string, everyMs: number): Promise<void>;
  stop(): Promise<void>;
  /** Reports that were taken, and how long the slowest took to be. */
  readonly sent: number;
  readonly slowestMs: number;
}

interface Way {
  readonly from: string;
  readonly to: string;
}

const text = (value: string): AnyValue => ({ stringValue: value });
const attributes = (given: Readonly<Record<string, string>>): KeyValue[] =>
  Object.entries(given).map(([key, value]) => ({ key, value: text(value) }));

export function createSyntheticSource({ service, nodes, columns, seed }: SourceShape): SyntheticSource {
  const random = createRandom(seed);
  const ids = Array.from({ length: nodes }, (_, i) => `n${String(i).padStart(3, '0')}`);
  const rows = Math.ceil(nodes / columns);
  const ways: Way[] = ids.flatMap((from, i) => {
    const next = (Math.floor(i / rows) + 1) * rows;
    if (next >= nodes) return [];
    const width = Math.min(rows, nodes - next);
    const first = next + (i % width);
    const second = next + ((i + 1 + Math.floor(random.next() * 3)) % width);
    return [...new Set([first, second])].map((to) => ({ from, to: ids[to] ?? from }));
  });
  const receives = new Set(ways.map((way) => way.to));
  const sends = new Set(ways.map((way) => way.from));
  const resource: Resource = {
    attributes: attributes({
      'service.name': service,
      'service.instance.id': `${service}-1`,
      'dataflow.pipeline.id': service,
    }),
    droppedAttributesCount: 0,
  };
  const loads = ids.map(() => 0.2 + 0.6 * random.next());
  const totals = new Map<string, number>();
  const startNano = BigInt(Date.now()) * 1_000_000n;
  let timer: ReturnType<typeof setInterval> | null = null;
  let under: Promise<unknown> = Promise.resolve();
  let busy = false;
  let sent = 0;
  let slowestMs = 0;
  let lastMs = Date.now();

  const post = async (url: string, body: Uint8Array) => {
    const began = performance.now();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body),
    });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    slowestMs = Math.max(slowestMs, performance.now() - began);
  };

  const grown = (key: string, by: number) => {
    const total = (totals.get(key) ?? 0) + by;
    totals.set(key, total);
    return total;
  };

  const report = (): Uint8Array => {
    const nowMs = Date.now();
    const seconds = Math.max(0.001, (nowMs - lastMs) / 1_000);
    lastMs = nowMs;
    const timeUnixNano = BigInt(nowMs) * 1_000_000n;
    const points = new Map<string, NumberPoint[]>();
    const put = (metric: string, value: number, given: Readonly<Record<string, string>>) => {
      const list = points.get(metric) ?? [];
      points.set(metric, list);
      list.push({
        attributes: attributes(given),
        startTimeUnixNano: startNano,
        timeUnixNano,
        flags: 0,
        asDouble: value,
        exemplars: [],
      });
    };
    for (const [i, node] of ids.entries()) {
      const load = Math.min(1, Math.max(0.02, (loads[i] ?? 0.5) + (random.next() - 0.5) * 0.1));
      loads[i] = load;
      const at = { 'node.id': node };
      put('dataflow.node.busy', grown(`busy ${node}`, load * seconds), at);
      put('dataflow.node.items', grown(`in ${node}`, 900 * load * seconds), { ...at, direction: 'in' });
      put('dataflow.node.in_flight', Math.round(20 * load), at);
      if (!receives.has(node)) continue;
      const channel = { 'channel.id': `pdata:${node}`, 'node.id': node };
      const depth = 64 * load * load;
      put('dataflow.channel.occupancy', grown(`occupancy ${node}`, depth * seconds), channel);
      put('dataflow.channel.depth', Math.round(depth), { ...channel, 'channel.kind': 'pdata' });
      put('dataflow.channel.capacity', 64, { ...channel, 'channel.kind': 'pdata' });
      put('dataflow.channel.received', grown(`received ${node}`, 30 * load * seconds), channel);
    }
    for (const { from, to } of ways) {
      const load = loads[ids.indexOf(from)] ?? 0.5;
      put('dataflow.channel.sent', grown(`sent ${from} ${to}`, 15 * load * seconds), {
        'channel.id': `pdata:${to}`,
        'node.id': to,
        from,
        'out.port': 'default',
      });
    }
    const metrics: OtlpMetric[] = [...points].map(([name, dataPoints]) => ({
      name,
      description: '',
      unit: '',
      metadata: [],
      ...(GAUGES.has(name)
        ? { gauge: { dataPoints } }
        : { sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } }),
    }));
    return encodeMetrics({
      resourceMetrics: [
        { resource, schemaUrl: '', scopeMetrics: [{ scope: undefined, schemaUrl: '', metrics }] },
      ],
    });
  };

  const topology = (): Uint8Array => {
    const body = {
      pipeline: service,
      revision: 1,
      nodes: ids.map((id) => {
        const kind = !receives.has(id) ? 'receiver' : sends.has(id) ? 'processor' : 'exporter';
        return { id, kind, type: `urn:otel:${kind}:synthetic`, ports: sends.has(id) ? ['default'] : [] };
      }),
      connections: ways,
      channels: [...receives].map((id) => ({ id: `pdata:${id}`, capacity: 64 })),
    };
    const nano = BigInt(Date.now()) * 1_000_000n;
    return encodeLogs({
      resourceLogs: [
        {
          resource,
          schemaUrl: '',
          scopeLogs: [
            {
              scope: undefined,
              schemaUrl: '',
              logRecords: [
                {
                  timeUnixNano: nano,
                  observedTimeUnixNano: nano,
                  severityNumber: 9,
                  severityText: 'INFO',
                  body: anyValue(body),
                  attributes: [],
                  droppedAttributesCount: 0,
                  flags: 0,
                  traceId: '',
                  spanId: '',
                  eventName: 'dataflow.topology',
                },
              ],
            },
          ],
        },
      ],
    });
  };

  return {
    edges: ways.length,
    get sent() {
      return sent;
    },
    get slowestMs() {
      return slowestMs;
    },
    async start(agentUrl, everyMs) {
      await post(`${agentUrl}/v1/logs`, topology());
      await post(`${agentUrl}/v1/metrics`, report());
      timer = setInterval(() => {
        if (busy) return;
        busy = true;
        under = post(`${agentUrl}/v1/metrics`, report())
          .then(() => {
            sent++;
          })
          .finally(() => {
            busy = false;
          });
      }, everyMs);
    },
    async stop() {
      if (timer) clearInterval(timer);
      await under;
    },
  };
}

const CUMULATIVE = 2;
const GAUGES: ReadonlySet<string> = new Set([
  'dataflow.node.in_flight',
  'dataflow.channel.depth',
  'dataflow.channel.capacity',
]);

function anyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: BigInt(value) };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (value === null || typeof value !== 'object') return {};
  return {
    kvlistValue: { values: Object.entries(value).map(([key, entry]) => ({ key, value: anyValue(entry) })) },
  };
}
