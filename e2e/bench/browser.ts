/** A browser and a product for benches: both are the real ones, both end with the bench. */
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { findChromium } from '../support/find-chromium.mjs';
import { createProduct, type Product } from '../support/product';

export interface BrowserBench {
  readonly product: Product;
  open(path: string): Promise<BenchPage>;
  close(): Promise<void>;
}

export interface BenchPage {
  readonly page: Page;
  readonly cdp: CDPSession;
}

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];

export async function startBrowserBench(env: Readonly<Record<string, string>> = {}): Promise<BrowserBench> {
  const found = findChromium();
  if (!found) throw new Error('no Chromium: set WEIR_CHROMIUM to its path');
  const product = await createProduct(env);
  const opened: { browser?: Browser; context?: BrowserContext } = {};
  try {
    await product.startServer();
    const browser = await chromium.launch({ executablePath: found.path, args: ARGS });
    opened.browser = browser;
    opened.context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    // The bundler of the bench names inner functions by a helper that the page does not have.
    await opened.context.addInitScript('globalThis.__name = (each) => each');
  } catch (error) {
    await product.stop();
    throw error;
  }
  return {
    product,
    async open(path) {
      if (!opened.context) throw new Error('the browser has been closed');
      const page = await opened.context.newPage();
      await page.goto(`${product.url}${path}`);
      const cdp = await opened.context.newCDPSession(page);
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      return { page, cdp };
    },
    async close() {
      await opened.browser?.close();
      await product.stop();
    },
  };
}

/** CPU time that the page's main thread has spent on tasks so far, milliseconds: what other programs take is not in it. */
export async function mainThreadMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1_000;
}
