/** A change from the Control page: seen on the map, in the trail with its batches, and in their waterfalls. */
import { act, actionOf, setTracing, tracesOf, undoOf } from './support/api';
import { expect, test } from './support/test';

const FULL = { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } };

test('a config_update of the slow exporter colours the map, stands in the trail and in the waterfalls it met', async ({
  product,
  page,
}) => {
  await setTracing(product, FULL);
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
  await expect(trail.getByRole('row').filter({ hasText: 'exp-slow' }).first()).toContainText('applied');

  const affected = (await actionOf(product, id))?.affected ?? 0;
  expect(affected).toBeGreaterThan(0);
  // The batch that was waiting or in its hands: its way is whole only once the slow exporter is done with it.
  const metBatch = async () => {
    const { traces } = await tracesOf(product, `&control=${id}`);
    return traces.find((trace) => trace.nodeIds.includes('exp-slow'))?.traceId ?? null;
  };
  await expect.poll(metBatch).not.toBeNull();
  await page.goto(`${product.url}/traces/${await metBatch()}`);
  await expect(page.getByText(/config_update/).first()).toBeVisible();

  await expect
    .poll(
      async () => {
        const map = await product.get<{ edges: { to: string; stats: { utilization: number | null } }[] }>(
          '/api/v1/topology?window=10s',
        );
        return Math.max(
          ...map.edges.filter((edge) => edge.to === 'exp-slow').map((edge) => edge.stats.utilization ?? 0),
        );
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0.85);
  await page.goto(product.url);
  await expect(page.getByText('FULL').first()).toBeVisible({ timeout: 20_000 });
  await undoOf(product, id);
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
