import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client, credentials, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeExportResponse } from '@/lib/otlp/export-response';
import { decodeRpcStatus } from '@/lib/otlp/rpc-status';
import type { IngestPort } from '../ports';
import { startTestServer, type TestServer } from '../testing/test-server';
import type { AgentListener } from './agent-listener';
import { startGrpcListener } from './grpc-listener';
import { createPressure, type Pressure } from './pressure';
import { MAX_BODY_BYTES } from './read-body';
import { createRequestLedger, type RequestLedger } from './request-ledger';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

let server: TestServer;
let url: string;
beforeAll(async () => {
  server = await startTestServer({ storeBudgetBytes: 64 << 20 });
  url = `http://127.0.0.1:${server.hub.grpcPort}`;
});
afterAll(() => server.hub.close());

const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

interface Reply {
  readonly code: status;
  readonly details: string;
  readonly trailers: Metadata | null;
  readonly body: Buffer | null;
}

/** A call as any gRPC client makes it, with the bytes as they are. */
function call(port: number, body: Buffer, path = TRACES): Promise<Reply> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  clients.push(client);
  const raw = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, raw, raw, body, (error: ServiceError | null, answer) => {
      if (!error) resolve({ code: status.OK, details: '', trailers: null, body: answer ?? null });
      else resolve({ code: error.code, details: error.details, trailers: error.metadata, body: null });
    });
  });
}

/** A listener of its own before an ingest that a test chooses. */
async function listen(
  ingest: IngestPort,
  pressure: Pressure,
  requests: RequestLedger,
): Promise<AgentListener> {
  const started = await startGrpcListener(
    { host: '127.0.0.1', port: 0 },
    { ingest, pressure, requests, nowMs: () => 7 },
  );
  if (!started.ok) throw new Error(started.error);
  return started.value;
}

const takesAll: IngestPort = { append: () => ({ ok: true, received: 1, rejected: 0, message: '' }) };

