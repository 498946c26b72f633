/** Either program killed: what the page says meanwhile, and that nothing has to be done when it returns. */
import { expect, test } from '@playwright/test';
import { engineOf } from './support/api';
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

test('a killed server leaves the engine running; what could not be sent is counted, the page comes back by itself', async ({
  page,
}) => {
  const server = await product.startServer();
  await product.startEngine();
  const before = await engineOf(product);
  await page.goto(product.url);
  await server.end('SIGKILL');
  await expect(page.getByText('is not reachable')).toBeVisible();
  await product.startServer();
  await expect(page.getByText('is not reachable')).toHaveCount(0);
  await expect.poll(async () => (await engineOf(product)).connected).toBe(true);
  expect((await engineOf(product)).id).toBe(before.id);
  expect((await engineOf(product)).incarnation).toBe(before.incarnation);
});
