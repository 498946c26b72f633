/** A change from the Control page: seen on the map, in the trail with its batches, and in their waterfalls. */
import { actionOf, setTracing, tracesOf } from './support/api';
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
});

test('an applied change can be undone', async ({ product, page }) => {
  await page.goto(`${product.url}/control`);
  const row = page
    .getByRole('table', { name: 'Audit trail' })
    .getByRole('row')
    .filter({ hasText: 'delayMs' })
    .first();
  await row.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(
    page.getByRole('table', { name: 'Audit trail' }).getByRole('row').filter({ hasText: 'applied' }),
  ).not.toHaveCount(1);
});
