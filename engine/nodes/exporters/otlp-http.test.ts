import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRpcStatus } from '@/lib/otlp/rpc-status';
import { type Live, startLive } from '../testing/live';
import { type Destination, startDestination } from '../testing/otlp-destination';
import { generated } from '../testing/payloads';
import { judgeReply, parseRetryAfter } from './otlp-verdict';

let destination: Destination;
let live: Live;

beforeEach(async () => {
  destination = await startDestination();
});
afterEach(async () => {
  await live.pipeline.shutdown('end of test', 500);
  await destination.close();
});

async function send(config: string, signal: 'logs' | 'metrics' | 'traces' = 'logs'): Promise<Response> {
  live = await startLive(`
nodes:
  in: { type: receiver:otlp, config: { port: 0 } }
  out: { type: exporter:otlp_http, config: { endpoint: "${destination.url}/tenant/", ${config} } }
connections: [{ from: in, to: out }]
`);
  return fetch(`http://127.0.0.1:${live.port}/v1/${signal}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: generated(signal, 5).bytes() as BodyInit,
  });
}

describe('the otlp_http exporter', () => {
  it('posts to the path of the signal, with its headers, zipped', async () => {
    expect((await send('headers: { x-tenant: a }', 'metrics')).status).toBe(200);
    const [sent] = destination.delivered;
    expect(sent?.path).toBe('/tenant/v1/metrics');
    expect(sent?.headers).toMatchObject({
      'x-tenant': 'a',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    });
    expect(Buffer.from(sent?.body ?? []).equals(generated('metrics', 5).bytes())).toBe(true);
  });

  it('speaks JSON where it is told to', async () => {
    expect((await send('encoding: json, compression: none')).status).toBe(200);
    const [sent] = destination.delivered;
    expect(sent?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(Buffer.from(sent?.body ?? []).toString())).toHaveProperty('resourceLogs');
  });

  it.each([429, 502, 503, 504])('comes again after %i', async (status) => {
    destination.answers.push({ status, headers: { 'Retry-After': '0' } });
    expect((await send('initial_interval_ms: 1')).status).toBe(200);
    expect(destination.delivered).toHaveLength(2);
  });

  it('comes again after a connection that broke, and one that said nothing', async () => {
    destination.answers.push('hang up', 'say nothing');
    expect((await send('initial_interval_ms: 1, timeout_ms: 50')).status).toBe(200);
    expect(destination.delivered).toHaveLength(1);
  });

  it('gives up after its attempts, with the answer of the destination', async () => {
    const body = encodeRpcStatus({ code: 14, message: 'storage is full' });
    const busy = { status: 503, headers: { 'Content-Type': 'application/x-protobuf' }, body };
    destination.answers.push(busy, busy);
    const response = await send('max_attempts: 2, initial_interval_ms: 1');
    expect(response.status).toBe(503);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('out: 503: storage is full');
  });

  it.each([400, 401, 404, 413, 500])('does not come again after %i', async (status) => {
    destination.answers.push({ status, headers: { 'Content-Type': 'text/plain' }, body: 'no' });
    const response = await send('');
    expect(response.status).toBe(400);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain(`${status}: no`);
    expect(destination.delivered).toHaveLength(1);
  });

  it('says why nobody answers', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const { url } = destination;
    Object.assign(destination, { url: `http://127.0.0.1:${port}` });
    const response = await send('max_attempts: 1');
    Object.assign(destination, { url });
    expect(response.status).toBe(503);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('ECONNREFUSED');
  });

  it('keeps its connection', async () => {
    await send('');
    for (let i = 0; i < 3; i++)
      await fetch(`http://127.0.0.1:${live.port}/v1/logs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-protobuf' },
        body: generated('logs', 5).bytes() as BodyInit,
      });
    expect(destination.delivered).toHaveLength(4);
    expect(destination.connections).toBe(1);
  });
});

describe('an answer', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['', null],
    ['3', 3_000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['9999999', 600_000],
  ])('asks to come again after "%s"', (text, ms) => {
    expect(parseRetryAfter(text, now)).toBe(ms);
  });

  it('of success need not be OTLP', () => {
    const reply = {
      kind: 'answer',
      status: 200,
      contentType: 'application/x-protobuf',
      retryAfter: '',
      body: Uint8Array.of(255),
    } as const;
    expect(judgeReply('logs', reply, now)).toMatchObject({ kind: 'success', rejected: 0 });
  });
});
