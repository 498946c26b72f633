/** A pipeline in small, driven by hand in virtual time, and what it exported, read back. Test-only. */
import { CounterStore } from '@/engine/core/counter-store';
import { signalIndex } from '@/engine/core/counters';
import type { Payload } from '@/engine/core/payload';
import { type Pdata, type PdataOrigin, UNTRACED } from '@/engine/core/pdata';
import type { LayoutNode, PipelineLayout, SpanRow, TopologyBody } from '@/engine/core/telemetry';
import { createVirtualClock, type VirtualClock } from '@/lib/base/virtual-clock';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { decodeMetrics } from '@/lib/otlp/decode-metrics';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import type { AnyValue, KeyValue, OtlpLogRecord, OtlpMetric, OtlpSpan } from '@/lib/otlp/types';
import { DEFAULT_TAIL_SAMPLING, type TailSamplingConfig } from '@/lib/sampling/config';
import type { Signal, TracingMode } from '@/lib/semconv/signals';
import { createEngineTelemetry, type RunningTelemetry } from './engine-telemetry';
import type { OtlpTransport } from './transport';

/** `rcv:receiver/otlp > proc:processor/batch > exp:exporter/http`; a fan-out has several lines. */
export function layoutOf(...lines: string[]): PipelineLayout {
  const nodes = new Map<string, { kind: LayoutNode['kind']; typeId: string }>();
  const connections: [string, string, string][] = [];
  for (const line of lines) {
    let previous = '';
    let port = 'default';
    for (const step of line.split('>').map((text) => text.trim())) {
      const [, id = '', kind, typeId, out] = /^(\S+?)(?::(\w+)\/(\w+))?(?:\.(\w+))?$/.exec(step) ?? [];
      if (kind && typeId) nodes.set(id, { kind: kind as LayoutNode['kind'], typeId });
      if (previous !== '') connections.push([previous, port, id]);
      previous = id;
      port = out ?? 'default';
    }
  }
  const ids = [...nodes.keys()];
  const consumers = ids.filter((id) => nodes.get(id)?.kind !== 'receiver');
  return {
    pipelineId: 'main',
    revision: 1,
    nodes: ids.map((id, index) => {
      const { kind, typeId } = nodes.get(id) ?? { kind: 'processor' as const, typeId: '' };
      return {
        index,
        id,
        urn: `urn:otel:${kind}:${typeId}`,
        kind,
        typeId,
        stateful: typeId === 'batch',
        waitsForOutcome: kind === 'receiver' || typeId === 'retry',
        changesUnit: false,
        ports: connections.filter(([from]) => from === id).map(([, port]) => port),
        channel: consumers.indexOf(id),
      };
    }),
    channels: consumers.map((id, index) => ({
      index,
      id: `pdata:${id}`,
      kind: 'pdata',
      node: ids.indexOf(id),
    })),
    edges: connections.map(([from, port, to], index) => ({
      index,
      from: ids.indexOf(from),
      port,
      channel: consumers.indexOf(to),
    })),
  };
}

const PAYLOAD: Payload = {
  signal: 'logs',
  bytes: () => new Uint8Array(0),
  decoded: () => ({ signal: 'logs', data: { resourceLogs: [] } }),
};

export function pdataOf(
  serial: number,
  items = 10,
  parts: readonly number[] = [],
  origin: PdataOrigin | null = null,
  signal: Signal = 'logs',
): Pdata {
  return {
    serial,
    parts,
    signal,
    signalAt: signalIndex(signal),
    items,
    payload: PAYLOAD,
    route: { kind: 'test' },
    trace: UNTRACED,
    span: UNTRACED,
    origin,
    path: 0,
  };
}

export interface Exported {
  readonly spans: OtlpSpan[];
  readonly logs: OtlpLogRecord[];
  readonly metrics: OtlpMetric[];
  readonly requests: { readonly path: string; readonly body: Uint8Array }[];
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly telemetry: RunningTelemetry;
  readonly layout: PipelineLayout;
  readonly counters: CounterStore;
  readonly exported: Exported;
  /** Answers of the server from now on. */
  answer: 'sent' | 'retry' | 'refused';
  node(id: string): number;
  edge(from: string, to: string): number;
  /** Milliseconds pass. */
  pass(ms: number): void;
  /** Sends over the edge; slots are given out in order. Returns the slot. */
  send(from: string, to: string, pdata: Pdata, row: SpanRow): number;
  take(to: string, pdata: Pdata, slot: number): SpanRow;
}

export interface BenchOptions {
  readonly mode?: TracingMode;
  readonly tailSampling?: TailSamplingConfig;
  readonly rows?: number;
  readonly seed?: number;
  readonly eventsAsLogs?: boolean;
  readonly queueBytes?: { traces: number; metrics: number; logs: number };
}

