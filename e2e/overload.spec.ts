/** More than the server can take: every refusal says when to come again, and who does as it says loses nothing. */
import { expect, test } from '@playwright/test';
import type { HealthAnswer } from '@/lib/api/health';
import { createConnections, freshRequests } from './bench/sender';
import { createProduct, type Product } from './support/product';

const SENDERS = 80;
const REQUESTS_EACH = 4;
const SPANS = 1_024;

let product: Product;
test.beforeAll(async () => {
  product = await createProduct({ WEIR_STORE_BUDGET: '16MiB', WEIR_SERIES_BUDGET: '16MiB' });
  await product.startServer();
});
test.afterAll(() => product.stop());

test('a compliant sender among many loses nothing, and the server says so to the span', async () => {
  const made = freshRequests(7, SPANS);
  const connections = createConnections(product.agentUrl, SENDERS);
  const counts = { accepted: 0, refused: 0 };
  const sender = async () => {
    for (let i = 0; i < REQUESTS_EACH; i++) {
      // Made when it is wanted, and kept until it is taken.
      let body: Uint8Array | null = null;
      const make = () => {
        body ??= made.next();
        return body;
      };
      for (let taken = false; !taken; ) {
        const { status, retryAfterMs } = await connections.post(made.length, make);
        expect([200, 429, 503]).toContain(status);
        taken = status === 200;
        if (taken) counts.accepted++;
        else {
          counts.refused++;
          expect(retryAfterMs, 'Retry-After').toBeGreaterThan(0);
          await new Promise((resolve) => setTimeout(resolve, (retryAfterMs ?? 0) * (0.5 + Math.random())));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  connections.close();
  expect(counts.accepted).toBe(SENDERS * REQUESTS_EACH);
  expect(counts.refused).toBeGreaterThan(0);

  const { ledger, requests, store } = await product.get<HealthAnswer>('/api/v1/health');
  const { received, stored, evicted, rejected, duplicate } = ledger.spans;
  expect(received).toBe(SENDERS * REQUESTS_EACH * SPANS);
  expect({ rejected, duplicate }).toEqual({ rejected: 0, duplicate: 0 });
  expect(stored + evicted).toBe(received);
  expect(store.bytes).toBeLessThanOrEqual(store.budgetBytes);
  expect(requests).toMatchObject({ accepted: counts.accepted, refused: counts.refused, rejected: 0 });
  // It shows that it was overloaded, and that it is over.
  await expect
    .poll(async () => (await product.get<HealthAnswer>('/api/v1/health')).status, { timeout: 15_000 })
    .toBe('ok');
});
