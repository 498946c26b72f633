import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRpcStatus, rpcStatusFromJson } from '@/lib/otlp/rpc-status';
import { startTestServer, type TestServer, until } from '../testing/test-server';
import { MAX_BODY_BYTES } from './read-body';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

function post(path: string, body: BodyInit, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.url}${path}`, { method: 'POST', body, headers });
}

const PROTO = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

function span(traceId: string): string {
  const one = {
    traceId,
    spanId: '00f067aa0ba902b7',
    name: 'work',
    kind: 1,
    startTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n + 5n}`,
  };
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [one] }] }] });
}

async function exportSpans(exporter: SpanExporter, service: string, count: number): Promise<void> {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('test');
  for (let i = 0; i < count; i++) tracer.startSpan(`span ${i}`).end();
  await provider.forceFlush();
  await provider.shutdown();
}

describe('OTLP/HTTP ingest', () => {
  it('takes points of metrics that it has no use for without a complaint, and counts them as not kept', async () => {
    const before = server.hub.store.ledger().points;
    const timeUnixNano = `${BigInt(Date.now()) * 1_000_000n}`;
    const metric = { name: 'unheard.of', gauge: { dataPoints: [{ timeUnixNano, asDouble: 1 }] } };
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
    const response = await post('/v1/metrics', body, JSON_TYPE);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    const after = server.hub.store.ledger().points;
    expect(after).toEqual({ ...before, received: before.received + 1, evicted: before.evicted + 1 });
  });

  it('takes what the unmodified OpenTelemetry exporters send, protobuf and JSON', async () => {
    await exportSpans(new ProtoExporter({ url: `${server.url}/v1/traces` }), 'proto-app', 20);
    await exportSpans(new JsonExporter({ url: `${server.url}/v1/traces` }), 'json-app', 20);
    await until(() => server.hub.directory.list().length >= 2);
    const page = await server.hub.store.listTraces({ engine: 'proto-app', limit: 100, sort: '-start' });
    expect(page.total).toBe(20);
    expect(server.hub.directory.list().map(({ id }) => id)).toEqual(
      expect.arrayContaining(['proto-app', 'json-app']),
    );
  });

  it('answers an empty request with an empty success in the encoding that was sent', async () => {
    const proto = await post('/v1/traces', new Uint8Array(0), PROTO);
    expect([proto.status, (await proto.arrayBuffer()).byteLength]).toEqual([200, 0]);
    const json = await post('/v1/logs', '{}', JSON_TYPE);
    expect([json.status, await json.text()]).toEqual([200, '{}']);
    expect(json.headers.get('content-type')).toBe('application/json');
  });

  it('unpacks gzip', async () => {
    const trace = 'a'.repeat(32);
    const answer = await post('/v1/traces', gzipSync(span(trace)), {
      ...JSON_TYPE,
      'content-encoding': 'gzip',
    });
    expect(answer.status).toBe(200);
    expect(await server.hub.store.traceState(trace)).toBe('held');
  });

  it('answers malformed bodies with 400 and a status in their encoding, stores nothing and counts them', async () => {
    const before = server.hub.store.ledger();
    const { rejected } = server.hub.requests;
    const proto = await post('/v1/traces', new Uint8Array([0xff, 0xff, 0xff]), PROTO);
    expect(proto.status).toBe(400);
    expect(decodeRpcStatus(new Uint8Array(await proto.arrayBuffer()))).toMatchObject({
      ok: true,
      value: { code: 3 },
    });
    const json = await post('/v1/metrics', '{"resourceMetrics": 7', JSON_TYPE);
    expect(json.status).toBe(400);
    expect(rpcStatusFromJson(await json.json())).toMatchObject({ ok: true, value: { code: 3 } });
    const gzip = await post('/v1/traces', 'no gzip', { ...PROTO, 'content-encoding': 'gzip' });
    expect(gzip.status).toBe(400);
    expect(server.hub.store.ledger()).toEqual(before);
    expect(server.hub.requests.rejected).toBe(rejected + 3);
  });

  it('refuses other methods, types and encodings', async () => {
    expect((await fetch(`${server.url}/v1/traces`)).status).toBe(405);
    expect((await post('/v1/traces', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('/v1/traces', 'x', { ...PROTO, 'content-encoding': 'br' })).status).toBe(415);
    expect((await fetch(`${server.url}/other`)).status).toBe(404);
  });

  it('refuses what is too large, before reading it and after unpacking it', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1));
    expect((await post('/v1/traces', bomb, { ...PROTO, 'content-encoding': 'gzip' })).status).toBe(413);
    const status = await new Promise((resolve, reject) => {
      const headers = { ...PROTO, 'content-length': MAX_BODY_BYTES + 1 };
      const sent = request(`${server.url}/v1/traces`, { method: 'POST', headers }, (answer) =>
        resolve(answer.statusCode),
      );
      sent.on('error', reject);
      sent.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('refuses names that point here from elsewhere', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.hub.agentPort, '127.0.0.1', () =>
        socket.write('POST /v1/traces HTTP/1.1\r\nHost: evil.example:4318\r\nContent-Length: 0\r\n\r\n'),
      );
      socket.on('data', (data) => resolve(String(data)));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
  });
});

describe('a refusal', () => {
  interface Told {
    readonly status: number | undefined;
    readonly continued: boolean;
  }
  /** Sends the head, and the body only when it is told to go on, or at once. */
  function ask(path: string, bytes: number, expect: boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      let continued = false;
      const headers = {
        ...PROTO,
        'content-length': bytes,
        ...(expect ? { expect: '100-continue' } : {}),
      };
      const sent = request(`${server.url}${path}`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode, continued }));
      });
      sent.on('continue', () => {
        continued = true;
        sent.end(Buffer.alloc(bytes));
      });
      sent.on('error', reject);
      if (expect) sent.flushHeaders();
      else sent.end(Buffer.alloc(bytes));
    });
  }

  it('reaches a sender that is still busy with a body that is not wanted', async () => {
    for (let i = 0; i < 20; i++)
      expect(await ask('/v1/traces', MAX_BODY_BYTES + 1, false)).toMatchObject({ status: 413 });
  });

  it('comes before the body of a sender that asks first; one that is let in is told to go on', async () => {
    expect(await ask('/v1/traces', MAX_BODY_BYTES + 1, true)).toEqual({ status: 413, continued: false });
    expect(await ask('/v1/nothing', 1_000_000, true)).toEqual({ status: 404, continued: false });
    expect(await ask('/v1/traces', 16, true)).toEqual({ status: 400, continued: true });
  });
});
