import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { placeCards } from '@/lib/topology/place-cards';
import { startServer } from '../compose';
import { startTestServer, type TestServer, testConfig } from '../testing/test-server';
import { LARGE_JSON_BYTES } from './json-thread';
import { jsonToWire } from './json-to-wire';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

const NOW = BigInt(Date.now()) * 1_000_000n;
const COUNT = 3_000;
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

const BODIES = {
  traces: () => {
    const spans = Array.from({ length: COUNT }, (_, i) => ({
      traceId: hex(1 + Math.floor(i / 10), 32),
      spanId: hex(1 + i, 16),
      name: `work ${i}`,
      startTimeUnixNano: `${NOW + BigInt(i)}`,
      endTimeUnixNano: `${NOW + BigInt(i) + 5n}`,
    }));
    return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
  },
  logs: () => {
    const logRecords = Array.from({ length: COUNT }, (_, i) => ({
      timeUnixNano: `${NOW}`,
      severityNumber: 9,
      body: { stringValue: `a line of a log, as long as lines are, number ${i}` },
    }));
    return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  },
  metrics: () => {
    const dataPoints = Array.from({ length: COUNT }, (_, i) => ({
      timeUnixNano: `${NOW}`,
      asDouble: i,
      attributes: [{ key: 'which', value: { stringValue: `series ${i}` } }],
    }));
    return { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }] };
  },
} as const;
const LEDGER = { traces: 'spans', logs: 'logRecords', metrics: 'points' } as const;
const SIGNALS = ['traces', 'logs', 'metrics'] as const;

function post(url: string, signal: string, body: string): Promise<Response> {
  return fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
}

describe.each(SIGNALS)('a large JSON body of %s', (signal) => {
  it('is taken whole, off the event loop, and counted once', async () => {
    const body = JSON.stringify(BODIES[signal]());
    expect(body.length).toBeGreaterThan(LARGE_JSON_BYTES);
    const response = await post(server.url, signal, body);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    const { received, stored, evicted } = server.hub.store.ledger()[LEDGER[signal]];
    expect({ received, kept: stored + evicted }).toEqual({ received: COUNT, kept: COUNT });
  });

  it('is answered with 400 and the reason where it is broken, and leaves nothing behind', async () => {
    const before = server.hub.store.ledger();
    const { rejected } = server.hub.requests;
    const body = JSON.stringify(BODIES[signal]());
    const response = await post(server.url, signal, body.replace(`"${NOW}"`, '"yesterday"').slice(0, -1));
    expect(response.status).toBe(400);
    expect((await response.json()).message).toMatch(/JSON/);
    const named = await post(server.url, signal, body.replaceAll(`"${NOW}"`, '"yesterday"'));
    expect(named.status).toBe(400);
    expect((await named.json()).message).toMatch(/timeUnixNano/i);
    expect(server.hub.store.ledger()).toEqual(before);
    expect(server.hub.requests.rejected).toBe(rejected + 2);
  });
});

it('a thread that breaks costs the request that it was at, said and counted, and nothing else', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let breaks = true;
  const broken = await startServer(testConfig(), {
    layOut: placeCards,
    toWire: async (order) => {
      if (breaks) throw new Error('out of memory');
      return jsonToWire(order);
    },
    close: async () => undefined,
  });
  if (!broken.ok) throw new Error(broken.error);
  const { value: hub } = broken;
  const url = `http://127.0.0.1:${hub.agentPort}`;
  const body = JSON.stringify(BODIES.traces());
  expect((await post(url, 'traces', body)).status).toBe(500);
  expect(told).toHaveBeenCalledOnce();
  expect(hub.requests).toMatchObject({ accepted: 0, rejected: 1 });
  breaks = false;
  expect((await post(url, 'traces', body)).status).toBe(200);
  expect(hub.requests).toMatchObject({ accepted: 1, rejected: 1 });
  expect(hub.vitals.read().ingest.bytesInFlight).toBe(0);
  await hub.close();
  told.mockRestore();
});