export function createBench(layout: PipelineLayout, options: BenchOptions = {}): Bench {
  const clock = createVirtualClock();
  const exported: Exported = { spans: [], logs: [], metrics: [], requests: [] };
  const counters = new CounterStore(layout.nodes.length, layout.channels.length, layout.edges.length);
  for (const channel of layout.channels) counters.capacity[channel.index] = 128;
  const transport: OtlpTransport = {
    send(path, body) {
      if (bench.answer === 'sent') readBack(path, body, exported);
      return Promise.resolve(bench.answer);
    },
    close: () => undefined,
  };
  const telemetry = createEngineTelemetry({
    resource: { 'service.name': 'weir-engine', 'service.instance.id': 'i-1' },
    clock,
    seed: options.seed ?? 7,
    mode: options.mode ?? 'full',
    tailSampling: options.tailSampling ?? DEFAULT_TAIL_SAMPLING,
    transport,
    rows: options.rows ?? 1_024,
    eventsAsLogs: options.eventsAsLogs ?? false,
    processCpuNs: () => 0,
    ...(options.queueBytes ? { queueBytes: options.queueBytes } : {}),
  });
  telemetry.layoutChanged(layout, counters, bodyOf(layout));
  const nextSlot = new Int32Array(layout.channels.length);
  const bench: Bench = {
    clock,
    telemetry,
    layout,
    counters,
    exported,
    answer: 'sent',
    node: (id) => layout.nodes.findIndex((node) => node.id === id),
    edge: (from, to) =>
      layout.edges.findIndex(
        (edge) =>
          layout.nodes[edge.from]?.id === from && layout.channels[edge.channel]?.node === bench.node(to),
      ),
    pass: (ms) => clock.advance(ms),
    send(from, to, pdata, row) {
      const edge = bench.edge(from, to);
      const channel = layout.edges[edge]?.channel ?? 0;
      const slot = (nextSlot[channel] ?? 0) % 128;
      nextSlot[channel] = slot + 1;
      counters.depth[channel] = (counters.depth[channel] ?? 0) + 1;
      pdata.span = row;
      telemetry.hops.sent(channel, edge, slot, counters.depth[channel] ?? 0, pdata);
      telemetry.hops.accepted(row, edge, counters.depth[channel] ?? 0, 0);
      return slot;
    },
    take(to, pdata, slot) {
      const node = bench.node(to);
      const channel = layout.nodes[node]?.channel ?? 0;
      const row = telemetry.hops.begin(node, pdata, channel, slot, counters.depth[channel] ?? 0);
      counters.depth[channel] = (counters.depth[channel] ?? 0) - 1;
      return row;
    },
  };
  return bench;
}

function bodyOf(layout: PipelineLayout): TopologyBody {
  return {
    pipeline: layout.pipelineId,
    revision: layout.revision,
    nodes: layout.nodes.map((node) => ({
      id: node.id,
      type: node.urn,
      kind: node.kind,
      stateful: node.stateful,
      ports: node.ports,
      concurrency: 1,
      state: 'running',
      config: {},
      configSchema: {},
      faults: {},
    })),
    connections: [],
    channels: [],
  };
}

export function readBack(path: string, body: Uint8Array, into: Exported): void {
  into.requests.push({ path, body });
  if (path === '/v1/traces') {
    const decoded = decodeTraces(body);
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    for (const { scopeSpans } of decoded.value.resourceSpans) {
      for (const { spans } of scopeSpans) into.spans.push(...spans);
    }
  } else if (path === '/v1/logs') {
    const decoded = decodeLogs(body);
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    for (const { scopeLogs } of decoded.value.resourceLogs) {
      for (const { logRecords } of scopeLogs) into.logs.push(...logRecords);
    }
  } else {
    const decoded = decodeMetrics(body);
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    for (const { scopeMetrics } of decoded.value.resourceMetrics) {
      for (const { metrics } of scopeMetrics) into.metrics.push(...metrics);
    }
  }
}

/** Attributes as a plain record, whole numbers as numbers. */
export function plain(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainOf(value)]));
}

function plainOf(value: AnyValue): unknown {
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value) return Number(value.intValue);
  if ('doubleValue' in value) return value.doubleValue;
  if ('arrayValue' in value && value.arrayValue) {
    return (value.arrayValue as { values: readonly AnyValue[] }).values.map(plainOf);
  }
  if ('kvlistValue' in value && value.kvlistValue) {
    return plain((value.kvlistValue as { values: readonly KeyValue[] }).values);
  }
  return null;
}

/** Lets every answer of the transport arrive: what was flushed is in `exported` afterwards. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
