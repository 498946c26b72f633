import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsText } from '../answers/metrics-text';
import { startTestServer, type TestServer, until } from '../testing/test-server';
import { timeQueries } from './query-clock';
import { createTimings } from './timings';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

function post(signal: string, json: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${server.url}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(json) });
}

const now = () => `${BigInt(Date.now()) * 1_000_000n}`;

describe('what the server knows of itself', () => {
  it('is how many requests it took in and how long that took', async () => {
    const before = server.hub.vitals.read().ingest;
    for (let i = 0; i < 5; i++) expect((await post('logs', {})).status).toBe(200);
    const { ingest, process: own, loopDelayMs, tables } = server.hub.vitals.read();
    expect(ingest.requestMs.count).toBe(before.requestMs.count + 5);
    expect(ingest.requestMs.p99Ms).toBeGreaterThan(0);
    expect(ingest).toMatchObject({ bytesInFlight: 0, limitBytes: 8 << 20 });
    expect(own.rssBytes).toBeGreaterThan(own.heapBytes);
    expect(loopDelayMs.max).toBeGreaterThanOrEqual(loopDelayMs.p50);
    for (const name of ['span names', 'series', 'engines', 'decisions to keep', 'decisions to drop'])
      expect(tables.find((table) => table.name === name)?.size, name).toBeGreaterThanOrEqual(0);
    await until(() => server.hub.vitals.read().ingest.requestsPerSec !== null);
  });

  it('is what an engine could not deliver to it, by signal, in the figures that others scrape too', async () => {
    const lost = (signal: string, asInt: string) => ({
      attributes: [{ key: 'signal', value: { stringValue: signal } }],
      startTimeUnixNano: `${BigInt(now()) - 1_000_000_000n}`,
      timeUnixNano: now(),
      asInt,
    });
    const sum = {
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: [lost('traces', '70'), lost('logs', '5')],
    };
    const attributes = [
      { key: 'service.name', value: { stringValue: 'cut-off' } },
      { key: 'service.instance.id', value: { stringValue: 'i-1' } },
      { key: 'pipeline.id', value: { stringValue: 'p' } },
    ];
    const metrics = [{ name: 'dataflow.export.lost', sum }];
    const scopeMetrics = [{ scope: { name: 'dataflow' }, metrics }];
    const answer = await post('metrics', { resourceMetrics: [{ resource: { attributes }, scopeMetrics }] });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(server.hub.vitals.read().unsent).toEqual(
      expect.arrayContaining([
        { engine: 'cut-off', signal: 'traces', items: 70 },
        { engine: 'cut-off', signal: 'logs', items: 5 },
      ]),
    );
    const text = metricsText(server.hub);
    expect(text).toContain('weir_engine_unsent_items{engine="cut-off",signal="traces"} 70');
    for (const name of [
      'weir_ingest_seconds{quantile="0.99"}',
      'weir_event_loop_delay_seconds{quantile="0.99"}',
      'weir_table_overflow_total{table="series"} 0',
      'weir_ledger_items{kind="spans",state="received"}',
      'weir_requests_total{outcome="accepted"}',
      'weir_ingest_in_flight_limit_bytes 8388608',
    ])
      expect(text).toContain(name);
  });

  it('is how long each kind of question to the API took, of any server of this process', async () => {
    let ms = 0;
    const timings = createTimings(() => ms);
    const stop = timeQueries(timings, () => ms);
    const pages = createServer((_, response) => {
      ms += 25;
      response.end('{}');
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    await (await fetch(`${url}/api/v1/traces/${'a'.repeat(32)}`)).text();
    await (await fetch(`${url}/settings`)).text();
    await until(() => timings.names.length > 0);
    expect(timings.names).toEqual(['traces/{traceId}']);
    expect(timings.quantiles('traces/{traceId}')).toMatchObject({ count: 1, maxMs: 25 });
    stop();
    await (await fetch(`${url}/api/v1/engines`)).text();
    expect(timings.names).toEqual(['traces/{traceId}']);
    pages.closeAllConnections();
    await new Promise((resolve) => pages.close(resolve));
  });
});
