/** Unmodified OpenTelemetry SDK exporters through a real pipeline to a real destination: nothing lost, nothing changed. */
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as LogsHttp } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as LogsProto } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as MetricsHttp } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as MetricsProto } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as TracesHttp } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TracesProto } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payloadFromBytes } from '@/engine/core/payload-otlp';
import { countPayload } from './count-payload';
import { visitItems } from './items';
import { type Live, startLive } from './testing/live';
import { type Destination, startDestination } from './testing/otlp-destination';

const COUNT = 500;
let live: Live;
let destination: Destination;

beforeAll(async () => {
  destination = await startDestination();
  live = await startLive(`
nodes:
  in: { type: receiver:otlp, config: { port: 0, separate_events: true } }
  by-signal: { type: processor:type_router }
  merge: { type: processor:batch, config: { send_batch_size: 128, send_batch_max_size: 200, timeout_ms: 20 } }
  out: { type: exporter:otlp_http, concurrency: 4, config: { endpoint: "${destination.url}" } }
connections:
  - { from: in, to: by-signal }
  - { from: "by-signal:traces", to: merge }
  - { from: "by-signal:default", to: out }
  - { from: merge, to: out }
`);
});
afterAll(async () => {
  await live.pipeline.shutdown('end of test', 1_000);
  await destination.close();
});

function names(signal: 'logs' | 'metrics' | 'traces'): { items: number; names: Set<string> } {
  let items = 0;
  const seen = new Set<string>();
  for (const { path, body } of destination.delivered.filter((one) => one.path === `/v1/${signal}`)) {
    expect(path).toBe(`/v1/${signal}`);
    const payload = payloadFromBytes(signal, body);
    items += countPayload(payload);
    visitItems(payload.decoded(), ({ name }) => seen.add(name));
  }
  return { items, names: seen };
}

describe.each(['proto', 'http'] as const)('the SDK exporters (%s)', (kind) => {
  const url = (signal: string) => ({ url: `http://127.0.0.1:${live.port}/v1/${signal}` });

  it('get every span through', async () => {
    const before = names('traces').items;
    const exporter = kind === 'proto' ? new TracesProto(url('traces')) : new TracesHttp(url('traces'));
    const provider = new BasicTracerProvider({
      spanProcessors: [new BatchSpanProcessor(exporter, { maxExportBatchSize: 64, maxQueueSize: 2 * COUNT })],
    });
    const tracer = provider.getTracer('test');
    for (let i = 0; i < COUNT; i++) tracer.startSpan(`${kind}-${i}`).end();
    await provider.shutdown();
    const after = names('traces');
    expect(after.items - before).toBe(COUNT);
    for (let i = 0; i < COUNT; i++) expect(after.names.has(`${kind}-${i}`)).toBe(true);
  });

  it('get every log record and event through', async () => {
    const before = names('logs').items;
    const exporter = kind === 'proto' ? new LogsProto(url('logs')) : new LogsHttp(url('logs'));
    const provider = new LoggerProvider({
      processors: [
        new BatchLogRecordProcessor({ exporter, maxExportBatchSize: 64, maxQueueSize: 2 * COUNT }),
      ],
    });
    const logger = provider.getLogger('test');
    for (let i = 0; i < COUNT; i++) {
      const event = i % 5 === 0 ? { eventName: `${kind}.${i}` } : {};
      logger.emit({ severityNumber: SeverityNumber.INFO, body: `line ${i}`, ...event });
    }
    await provider.shutdown();
    const after = names('logs');
    expect(after.items - before).toBe(COUNT);
    expect(after.names.has(`${kind}.5`)).toBe(true);
  });

  it('get every metric point through', async () => {
    const before = names('metrics').items;
    const exporter = kind === 'proto' ? new MetricsProto(url('metrics')) : new MetricsHttp(url('metrics'));
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const counter = provider.getMeter('test').createCounter(`${kind}.requests`);
    for (let i = 0; i < COUNT; i++) counter.add(1, { route: String(i) });
    await provider.shutdown();
    expect(names('metrics').items - before).toBe(COUNT);
  });

  it('leave nothing behind', () => {
    const { admitted, delivered, inFlight, inChannels } = live.pipeline.totals();
    expect([delivered, inFlight, inChannels]).toEqual([admitted, 0, 0]);
  });
});
