/** A change from the Control page: seen on the map, in the trail with its batches, and in their waterfalls. */

import { act, actionOf, setTracing, tracesOf, undoOf } from './support/api';
import type { Product } from './support/product';
import { expect, test } from './support/test';

const FULL = { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } };

/** The fullest channel into the slow exporter: messages in it now, and how full it was over ten seconds, 0..1. */
async function intoSlow(product: Product): Promise<{ depth: number; utilization: number }> {
  const { edges } = await product.get<{
    edges: { to: string; stats: { depth: number | null; utilization: number | null } }[];
  }>('/api/v1/topology?window=10s');
  const slow = edges.filter(({ to }) => to === 'exp-slow');
  return {
    depth: Math.max(...slow.map(({ stats }) => stats.depth ?? 0)),
    utilization: Math.max(...slow.map(({ stats }) => stats.utilization ?? 0)),
  };
}

test('a config_update of the slow exporter colours the map, stands in the trail and in the waterfalls it met', async ({
  product,
  page,
}) => {
  await setTracing(product, FULL);
  // Between two crests of the load nothing waits for the slow exporter, and an action then meets no batch.
  const slowed = await act(product, {
    target: 'exp-slow',
    action: 'config_update',
    config: { delayMs: 500 },
  });
  await expect.poll(async () => (await intoSlow(product)).depth, { timeout: 30_000 }).toBeGreaterThan(3);
  await page.goto(`${product.url}/control?target=exp-slow`);
  const composer = page.getByRole('region', { name: 'Composer' });
  await composer.getByLabel('delayMs', { exact: true }).fill('900');
  await expect(composer.getByRole('list', { name: 'Changes' })).toContainText('delayMs');
  await composer.getByRole('button', { name: 'Apply…' }).click();
  const [response] = await Promise.all([
    page.waitForResponse(
      (answer) => answer.url().includes('/api/v1/control/actions') && answer.request().method() === 'POST',
    ),
    page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click(),
  ]);
  const { id } = (await response.json()) as { id: string };
  await expect.poll(async () => (await actionOf(product, id))?.outcome).toBe('applied');
  const trail = page.getByRole('table', { name: 'Audit trail' });
  await expect(trail.getByRole('row').filter({ hasText: '900' }).first()).toContainText('applied');

  await expect.poll(async () => (await actionOf(product, id))?.affected ?? 0).toBeGreaterThan(0);
  // The batch that was waiting or in its hands: its way is whole only once the slow exporter is done with it.
  const metBatch = async () => {
    const { traces } = await tracesOf(product, `&control=${id}`);
    return traces.find((trace) => trace.nodeIds.includes('exp-slow'))?.traceId ?? null;
  };
  await expect.poll(metBatch).not.toBeNull();
  await page.goto(`${product.url}/traces/${await metBatch()}`);
  await expect(page.getByText(/config_update/).first()).toBeVisible();

  await expect
    .poll(async () => (await intoSlow(product)).utilization, { timeout: 30_000 })
    .toBeGreaterThan(0.85);
  await page.goto(product.url);
  await expect(page.getByText('FULL').first()).toBeVisible({ timeout: 20_000 });
  await undoOf(product, id);
  await undoOf(product, slowed);
});

test('an applied change can be undone', async ({ product, page }) => {
  const delayOf = async () => {
    const { nodes } = await product.get<{ nodes: { id: string; config: { delayMs?: number } | null }[] }>(
      '/api/v1/topology?window=10s',
    );
    return nodes.find((node) => node.id === 'exp-slow')?.config?.delayMs;
  };
  const before = await delayOf();
  const id = await act(product, { target: 'exp-slow', action: 'config_update', config: { delayMs: 777 } });
  await expect.poll(async () => (await actionOf(product, id))?.outcome).toBe('applied');
  await expect.poll(delayOf).toBe(777);
  await page.goto(`${product.url}/control`);
  const row = page.getByRole('table', { name: 'Audit trail' }).getByRole('row').filter({ hasText: '777' });
  await row.getByRole('button', { name: /^Undo/ }).first().click();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/undo')),
    page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click(),
  ]);
  expect(answer.status(), await answer.text()).toBe(202);
  const { id: undo } = (await answer.json()) as { id: string };
  await expect.poll(async () => (await actionOf(product, undo))?.outcome).toBe('applied');
  await expect.poll(delayOf).toBe(before);
});
