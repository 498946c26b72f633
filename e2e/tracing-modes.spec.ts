/** The three modes, switched from the Settings page, and what arrives in each. */
import { engineOf, setTracing, tracesOf } from './support/api';
import { expect, test } from './support/test';

const ERRORS_ONLY = {
  policies: [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }],
  maxWaitMs: 5_000,
};

async function recordedRate(product: { get<T>(path: string): Promise<T> }): Promise<number> {
  const health = await product.get<{ data: { spansPerSec: number } }>('/api/v1/health');
  return health.data.spansPerSec;
}

test('full, none and tail are each applied within two seconds and seen in what arrives', async ({
  product,
  page,
}) => {
  const half = { name: 'half', type: 'probabilistic', probabilistic: { sampling_percentage: 50 } };
  await setTracing(product, { mode: 'tail', tailSampling: { policies: [half], maxWaitMs: 5_000 } });
  await page.goto(`${product.url}/settings`);
  for (const mode of ['Full', 'None', 'Tail'] as const) {
    await page.getByRole('radiogroup', { name: 'Tracing mode' }).getByText(mode, { exact: true }).click();
    await expect(page.getByRole('radio', { name: mode, exact: true })).toBeChecked();
    await expect
      .poll(async () => (await engineOf(product)).tracing?.mode, { timeout: 2_000 })
      .toBe(mode.toLowerCase());
    await expect(page.getByText('runs now')).toHaveCount(1);
    if (mode === 'None') await expect.poll(() => recordedRate(product)).toBe(0);
    else await expect.poll(() => recordedRate(product)).toBeGreaterThan(0);
  }
});

test('tail with errors only keeps every failing batch, and the others for their lineage', async ({
  product,
}) => {
  await setTracing(product, { mode: 'full', tailSampling: ERRORS_ONLY });
  await setTracing(product, { mode: 'tail', tailSampling: ERRORS_ONLY });
  const from = `${BigInt(Date.now() + 1_500) * 1_000_000n}`;
  await expect
    .poll(async () => (await tracesOf(product, `&from=${from}&status=error`)).total, { timeout: 30_000 })
    .toBeGreaterThan(5);
  const { traces } = await tracesOf(product, `&from=${from}`);
  const decided = traces.filter((trace) => trace.policy !== null);
  expect(decided.filter((trace) => trace.policy === 'lineage').every((trace) => trace.linked)).toBe(true);
  expect(new Set(decided.map((trace) => trace.policy))).toEqual(
    new Set(
      [...decided.map((trace) => trace.policy)].filter(
        (policy) => policy === 'errors' || policy === 'lineage',
      ),
    ),
  );
  expect(decided.filter((trace) => trace.policy === 'errors').length).toBeGreaterThan(0);
});
