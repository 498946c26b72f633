/**
 * What tail sampling keeps and what the metrics say, against what was sent: every batch's fate is known beforehand,
 * so nothing that Weir says of itself has to be believed.
 */
import { expect, test } from '@playwright/test';
import { setTracing, tracesOf } from './support/api';
import { type PipedProduct, startPiped } from './support/piped-product';
import { refusingSome } from './support/pipelines';
import type { Product } from './support/product';

const DOOMED = 20;
const FINE = 40;
/** Items that each node has to take in for one round of batches. */
const ITEMS = { 'otlp-in': DOOMED + FINE, sort: DOOMED + FINE, refuse: DOOMED, gather: FINE, write: FINE };
const ERRORS_ONLY = {
  policies: [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }],
  maxWaitMs: 5_000,
};

let piped: PipedProduct;
let product: Product;

test.beforeAll(async () => {
  piped = await startPiped(refusingSome);
  ({ product } = piped);
});
test.afterAll(() => piped.stop());

/** One log record a request, its fate as an attribute. */
async function sendFates(round: string): Promise<void> {
  for (let index = 0; index < DOOMED + FINE; index++) {
    const fate = index % 3 === 0 ? 'doomed' : 'fine';
    const record = {
      timeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
      body: { stringValue: `${round} ${index}` },
      attributes: [{ key: 'fate', value: { stringValue: fate } }],
    };
    await fetch(`${product.receiverUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
    });
  }
}

/** Items into each node since `fromMs`, summed over the seconds of the metrics API. */
async function itemsInto(fromMs: number): Promise<Record<string, number>> {
  const from = BigInt(fromMs) * 1_000_000n;
  const to = BigInt(fromMs + 60_000) * 1_000_000n;
  const answer = await product.get<{ series: { id: string; split: string; values: (number | null)[] }[] }>(
    `/api/v1/metrics?metric=node.throughput_in&from=${from}&to=${to}&stepMs=1000`,
  );
  const sums: Record<string, number> = {};
  for (const { id, values } of answer.series)
    sums[id] = (sums[id] ?? 0) + Math.round(values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  return sums;
}

for (const mode of ['full', 'tail'] as const) {
  test(`in ${mode}, every failing batch has its trace and the metrics count every item`, async ({ page }) => {
    await setTracing(product, { mode, tailSampling: ERRORS_ONLY });
    // Seconds of its own: a report says what happened since the one before, and is spread over the seconds between.
    const fromMs = (Math.floor(Date.now() / 1_000) + 2) * 1_000;
    await expect.poll(() => Date.now(), { timeout: 6_000 }).toBeGreaterThan(fromMs + 2_000);
    const from = `&from=${BigInt(fromMs) * 1_000_000n}`;

    await sendFates(mode);
    await expect
      .poll(async () => (await tracesOf(product, `${from}&node=otlp-in&status=error`)).total)
      .toBe(DOOMED);
    await expect.poll(() => itemsInto(fromMs)).toMatchObject(ITEMS);

    const kept = (await tracesOf(product, `${from}&node=otlp-in`)).traces;
    if (mode === 'full') expect(kept).toHaveLength(DOOMED + FINE);
    else {
      // Nothing joins a refused batch to a written one, so that none of those has a reason to be kept.
      expect(kept.map(({ policy }) => policy)).toEqual(kept.map(() => 'errors'));
      expect(kept).toHaveLength(DOOMED);
    }
    await page.goto(`${product.url}/traces?node=otlp-in&status=error`);
    await page.getByRole('link', { name: kept.find(({ status }) => status === 'error')?.batchId }).click();
    await expect(page.getByRole('row', { name: /refuse/ }).first()).toBeVisible();
  });
}
