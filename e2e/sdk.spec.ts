/** Unmodified OpenTelemetry exporters: through the engine, every item counted where it leaves; and straight to Weir. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { setTracing, tracesOf } from './support/api';
import { type PipedProduct, startPiped } from './support/piped-product';
import { toFiles } from './support/pipelines';
import type { Product } from './support/product';
import { sendWithSdk } from './support/sdk';

const COUNT = 1_000;
let piped: PipedProduct;
let product: Product;
let folder: string;

test.beforeAll(async () => {
  piped = await startPiped(toFiles);
  ({ product, folder } = piped);
  await setTracing(product, { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } });
});
test.afterAll(() => piped.stop());

/** Items in a file of OTLP JSON lines, counted by walking it: every object under one of the item lists. */
async function itemsIn(file: string): Promise<number> {
  const text = await readFile(path.join(folder, file), 'utf8').catch(() => '');
  const lists = new Set(['spans', 'logRecords', 'dataPoints']);
  let count = 0;
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (lists.has(key) && Array.isArray(inner)) count += inner.length;
        else walk(inner);
      }
    }
  };
  for (const line of text.split('\n').filter(Boolean)) walk(JSON.parse(line));
  return count;
}

for (const encoding of ['proto', 'http'] as const) {
  test(`1,000 spans, logs and points sent as ${encoding} all leave through the exporters`, async () => {
    const before = {
      traces: await itemsIn('traces.jsonl'),
      logs: await itemsIn('logs.jsonl'),
      metrics: await itemsIn('metrics.jsonl'),
    };
    await sendWithSdk(product.receiverUrl, encoding, COUNT);
    await expect.poll(() => itemsIn('traces.jsonl')).toBe(before.traces + COUNT);
    await expect.poll(() => itemsIn('logs.jsonl')).toBe(before.logs + COUNT);
    await expect.poll(() => itemsIn('metrics.jsonl')).toBe(before.metrics + COUNT);
  });
}

test('each batch has its trace, from receiver to exporter, with its four times and items that add up', async ({
  page,
}) => {
  const { traces } = await tracesOf(product, '&node=otlp-in');
  const roots = traces.filter((trace) => trace.nodeIds.includes('otlp-in'));
  const itemsBySignal = (signal: string) =>
    roots.filter((trace) => trace.signal === signal).reduce((sum, trace) => sum + (trace.items ?? 0), 0);
  expect(itemsBySignal('traces')).toBe(2 * COUNT);
  expect(itemsBySignal('logs')).toBe(2 * COUNT);
  expect(itemsBySignal('metrics')).toBe(2 * COUNT);

  const straight = roots.find((trace) => trace.signal === 'metrics');
  expect(straight?.nodeIds).toEqual(['otlp-in', 'enrich', 'out-metrics']);
  const answer = await product.get<{
    spans: {
      nodeId: string;
      waitMs: number | null;
      workMs: number | null;
      blockedMs: number | null;
      outcomeWaitMs: number | null;
    }[];
  }>(`/api/v1/traces/${straight?.traceId}`);
  const receiver = answer.spans.find((span) => span.nodeId === 'otlp-in');
  const exporter = answer.spans.find((span) => span.nodeId === 'out-metrics');
  expect(receiver?.outcomeWaitMs).toBeGreaterThan(0);
  expect(exporter?.waitMs).toBeGreaterThanOrEqual(0);
  expect(exporter?.workMs).toBeGreaterThan(0);

  await page.goto(`${product.url}/traces?node=otlp-in&q=${straight?.batchId}`);
  await page.getByRole('link', { name: straight?.batchId ?? '', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(straight?.traceId ?? ''));
  const rows = page.getByRole('treegrid');
  for (const node of ['otlp-in', 'enrich', 'out-metrics'])
    await expect(rows.getByRole('row', { name: new RegExp(node) }).first()).toBeVisible();
});

test('the same exporters pointed at Weir itself: their traces are stored and shown', async ({ page }) => {
  const ids = await sendWithSdk(product.agentUrl, 'proto', 10, 'checkout');
  await expect.poll(async () => (await fetch(`${product.url}/api/v1/traces/${ids[0]}`)).status).toBe(200);
  await page.goto(`${product.url}/traces/${ids[0]}`);
  await expect(page.getByText('checkout work 0').first()).toBeVisible();
});
