/** The trace page: what was exported opens again, links lead to spans, keys move, and a journey is whole. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { act, actionOf, setTracing, tracesOf } from './support/api';
import { FULL, mergedTrace, sendWide } from './support/demo-traces';
import type { Product } from './support/product';
import { expect, test } from './support/test';

const TABS = ['This trace', 'Journey', 'Statistics', 'Log'] as const;

interface Lineage {
  readonly batches: readonly {
    readonly id: string;
    readonly batchId: string;
    readonly traceId: string;
    readonly distance: number;
    readonly items: number | null;
    readonly contributors: number;
    readonly nodeIds: readonly string[];
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly type: string;
    readonly items: number | null;
  }[];
  readonly complete: boolean;
}

const lineageOf = (product: Product, traceId: string) =>
  product.get<Lineage>(`/api/v1/traces/${traceId}/lineage`);

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((each) => `${what} ${each.id}: ${each.nodes[0]?.html}`)).toEqual([]);
}

test('every view of a trace is accessible in both themes', async ({ product, page, context }) => {
  // Sixteen analyses of whole pages.
  test.setTimeout(300_000);
  await setTracing(product, FULL);
  const traceId = await mergedTrace(product);
  const { traces } = await tracesOf(product);
  const other = traces.find((trace) => trace.traceId !== traceId)?.traceId ?? '';
  for (const theme of ['dark', 'light']) {
    await context.addCookies([{ name: 'weir.theme', value: theme, url: product.url }]);
    await page.goto(`${product.url}/traces/${traceId}`);
    for (const tab of TABS) {
      await page.getByRole('tab', { name: new RegExp(tab) }).click();
      await expect(page.getByRole('tabpanel')).toBeVisible();
      await expectAccessible(page, `${theme} ${tab}`);
    }
    await page.getByRole('tab', { name: /This trace/ }).click();
    await page.getByRole('row', { name: /^exp-slow, / }).click();
    await expect(page.getByText('ATTRIBUTES', { exact: true })).toBeVisible();
    await expectAccessible(page, `${theme} span`);
    await page.goto(`${product.url}/traces/compare?a=${traceId}&b=path`);
    await expect(page.getByRole('table', { name: 'Nodes of the trace and of its path' })).toBeVisible();
    await expectAccessible(page, `${theme} compare with its path`);
    await page.goto(`${product.url}/traces/compare?a=${traceId}&b=${other}`);
    await expect(page.getByRole('table').first()).toBeVisible();
    await expectAccessible(page, `${theme} compare two`);
  }
});

test('why a trace was kept stands beside it, policy by policy, and is accessible', async ({
  product,
  page,
  context,
}) => {
  test.setTimeout(120_000);
  const policies = [
    { name: 'every', type: 'always_sample' },
    { name: 'very-slow', type: 'latency', latency: { threshold_ms: 600_000 } },
  ];
  await setTracing(product, { mode: 'tail', tailSampling: { policies, maxWaitMs: 2_000 } });
  let traceId = '';
  await expect
    .poll(async () => {
      const { traces } = await tracesOf(product, '&policy=every');
      for (const trace of traces.slice(0, 20)) {
        const { decision } = await product.get<{ decision: { votes: object } | null }>(
          `/api/v1/traces/${trace.traceId}?limit=1`,
        );
        if (decision && 'very-slow' in decision.votes) traceId = trace.traceId;
      }
      return traceId;
    })
    .not.toBe('');
  for (const theme of ['dark', 'light']) {
    await context.addCookies([{ name: 'weir.theme', value: theme, url: product.url }]);
    await page.goto(`${product.url}/traces/${traceId}`);
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await expect(detail.getByText('1 of 2 voted for it')).toBeVisible();
    await expect(detail.getByText('very-slow')).toBeVisible();
    await expectAccessible(page, `${theme} why kept`);
  }
  await setTracing(product, FULL);
});

test('what was exported opens again from a file, and is exported the same', async ({
  product,
  page,
  request,
}) => {
  const traceId = await mergedTrace(product);
  const copyId = `feed${traceId.slice(4)}`;
  const exported = await (await request.get(`${product.url}/api/v1/traces/${traceId}?format=otlp`)).text();
  const copied = exported.replaceAll(`"traceId":"${traceId}"`, `"traceId":"${copyId}"`);
  await page.goto(`${product.url}/traces`);
  await page.getByLabel('OTLP JSON files').setInputFiles({
    name: 'copy.json',
    mimeType: 'application/json',
    buffer: Buffer.from(copied),
  });
  await expect(page).toHaveURL(new RegExp(`/traces/${copyId}`));
  await expect(page.getByRole('treegrid').getByText('batch', { exact: true }).first()).toBeVisible();
  const again = await (await request.get(`${product.url}/api/v1/traces/${copyId}?format=otlp`)).text();
  expect(JSON.parse(again)).toEqual(JSON.parse(copied));
});

test('lines of a Collector open when they are dropped on the list, gzipped as they are', async ({
  product,
  page,
}) => {
  await page.goto(`${product.url}/traces`);
  await expect(page.getByRole('button', { name: 'Open file' })).toBeVisible();
  const bytes = [...readFileSync('lib/dialects/fixtures/collector/healthy/traces.jsonl.gz')];
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], 'traces.jsonl.gz'));
    return transfer;
  }, bytes);
  const main = page.getByRole('heading', { name: 'Traces', exact: true });
  await main.dispatchEvent('dragover', { dataTransfer: data });
  await expect(page.getByText('OTLP JSON, one document or one a line, also gzipped')).toBeVisible();
  await main.dispatchEvent('drop', { dataTransfer: data });
  await expect(page).toHaveURL(/\/traces(\?from=|\/)/);
  await expect(page.getByText(/spans read/)).toBeVisible();
});

test('rows alike fold to one, a link brings its span into view, and keys move over the rows', async ({
  product,
  page,
}) => {
  const trace = await sendWide(product, 77, 2_000);
  const last = (1_999).toString(16).padStart(16, '0');
  await page.goto(`${product.url}/traces/${trace.traceId}?span=${last}&depth=0`);
  const selected = page.getByRole('row', { selected: true });
  await expect(selected).toBeInViewport();
  await expect(selected).toHaveAttribute('aria-level', '3');
  const index = (await selected.getAttribute('aria-rowindex')) ?? '';
  await page.keyboard.press('k');
  await expect(selected).toHaveAttribute('aria-rowindex', String(Number(index) - 1));
  await expect(selected).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(selected).toHaveAttribute('aria-rowindex', index);
  await expect(selected).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(selected).toHaveAttribute('aria-level', '2');
  await expect(selected).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowLeft');
  await expect(selected).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press(']');
  await expect(page.getByRole('tab', { name: /This trace/ })).toContainText('2,000');
  await expect(
    page.getByRole('row', { name: /node-\d+, .+ ms, (ok|failed: refused)/ }).first(),
  ).toBeVisible();
});

test('a merged batch has its whole journey, with counts that add up, and the actions that hit it', async ({
  product,
  page,
}) => {
  test.setTimeout(120_000);
  await act(product, { target: 'exp-slow', action: 'config_update', config: { delayMs: 1_500 } });
  const queued = async () => {
    const map = await product.get<{ edges: { to: string; stats: { depth: number | null } }[] }>(
      '/api/v1/topology?window=10s',
    );
    return Math.max(
      ...map.edges.filter((edge) => edge.to === 'exp-slow').map((edge) => edge.stats.depth ?? 0),
    );
  };
  await expect.poll(queued, { timeout: 30_000 }).toBeGreaterThan(8);
  const update = await act(product, {
    target: 'exp-slow',
    action: 'config_update',
    config: { delayMs: 400 },
  });
  await expect.poll(async () => (await actionOf(product, update))?.outcome).toBe('applied');
  const drain = await act(product, { target: 'exp-slow', action: 'drain', deadlineMs: 30_000 });
  await expect
    .poll(async () => (await actionOf(product, drain))?.outcome, { timeout: 45_000 })
    .toMatch(/applied|forced/);
  let traceId = '';
  const hitByBoth = async () => {
    const [first, second] = await Promise.all([
      tracesOf(product, `&control=${update}`),
      tracesOf(product, `&control=${drain}`),
    ]);
    const ids = new Set(second.traces.map((trace) => trace.traceId));
    for (const trace of first.traces) {
      if (
        !ids.has(trace.traceId) ||
        !trace.nodeIds.includes('exp-slow') ||
        !trace.nodeIds.includes('exp-logs')
      )
        continue;
      const { batches } = await lineageOf(product, trace.traceId);
      if (batches.filter((batch) => batch.distance < 0).length >= 3) traceId = trace.traceId;
    }
    return traceId;
  };
  await expect.poll(hitByBoth, { timeout: 30_000 }).not.toBe('');

  const { batches, edges, complete } = await lineageOf(product, traceId);
  expect(complete).toBe(true);
  const merged = batches.find((batch) => batch.traceId === traceId && batch.contributors > 0);
  const items = merged?.items ?? 0;
  const into = edges.filter((edge) => edge.to === merged?.id && edge.type === 'merge');
  expect(into.length).toBeGreaterThanOrEqual(3);
  expect(into.reduce((sum, edge) => sum + (edge.items ?? 0), 0)).toBe(items);
  // Each of those came from a receiver.
  const { nodes } = await product.get<{ nodes: { component: string; kind: string }[] }>('/api/v1/topology');
  const receivers = nodes.filter((node) => node.kind === 'receiver').map((node) => node.component);
  const contributors = batches.filter((batch) => into.some((edge) => edge.from === batch.id));
  expect(contributors).toHaveLength(into.length);
  for (const batch of contributors)
    expect(
      receivers.some((receiver) => batch.nodeIds.includes(receiver)),
      batch.id,
    ).toBe(true);
  // And it went, whole, to two exporters.
  const out = edges.filter((edge) => edge.from === merged?.id && edge.type === 'split');
  expect(out.map((edge) => edge.items)).toEqual([items, items]);
  const parts = batches.filter((batch) => out.some((edge) => edge.to === batch.id));
  expect(parts.flatMap((batch) => batch.nodeIds).sort()).toEqual(['exp-logs', 'exp-slow']);

  await page.goto(`${product.url}/traces/${traceId}?tab=journey`);
  const grid = page.getByRole('treegrid');
  const detail = page.getByRole('complementary', { name: 'Detail' });
  for (const batch of [...contributors, ...parts]) {
    const card = detail.getByRole('button', { name: `${batch.batchId} ${batch.items} item`, exact: false });
    await expect(card).toBeVisible();
  }
  await expect(
    grid.getByRole('row', { name: `Batch ${merged?.batchId}, merged from ${into.length}` }),
  ).toBeVisible();
  for (const batch of contributors)
    await expect(detail.getByText(batch.batchId, { exact: true }).first()).toBeVisible();
  await expect(grid.getByRole('row', { name: /^exp-slow, .+, ok/ })).toBeVisible();
  await expect(grid.getByRole('row', { name: /^exp-logs, .+, ok/ })).toBeVisible();
  await expect(detail.getByText(`${items} in, ${items} merged: adds up`)).toBeVisible();
  await expect(detail.getByText('✓ adds up')).toBeVisible();
  // Both actions are on its lane, and lead to the span that they hit.
  await expect(grid.getByRole('button', { name: /drain/ }).first()).toBeVisible();
  await grid
    .getByRole('button', { name: /config_update/ })
    .first()
    .click();
  await expect(grid.getByRole('row', { selected: true })).toHaveAccessibleName(/^(exp-slow|copy), /);

  // The demo goes on for whoever comes next.
  await act(product, { target: 'exp-slow', action: 'config_update', config: { delayMs: 88 } });
  const again = await act(product, { target: 'exp-slow', action: 'restart', deadlineMs: 5_000 });
  await expect.poll(async () => (await actionOf(product, again))?.outcome).toBe('applied');
});
