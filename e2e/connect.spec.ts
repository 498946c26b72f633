/** Connecting a source: the page names this server, and each part's tick turns on as its first data arrives. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { createProduct, type Product } from './support/product';
import { sendWithSdk } from './support/sdk';

let product: Product;

test.beforeAll(async () => {
  product = await createProduct();
  await product.startServer();
});
test.afterAll(() => product.stop());

test('an empty map leads to the page, which has this server’s address in every language', async ({
  page,
}) => {
  await page.goto(product.url);
  await page.getByRole('main').getByRole('link', { name: 'Connect an engine' }).click();
  await expect(page).toHaveURL(/\/connect/);
  await expect(page.getByRole('heading', { name: 'Connect an engine' })).toBeVisible();
  for (const kind of ['Collector', 'OTAP engine', 'JavaScript', 'Python', 'Go', 'Java']) {
    await page.getByRole('tab', { name: kind, exact: true }).click();
    await expect(page.getByRole('tabpanel')).toContainText(new URL(product.agentUrl).host);
  }
});

test('its ticks turn on one by one, without a reload', async ({ page }) => {
  await page.goto(`${product.url}/connect?kind=python`);
  for (const part of ['Traces', 'Metrics', 'Logs'])
    await expect(page.getByRole('status', { name: `${part}: nothing yet` })).toBeVisible();
  await sendWithSdk(product.agentUrl, 'proto', 20, 'my-service');
  for (const part of ['Traces', 'Metrics', 'Logs'])
    await expect(page.getByRole('status', { name: new RegExp(`^${part}: arriving since`) })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('my-service');
  // A Collector is another kind of source: nothing of one has come.
  await page.getByRole('tab', { name: 'Collector', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Metrics: nothing yet' })).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`it is accessible in the ${theme} theme`, async ({ page, context }) => {
    await context.addCookies([{ name: 'weir.theme', value: theme, url: product.url }]);
    await page.goto(`${product.url}/connect`);
    await expect(page.getByRole('tabpanel')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
  });
}
