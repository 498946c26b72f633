/** Either program killed: what the page says meanwhile, and that nothing has to be done when it returns. */
import { writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { engineOf, setTracing, tracesOf } from './support/api';
import { flood } from './support/pipelines';
import { createProduct, type Product } from './support/product';

let product: Product;

test.beforeEach(async () => {
  product = await createProduct();
});
test.afterEach(() => product.stop());

test('a killed engine is disconnected within three seconds, and live again as the same engine', async ({
  page,
}) => {
  await product.startServer();
  const engine = await product.startEngine();
  const before = await engineOf(product);
  await page.goto(product.url);
  await expect(page.getByText('is disconnected')).toHaveCount(0);
  await engine.end('SIGKILL');
  await expect(page.getByText('is disconnected')).toBeVisible({ timeout: 3_000 });
  await product.startEngine();
  await expect(page.getByText('is disconnected')).toHaveCount(0, { timeout: 3_000 });
  const after = await engineOf(product);
  expect(after.id).toBe(before.id);
  expect(after.incarnation).toBe(before.incarnation + 1);
});

test('a killed server leaves the engine running, which catches up; the page comes back by itself', async ({
  page,
}) => {
  const server = await product.startServer();
  await product.startEngine();
  const before = await engineOf(product);
  await page.goto(product.url);
  await server.end('SIGKILL');
  await expect(page.getByText('is not reachable')).toBeVisible();
  const away = BigInt(Date.now()) * 1_000_000n;
  await product.startServer();
  const back = BigInt(Date.now()) * 1_000_000n;
  await expect(page.getByText('is not reachable')).toHaveCount(0);
  await expect.poll(async () => (await engineOf(product)).connected).toBe(true);
  expect((await engineOf(product)).id).toBe(before.id);
  expect((await engineOf(product)).incarnation).toBe(before.incarnation);
  // What happened while nobody listened was kept and comes now.
  await expect
    .poll(async () => (await tracesOf(product, `&from=${away}&to=${back}`)).total)
    .toBeGreaterThan(0);
});

test('what an engine could not keep for a server that was away is counted, and told once it is back', async ({
  page,
}, info) => {
  const file = info.outputPath('flood.yaml');
  await writeFile(file, flood());
  const server = await product.startServer();
  await product.startEngine([file]);
  await setTracing(product, { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } });
  await server.end('SIGKILL');
  // Eight thousand spans a second fill what an engine keeps for a server in a few seconds.
  const gone = Date.now();
  await expect.poll(() => Date.now() - gone, { timeout: 15_000 }).toBeGreaterThan(10_000);
  await product.startServer();
  const unsent = async () => {
    const vitals = await product.get<{ unsent: { signal: string; items: number }[] }>('/api/v1/vitals');
    return vitals.unsent.find(({ signal }) => signal === 'traces')?.items ?? 0;
  };
  await expect.poll(unsent, { timeout: 20_000 }).toBeGreaterThan(0);
  await page.goto(`${product.url}/settings#health`);
  await expect(page.getByText(/could not send, last hour/).first()).toBeVisible();
});
