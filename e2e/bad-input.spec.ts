/** What is malformed, oversized, forged or unknown gets a clear answer, is counted, and changes nothing. */
import { gzipSync } from 'node:zlib';
import type { HealthAnswer } from '@/lib/api/health';
import { expect, test } from './support/test';

test('malformed OTLP is answered with a status and counted as rejected', async ({ product, request }) => {
  const before = await product.get<HealthAnswer>('/api/v1/health');
  const protobuf = await request.post(`${product.agentUrl}/v1/traces`, {
    headers: { 'content-type': 'application/x-protobuf' },
    data: Buffer.from([0xff, 0xff, 0xff, 0xff]),
  });
  expect(protobuf.status()).toBe(400);
  expect(protobuf.headers()['content-type']).toBe('application/x-protobuf');
  const json = await request.post(`${product.agentUrl}/v1/logs`, {
    headers: { 'content-type': 'application/json' },
    data: Buffer.from('{"resourceLogs": [{'),
  });
  expect(json.status()).toBe(400);
  expect(await json.json()).toMatchObject({ code: 3, message: expect.any(String) });
  const after = await product.get<HealthAnswer>('/api/v1/health');
  expect(after.requests.rejected).toBe(before.requests.rejected + 2);
});

test('a body that unpacks to more than the limit is refused', async ({ product, request }) => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const answer = await request.post(`${product.agentUrl}/v1/traces`, {
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    data: bomb,
  });
  expect(answer.status()).toBe(413);
});

test('an unknown media type and method are refused as the specification says', async ({
  product,
  request,
}) => {
  const media = await request.post(`${product.agentUrl}/v1/traces`, {
    headers: { 'content-type': 'text/plain' },
    data: 'x',
  });
  expect(media.status()).toBe(415);
  expect((await request.get(`${product.agentUrl}/v1/traces`)).status()).toBe(405);
});

test('a bad id, filter or cursor is a 400 with a reason', async ({ product, request }) => {
  for (const path of [
    '/api/v1/traces?minDurationMs=abc',
    '/api/v1/traces?cursor=%00',
    '/api/v1/traces/xyz',
    '/api/v1/metrics?metric=nope',
    '/api/v1/topology?window=7y',
  ]) {
    const answer = await request.get(`${product.url}${path}`);
    expect(answer.status(), path).toBe(400);
    expect(await answer.json(), path).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
    });
  }
});

test('a trace that was never here is not_found', async ({ product, request }) => {
  const answer = await request.get(`${product.url}/api/v1/traces/0123456789abcdef0123456789abcdef`);
  expect(answer.status()).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
});

test('bad tracing settings are refused before they are sent', async ({ product, request }) => {
  const [engine] = await product.get<{ id: string }[]>('/api/v1/engines');
  const answer = await request.put(`${product.url}/api/v1/settings/tracing?engine=${engine?.id}`, {
    data: { mode: 'sometimes', tailSampling: { policies: [], maxWaitMs: 1_000 } },
  });
  expect(answer.status()).toBe(400);
});

test('a node config that the engine refuses is FAILED in the trail, and the engine keeps what it had', async ({
  product,
  request,
}) => {
  const [engine] = await product.get<{ id: string }[]>('/api/v1/engines');
  const answer = await request.post(`${product.url}/api/v1/control/actions`, {
    data: {
      engine: engine?.id,
      target: 'batch',
      action: 'config_update',
      config: { timeout_ms: 'soon', no_such_key: 1 },
    },
  });
  expect([202, 400]).toContain(answer.status());
  if (answer.status() === 202) {
    const { id } = (await answer.json()) as { id: string };
    await expect
      .poll(async () => {
        const trail = await product.get<{ actions: { id: string; outcome: string; message: string }[] }>(
          '/api/v1/control/actions',
        );
        return trail.actions.find((action) => action.id === id);
      })
      .toMatchObject({ outcome: 'failed', message: expect.stringMatching(/.+/) });
  }
  const engines = await product.get<{ connected: boolean }[]>('/api/v1/engines');
  expect(engines[0]?.connected).toBe(true);
});

test('a foreign Host or Origin, and a change without JSON, are refused', async ({ product, request }) => {
  const url = `${product.url}/api/v1/control/actions`;
  const data = { engine: 'x', target: 'pipeline', action: 'restart' };
  expect(
    (await request.get(`${product.url}/api/v1/health`, { headers: { host: 'evil.example' } })).status(),
  ).toBe(403);
  expect((await request.post(url, { headers: { origin: 'https://evil.example' }, data })).status()).toBe(403);
  expect(
    (
      await request.post(url, { headers: { 'content-type': 'text/plain' }, data: JSON.stringify(data) })
    ).status(),
  ).toBe(415);
});

test('strings from telemetry are only ever text', async ({ product, page, request }) => {
  const traceId = 'aa'.repeat(16);
  const nasty = '<img src=x onerror="window.pwned=1">';
  const now = BigInt(Date.now()) * 1_000_000n;
  const answer = await request.post(`${product.agentUrl}/v1/traces`, {
    data: {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: nasty } }] },
          scopeSpans: [
            {
              scope: { name: nasty },
              spans: [
                {
                  traceId,
                  spanId: 'bb'.repeat(8),
                  name: nasty,
                  kind: 1,
                  startTimeUnixNano: String(now),
                  endTimeUnixNano: String(now + 5_000_000n),
                  attributes: [{ key: 'node.id', value: { stringValue: nasty } }],
                },
              ],
            },
          ],
        },
      ],
    },
  });
  expect(answer.status()).toBe(200);
  await page.goto(`${product.url}/traces/${traceId}`);
  await expect(page.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
});

test('pages carry a content security policy without unsafe scripts', async ({ product, request }) => {
  const answer = await request.get(`${product.url}/`);
  const policy = answer.headers()['content-security-policy'] ?? '';
  expect(policy).toMatch(/script-src[^;]*'self'/);
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
  expect(policy).toMatch(/frame-ancestors 'none'/);
});
