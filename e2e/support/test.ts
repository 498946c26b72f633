import { test as base, expect } from '@playwright/test';
import { createProduct, type Product } from './product';

/** One server and one demo engine for all tests of a file; `product` ends with the worker. */
export const test = base.extend<object, { product: Product }>({
  product: [
    // Playwright wants a destructured first argument.
    async ({ browserName: _ }, use) => {
      const product = await createProduct();
      await product.startServer();
      await product.startEngine();
      await use(product);
      await product.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

export { expect };