describe('OTLP/gRPC ingest', () => {
  it.each([
    ['plain', CompressionAlgorithm.NONE],
    ['gzip', CompressionAlgorithm.GZIP],
  ])('takes 10,000 spans of the unmodified exporter, %s, with nothing lost', async (name, compression) => {
    const before = server.hub.store.ledger().spans;
    const service = `grpc-${name}`;
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      spanProcessors: [
        new BatchSpanProcessor(new OTLPTraceExporter({ url, compression }), { maxQueueSize: 20_000 }),
      ],
    });
    const tracer = provider.getTracer('test');
    for (let i = 0; i < 10_000; i++) tracer.startSpan(`span ${i}`).end();
    await provider.forceFlush();
    await provider.shutdown();
    const page = await server.hub.store.listTraces({ engine: service, limit: 1, sort: '-start' });
    expect(page.total).toBe(10_000);
    expect(server.hub.store.ledger().spans).toEqual({
      ...before,
      received: before.received + 10_000,
      stored: before.stored + 10_000,
    });
  });

  it('takes logs and metrics of the unmodified exporters into the same ledger', async () => {
    const before = server.hub.store.ledger();
    const resource = resourceFromAttributes({ 'service.name': 'grpc-signals' });
    const logs = new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) })],
    });
    const logger = logs.getLogger('test');
    for (let i = 0; i < 1_000; i++) logger.emit({ severityNumber: SeverityNumber.INFO, body: `record ${i}` });
    await logs.shutdown();
    const meters = new MeterProvider({
      resource,
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter({ url }),
          exportIntervalMillis: 60_000,
        }),
      ],
    });
    const counter = meters.getMeter('test').createCounter('things');
    for (let i = 0; i < 50; i++) counter.add(1, { of: String(i) });
    await meters.shutdown();
    const after = server.hub.store.ledger();
    expect(after.logRecords.received).toBe(before.logRecords.received + 1_000);
    expect(after.points.received).toBe(before.points.received + 50);
  });

  it('answers an empty request with an empty success', async () => {
    const { accepted } = server.hub.requests;
    const reply = await call(server.hub.grpcPort, Buffer.alloc(0));
    expect(reply).toMatchObject({ code: status.OK, body: Buffer.alloc(0) });
    expect(server.hub.requests.accepted).toBe(accepted + 1);
  });

  it('says what it did not take as partial success', async () => {
    const some: IngestPort = {
      append: () => ({ ok: true, received: 3, rejected: 2, message: 'two had no ids' }),
    };
    const listener = await listen(some, createPressure(1 << 20), createRequestLedger());
    for (const [signal, service] of [
      ['traces', 'trace.v1.TraceService'],
      ['metrics', 'metrics.v1.MetricsService'],
      ['logs', 'logs.v1.LogsService'],
    ] as const) {
      const path = `/opentelemetry.proto.collector.${service}/Export`;
      const { body } = await call(listener.port, Buffer.alloc(0), path);
      expect(body && decodeExportResponse(signal, body)).toEqual({
        ok: true,
        value: { rejected: 2, errorMessage: 'two had no ids' },
      });
    }
    await listener.close();
  });

  it('answers malformed messages with INVALID_ARGUMENT, stores nothing and counts them', async () => {
    const before = server.hub.store.ledger();
    const { rejected } = server.hub.requests;
    const reply = await call(server.hub.grpcPort, Buffer.from([0xff, 0xff, 0xff]));
    expect(reply.code).toBe(status.INVALID_ARGUMENT);
    expect(reply.details).not.toBe('');
    expect(server.hub.store.ledger()).toEqual(before);
    expect(server.hub.requests.rejected).toBe(rejected + 1);
  });

  it('answers what is over the limit with RESOURCE_EXHAUSTED and no time to come again', async () => {
    const { rejected } = server.hub.requests;
    const reply = await call(server.hub.grpcPort, Buffer.alloc(MAX_BODY_BYTES + 1));
    expect(reply.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(reply.trailers?.get('grpc-status-details-bin')).toEqual([]);
    expect(server.hub.requests.rejected).toBe(rejected + 1);
  });

  it('answers overload with UNAVAILABLE and RetryInfo, counts it as refused, and takes the next', async () => {
    const requests = createRequestLedger();
    const pressure = createPressure(10);
    const listener = await listen(takesAll, pressure, requests);
    pressure.reserve(10);
    const reply = await call(listener.port, Buffer.alloc(5));
    expect(reply.code).toBe(status.UNAVAILABLE);
    const details = Buffer.from(reply.trailers?.get('grpc-status-details-bin')[0] ?? '');
    expect(decodeRpcStatus(details)).toMatchObject({ ok: true, value: { code: status.UNAVAILABLE } });
    // google.rpc.RetryInfo { retry_delay: { seconds: 1 } }
    expect(details.includes('type.googleapis.com/google.rpc.RetryInfo')).toBe(true);
    expect(requests).toMatchObject({ refused: 1, accepted: 0, rejected: 0, lastRefusedMs: 7 });
    pressure.release(10);
    expect((await call(listener.port, Buffer.alloc(5))).code).toBe(status.OK);
    expect(requests).toMatchObject({ refused: 1, accepted: 1, rejected: 0 });
    expect(pressure.bytesInFlight).toBe(0);
    await listener.close();
  });

  it('says in one line that its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const started = await startGrpcListener(
      { host: '127.0.0.1', port },
      { ingest: takesAll, pressure: createPressure(1), requests: createRequestLedger(), nowMs: () => 0 },
    );
    expect(started).toEqual({
      ok: false,
      error: `port ${port} on 127.0.0.1 for OTLP/gRPC is taken: stop the other program, or set WEIR_OTLP_GRPC_PORT`,
    });
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('packed gRPC messages', () => {
  /** A call with the bytes on the wire as given: HTTP/2 by hand, as no client sends broken gzip. */
  async function callPacked(port: number, packed: Buffer): Promise<string> {
    const { connect } = await import('node:http2');
    const session = connect(`http://127.0.0.1:${port}`);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeUInt32BE(packed.length, 1);
    const stream = session.request({
      ':method': 'POST',
      ':path': TRACES,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-encoding': 'gzip',
    });
    stream.resume();
    const told = new Promise<string>((resolve) => {
      const look = (headers: Readonly<Record<string, unknown>>) => {
        if (headers['grpc-status'] !== undefined) resolve(String(headers['grpc-status']));
      };
      stream.on('response', look);
      stream.on('trailers', look);
    });
    stream.end(Buffer.concat([head, packed]));
    const code = await told;
    session.destroy();
    return code;
  }

  it('answers what cannot be unpacked with INVALID_ARGUMENT', async () => {
    const { rejected } = server.hub.requests;
    expect(await callPacked(server.hub.grpcPort, Buffer.from('no gzip'))).toBe(
      String(status.INVALID_ARGUMENT),
    );
    expect(server.hub.requests.rejected).toBe(rejected + 1);
  });

  it('answers what is over the limit once unpacked with RESOURCE_EXHAUSTED', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1));
    expect(await callPacked(server.hub.grpcPort, bomb)).toBe(String(status.RESOURCE_EXHAUSTED));
  });
});
