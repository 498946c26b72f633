import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeExportResponse, encodeExportResponse } from '@/lib/otlp/export-response';
import { decodeRpcStatus } from '@/lib/otlp/rpc-status';
import { type Live, startLive } from '../testing/live';
import { type Destination, startDestination } from '../testing/otlp-destination';
import { generated } from '../testing/payloads';

const open: { live?: Live; destination?: Destination } = {};

afterEach(async () => {
  await open.live?.pipeline.shutdown('end of test', 500);
  await open.destination?.close();
  open.live = undefined as never;
  open.destination = undefined as never;
});

async function start(receiver: string, exporter = 'exporter:noop', config = '{}'): Promise<string> {
  open.live = await startLive(`
nodes:
  in: { type: receiver:otlp, config: ${receiver} }
  out: { type: ${exporter}, config: ${config} }
connections: [{ from: in, to: out }]
`);
  return `http://127.0.0.1:${open.live.port}`;
}

const PROTOBUF = { 'Content-Type': 'application/x-protobuf' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

function post(url: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: body as BodyInit, headers });
}

async function statusOf(response: Response) {
  const status = decodeRpcStatus(new Uint8Array(await response.arrayBuffer()));
  if (!status.ok) throw new Error(status.error.message);
  return status.value;
}

describe('the otlp receiver', () => {
  it('passes on what it got, byte by byte, with and without gzip', async () => {
    open.destination = await startDestination();
    const url = await start('{ port: 0 }', 'exporter:otlp_http', `{ endpoint: "${open.destination.url}" }`);
    const bytes = generated('traces', 20).bytes();
    const plain = await post(`${url}/v1/traces`, bytes, PROTOBUF);
    const zipped = await post(`${url}/v1/traces`, gzipSync(bytes), {
      ...PROTOBUF,
      'Content-Encoding': 'gzip',
    });
    expect([plain.status, zipped.status]).toEqual([200, 200]);
    expect(decodeExportResponse('traces', new Uint8Array(await plain.arrayBuffer()))).toEqual({
      ok: true,
      value: null,
    });
    expect(open.destination.delivered.map(({ path }) => path)).toEqual(['/v1/traces', '/v1/traces']);
    for (const { body } of open.destination.delivered) expect(Buffer.from(body).equals(bytes)).toBe(true);
  });

  it('answers JSON with JSON', async () => {
    const url = await start('{ port: 0 }');
    const body = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}';
    const response = await post(`${url}/v1/logs`, body, JSON_TYPE);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({});
    const broken = await post(`${url}/v1/logs`, '{"resourceLogs": 5}', JSON_TYPE);
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ code: 3, message: expect.stringContaining('resourceLogs') });
  });

  it('takes an empty request without making a batch of it', async () => {
    const url = await start('{ port: 0 }');
    expect((await post(`${url}/v1/metrics`, new Uint8Array(0), PROTOBUF)).status).toBe(200);
    expect(open.live?.pipeline.totals().admitted).toBe(0);
  });

  it.each([
    ['no protobuf', '/v1/traces', Uint8Array.of(0xff, 0xff, 0xff), PROTOBUF, 400],
    [
      'bytes that are not gzip',
      '/v1/logs',
      Uint8Array.of(1, 2, 3),
      { ...PROTOBUF, 'Content-Encoding': 'gzip' },
      400,
    ],
    ['another content type', '/v1/logs', Uint8Array.of(), { 'Content-Type': 'text/plain' }, 415],
    ['another encoding', '/v1/logs', Uint8Array.of(), { ...PROTOBUF, 'Content-Encoding': 'br' }, 415],
    ['another path', '/v1/profiles', Uint8Array.of(), PROTOBUF, 404],
    ['too large a request', '/v1/logs', new Uint8Array(5_000), PROTOBUF, 413],
    [
      'too large a request once unpacked',
      '/v1/logs',
      gzipSync(new Uint8Array(50_000)),
      { ...PROTOBUF, 'Content-Encoding': 'gzip' },
      413,
    ],
  ])('refuses %s with a google.rpc.Status', async (_, path, body, headers, status) => {
    const url = await start('{ port: 0, max_body_bytes: 4096 }');
    const response = await post(`${url}${path}`, body, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect((await statusOf(response)).message).not.toBe('');
  });

  it('refuses GET', async () => {
    const url = await start('{ port: 0 }');
    expect((await fetch(`${url}/v1/traces`)).status).toBe(405);
  });

  it('tells the sender to come again, or that it need not', async () => {
    const url = await start('{ port: 0 }', 'exporter:error', '{ permanent: false, message: disk is full }');
    const again = await post(`${url}/v1/logs`, generated('logs', 3).bytes(), PROTOBUF);
    expect([again.status, again.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await statusOf(again)).toMatchObject({ code: 14, message: 'out: disk is full' });
    await open.live?.pipeline.shutdown('next', 500);
    const never = await start('{ port: 0 }', 'exporter:error', '{ message: no such tenant }');
    const refused = await post(`${never}/v1/logs`, generated('logs', 3).bytes(), PROTOBUF);
    expect(refused.status).toBe(400);
    expect(await statusOf(refused)).toMatchObject({ code: 3, message: 'out: no such tenant' });
  });

  it('answers on acceptance where it does not wait for the result', async () => {
    const url = await start('{ port: 0, wait_for_result: false }', 'exporter:error');
    expect((await post(`${url}/v1/logs`, generated('logs', 3).bytes(), PROTOBUF)).status).toBe(200);
  });

  it('keeps events apart, and says what part of a request was refused', async () => {
    open.live = await startLive(`
nodes:
  in: { type: receiver:otlp, config: { port: 0, ports: by_signal, separate_events: true } }
  logs: { type: exporter:noop }
  events: { type: exporter:error, config: { message: no events here } }
  rest: { type: exporter:noop }
connections:
  - { from: "in:logs", to: logs }
  - { from: "in:events", to: events }
  - { from: "in:metrics", to: rest }
  - { from: "in:traces", to: rest }
`);
    const both = Buffer.concat([generated('logs', 4).bytes(), generated('events', 3).bytes()]);
    const response = await post(`http://127.0.0.1:${open.live.port}/v1/logs`, both, PROTOBUF);
    expect(response.status).toBe(200);
    expect(decodeExportResponse('logs', new Uint8Array(await response.arrayBuffer()))).toEqual({
      ok: true,
      value: { rejected: 3, errorMessage: 'events: no events here' },
    });
    expect(open.live.pipeline.totals()).toMatchObject({ admitted: 7, delivered: 4, returned: 3 });
  });

  it('counts what a destination refused of a batch', async () => {
    open.destination = await startDestination();
    const url = await start('{ port: 0 }', 'exporter:otlp_http', `{ endpoint: "${open.destination.url}" }`);
    const partial = encodeExportResponse('logs', { rejected: 2, errorMessage: 'too old' });
    open.destination.answers.push({ status: 200, headers: PROTOBUF, body: partial });
    expect((await post(`${url}/v1/logs`, generated('logs', 5).bytes(), PROTOBUF)).status).toBe(200);
    expect(open.live?.pipeline.totals()).toMatchObject({ admitted: 5, delivered: 3, dropped: 2 });
  });

  it('names the port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start(`{ port: ${port} }`)).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
    other.close();
  });
});
