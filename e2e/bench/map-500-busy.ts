/**
 * `map-500-busy`: share of the page's main thread while a map of 500 nodes and 1,000 edges is told anew ten times a
 * second over OTLP. Once from afar, with all of it in view, and once near by, with a few cards in view; each against the
 * same page while nothing is told (floor). CPU of the thread, not wall time: the machine has other things to do.
 */
import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import type { BenchContext, BenchFigures } from '@/lib/bench/harness';
import { findChromium } from '../support/find-chromium.mjs';
import { createProduct, type Product } from '../support/product';
import { createSyntheticSource } from './synthetic-source';

const NODES = 500;
const COLUMNS = 10;
const UPDATE_MS = 100;

interface Stretch {
  readonly busyShare: number;
  /** Milliseconds of the long tasks (over 50 ms by the clock). */
  readonly longTasks: readonly number[];
  readonly mutations: number;
  readonly updates: number;
  readonly changedNodes: number;
  readonly elements: number;
}

export async function mapBusy({ seed, quick }: BenchContext): Promise<BenchFigures> {
  const browserPath = findChromium();
  if (!browserPath) throw new Error('map-500-busy needs Chromium');
  const seconds = quick ? 4 : 12;
  const product = await createProduct();
  const source = createSyntheticSource({ service: 'synthetic', nodes: NODES, columns: COLUMNS, seed });
  const browser = await chromium.launch({
    executablePath: browserPath.path,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await product.startServer();
    await source.start(product.agentUrl, UPDATE_MS);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const { page, cdp } = await openMap(context, product);
    const far = await measure(page, cdp, product, seconds);
    const farAgain = await measure(page, cdp, product, seconds);
    await goNear(page);
    const near = await measure(page, cdp, product, seconds);
    const reports = source.sent;
    await source.stop();
    await page.waitForTimeout(2_000);
    const still = await measure(page, cdp, product, seconds);
    const median = Math.max(far.busyShare, near.busyShare);
    return {
      median,
      ci: null,
      peer: null,
      floor: still.busyShare,
      aa: farAgain.busyShare / far.busyShare,
      samples: 2,
      detail: {
        nodes: NODES,
        edges: source.edges,
        reports,
        slowestReportMs: Math.round(source.slowestMs),
        far: told(far),
        farAgain: told(farAgain),
        near: told(near),
        still: told(still),
      },
    };
  } finally {
    await source.stop();
    await browser.close();
    await product.stop();
  }
}

function told(stretch: Stretch) {
  const { longTasks, mutations, changedNodes } = stretch;
  return {
    ...stretch,
    busyShare: Math.round(stretch.busyShare * 1_000) / 1_000,
    longTasks: longTasks.length,
    longestTaskMs: Math.round(Math.max(0, ...longTasks)),
    mutationsPerChangedNode:
      changedNodes === 0 ? null : Math.round((mutations / changedNodes) * 1_000) / 1_000,
  };
}

async function openMap(context: BrowserContext, product: Product) {
  const page = await context.newPage();
  await page.goto(`${product.url}/?window=10s`);
  await page.getByRole('img', { name: /^The map from afar/ }).waitFor({ timeout: 60_000 });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' }).catch(() => undefined);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  // The window of ten seconds has to be full, so that all figures are of the same length.
  await page.waitForTimeout(11_000);
  return { page, cdp };
}

/** By the keyboard, as a user would: search a node, Enter. */
async function goNear(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search nodes' }).fill('n255');
  await page.keyboard.press('Enter');
  await page.locator('.react-flow__node').first().waitFor();
  await page.getByRole('searchbox', { name: 'Search nodes' }).fill('');
  await page.getByRole('button', { name: /^Close details/ }).click();
  await page.waitForTimeout(2_000);
}

interface PageCounts {
  mutations: number;
  longTasks: number[];
}
declare global {
  interface Window {
    benchCounts?: PageCounts;
    benchStop?: () => void;
  }
}

async function measure(page: Page, cdp: CDPSession, product: Product, seconds: number): Promise<Stretch> {
  await page.evaluate(() => {
    const counts: PageCounts = { mutations: 0, longTasks: [] };
    const mutations = new MutationObserver((list) => {
      counts.mutations += list.length;
    });
    mutations.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    const tasks = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) counts.longTasks.push(entry.duration);
    });
    tasks.observe({ type: 'longtask' });
    window.benchCounts = counts;
    window.benchStop = () => {
      mutations.disconnect();
      tasks.disconnect();
    };
  });
  const stream = countUpdates(`${product.url}/api/v1/stream?window=10s`);
  const before = await metrics(cdp);
  await page.waitForTimeout(seconds * 1_000);
  const after = await metrics(cdp);
  const { updates, changedNodes } = await stream.stop();
  const counts = await page.evaluate(() => {
    window.benchStop?.();
    return window.benchCounts ?? { mutations: 0, longTasks: [] };
  });
  const busy = (after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0);
  const length = (after.get('Timestamp') ?? 0) - (before.get('Timestamp') ?? 0);
  return {
    busyShare: busy / length,
    longTasks: counts.longTasks,
    mutations: counts.mutations,
    updates,
    changedNodes,
    elements: await page.evaluate(() => document.querySelectorAll('*').length),
  };
}

async function metrics(cdp: CDPSession): Promise<ReadonlyMap<string, number>> {
  const answer = await cdp.send('Performance.getMetrics');
  return new Map(answer.metrics.map(({ name, value }) => [name, value]));
}

/** A second reader of the same topic is sent the same updates as the page. */
function countUpdates(url: string) {
  const ending = new AbortController();
  let updates = 0;
  let changedNodes = 0;
  const read = async () => {
    const answer = await fetch(url, { signal: ending.signal });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (!/^event: stats$/m.test(block)) continue;
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const { nodes } = JSON.parse(data ?? '{}') as { nodes?: object };
        updates++;
        // The first has everything, whether it moved or not.
        if (updates > 1) changedNodes += Object.keys(nodes ?? {}).length;
      }
    }
  };
  const done = read().catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  });
  return {
    async stop() {
      ending.abort();
      await done;
      return { updates, changedNodes };
    },
  };
}
