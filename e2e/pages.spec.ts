/** Every page, in both themes and two sizes: it is there, it moves, axe finds nothing, the keyboard reaches it. */
import AxeBuilder from '@axe-core/playwright';
import { tracesOf } from './support/api';
import { expect, test } from './support/test';

const PAGES = [
  { name: 'topology', path: '/' },
  { name: 'traces', path: '/traces' },
  { name: 'metrics', path: '/metrics' },
  { name: 'control', path: '/control' },
  { name: 'settings', path: '/settings' },
] as const;

for (const theme of ['dark', 'light'] as const) {
  for (const { name, path } of PAGES) {
    test(`${name} is accessible in the ${theme} theme`, async ({ product, page, context }) => {
      await context.addCookies([{ name: 'weir.theme', value: theme, url: product.url }]);
      await page.goto(`${product.url}${path}`);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
    });
  }
}

test('a trace page is accessible', async ({ product, page }) => {
  await expect.poll(async () => (await tracesOf(product)).total).toBeGreaterThan(0);
  const { traces } = await tracesOf(product);
  await page.goto(`${product.url}/traces/${traces[0]?.traceId}`);
  await expect(page.getByRole('treegrid')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});

test('no page logs an error or breaks its own security policy', async ({ product, page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  for (const { path } of PAGES) {
    await page.goto(`${product.url}${path}`);
    await expect(page.getByRole('main')).toBeVisible();
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  }
  expect(problems).toEqual([]);
});

test('keys go to the pages, open the help and the palette, and freeze the clock', async ({
  product,
  page,
}) => {
  await page.goto(product.url);
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  // Keys are heard from the moment the page is alive, which is a little after it is painted.
  await expect(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await expect(page).toHaveURL(/\/metrics/, { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/at=\d+/);
  await page.keyboard.press('Space');
  await expect(page).not.toHaveURL(/at=/);
});

test('a newcomer lands on a map that moves', async ({ product, page }) => {
  await page.goto(product.url);
  for (const node of ['otlp-in', 'exp-slow']) await expect(page.getByText(node).first()).toBeVisible();
  const figures = async () =>
    (await page.getByRole('main').innerText()).match(/\d[\d.]*k?\/s/g)?.join(' ') ?? '';
  const before = await figures();
  await expect.poll(figures).not.toBe(before);
});
