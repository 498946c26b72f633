/**
 * Each incident of the menu, as an operator would meet it: started from the menu, named by the verdict card, its evidence
 * leads to batches, and the frozen clock shows the state before it; what the card says would help is applied from there. One product for all; each is ended, and its findings
 * are gone, before the next begins.
 */
import type { Page } from '@playwright/test';
import { act, actionOf, setTracing } from './support/api';
import type { Product } from './support/product';
import { expect, test } from './support/test';

interface Finding {
  readonly kind: string;
  readonly node?: string;
  readonly edge?: string;
  readonly title: string;
  readonly since: string;
  readonly until?: string;
}
interface TopologyAnswer {
  readonly verdict: Finding | null;
  readonly findings: readonly Finding[];
}

/** What an operator has to be told: kinds that say it, and where. */
const INCIDENTS: readonly {
  readonly name: string;
  readonly title: string;
  readonly kinds: readonly string[];
  readonly places: readonly string[];
}[] = [
  {
    name: 'slow-exporter',
    title: 'Slow exporter',
    kinds: ['bottleneck', 'slow_destination'],
    places: ['exp-slow'],
  },
  {
    name: 'failing-destination',
    title: 'Failing destination',
    kinds: ['failing_destination'],
    places: ['exp-main'],
  },
  { name: 'error-burst', title: 'Error burst in a processor', kinds: ['error_burst'], places: ['enrich'] },
  { name: 'silent-drop', title: 'Silent filter drop', kinds: ['drop', 'loss'], places: ['drop-debug'] },
  { name: 'misrouting', title: 'Misrouted signal', kinds: ['misrouted'], places: ['by-signal', 'enrich'] },
  { name: 'stuck-batch', title: 'Stuck batch', kinds: ['stateful_delay'], places: ['batch'] },
  {
    name: 'undersized-channel',
    title: 'Undersized channel',
    kinds: ['queue_filling', 'bottleneck'],
    places: ['exp-slow', 'copy'],
  },
  {
    name: 'noisy-neighbour',
    title: 'Noisy neighbour on a shared channel',
    kinds: ['source_surge', 'bottleneck', 'queue_filling'],
    places: ['exp-logs', 'enrich', 'traffic'],
  },
  { name: 'bad-config', title: 'Bad config pushed', kinds: ['failing_destination'], places: ['exp-main'] },
  {
    name: 'drain-under-load',
    title: 'Drain under load',
    kinds: ['stall', 'bottleneck'],
    places: ['exp-slow'],
  },
];

const FULL = { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } };
/** An incident builds up: queues fill, and a verdict waits until it is sure. */
const NAMED_MS = 45_000;
const OVER_MS = 60_000;

test.describe.configure({ mode: 'serial', timeout: 150_000 });

test.beforeAll(async ({ product }) => {
  await setTracing(product, FULL);
  // The demo's load comes in waves whose crests fill a queue by themselves: without them only the incident does.
  const calm = await act(product, {
    target: 'traffic',
    action: 'config_update',
    config: { amplitude: 0.1, rate: 45 },
  });
  await expect.poll(async () => (await actionOf(product, calm))?.outcome).toBe('applied');
  // Something to compare with: the verdicts know no past yet.
  await quiet(product);
  await expect
    .poll(async () => (await product.get<{ total: number }>('/api/v1/traces?limit=1')).total, {
      timeout: 30_000,
    })
    .toBeGreaterThan(400);
});

async function quiet(product: Product): Promise<void> {
  await expect
    .poll(async () => (await mapNow(product)).findings.map(({ title }) => title), { timeout: OVER_MS })
    .toEqual([]);
}

test.afterEach(async ({ product }) => {
  for (const { name } of INCIDENTS) {
    await fetch(`${product.url}/api/v1/scenarios/${name}`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
    });
  }
  await quiet(product);
});

for (const { name, title, kinds, places } of INCIDENTS) {
  test(`${name} is named, leads to its batches, and was not there before`, async ({ product, page }) => {
    await quiet(product);
    const beforeMs = Date.now() - 1_000;
    await page.goto(product.url);
    await startFromMenu(page, title);

    const place = new RegExp(places.map(escaped).join('|'));
    await expect
      .poll(async () => verdictOf((await mapNow(product)).verdict), { timeout: NAMED_MS })
      .toMatch(new RegExp(`^(${kinds.join('|')}) .*(${place.source})`));
    const card = page.getByRole('region', { name: 'Verdict' });
    await expect(card.getByRole('heading')).toHaveText(place);
    const said = (await card.getByRole('heading').textContent()) ?? '';

    const batches = card.getByRole('link', { name: 'batches' }).first();
    await batches.click();
    await expect(page).toHaveURL(/\/traces\?/);
    const table = page.getByRole('table').or(page.getByRole('grid')).first();
    await expect(table).toBeVisible();
    const asked = new URL(page.url()).searchParams;
    const found = await product.get<{ total: number }>(
      `/api/v1/traces?node=${asked.get('node') ?? ''}&from=${asked.get('from') ?? ''}&limit=1`,
    );
    expect(found.total).toBeGreaterThan(0);

    // Frozen and moved back to before it: nothing is said of it. A note on an earlier action may stand there.
    const isSaid = card.getByRole('heading').or(page.getByText(/^No bottleneck/));
    await page.goto(`${product.url}/?at=${beforeMs}000000`);
    await expect(page.getByText('frozen at')).toBeVisible();
    await expect(isSaid).toBeVisible();
    await expect(isSaid).not.toHaveText(said);
    await page.keyboard.press(',');
    await expect(page).toHaveURL(new RegExp(`at=${Math.floor((beforeMs - 1_000) / 1_000)}`));
    await expect(isSaid).toBeVisible();
    await expect(isSaid).not.toHaveText(said);
    const then = await product.get<TopologyAnswer>(`/api/v1/topology?window=10s&at=${beforeMs}000000`);
    expect(then.findings.map(({ title }) => title)).not.toContain(said);
  });
}

test('a remedy is applied from the verdict card: the trail tells it, and the engine has the new figure', async ({
  product,
  page,
}) => {
  await quiet(product);
  await page.goto(product.url);
  await startFromMenu(page, 'Undersized channel');
  const card = page.getByRole('region', { name: 'Verdict' });
  await expect(card.getByRole('heading')).toContainText('exp-slow', { timeout: NAMED_MS });
  expect(await capacityInto(product, 'exp-slow')).toBe(2);

  await card.getByRole('button', { name: 'Apply…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set capacity of pdata:exp-slow' });
  const wanted = Number(await dialog.getByLabel('New value').inputValue());
  expect(wanted).toBeGreaterThan(2);
  await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'applied' })).toBeVisible();
  await expect.poll(async () => capacityInto(product, 'exp-slow')).toBe(wanted);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await page.goto(`${product.url}/control`);
  const told = page
    .getByRole('table', { name: 'Audit trail' })
    .getByRole('row')
    .filter({ hasText: 'pdata:exp-slow' })
    .filter({ hasText: 'config_update' })
    .first();
  await expect(told).toContainText('applied');
});

test('the tuning table counts what made the batch let go: its size or its timer', async ({
  product,
  page,
}) => {
  await page.goto(`${product.url}/?view=tuning`);
  const row = page
    .getByRole('table', { name: 'Batches to tune' })
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: 'batch' }) });
  await expect(row).toContainText(/\d+\s%\s·\s\d+\s%/);
});

async function capacityInto(product: Product, node: string): Promise<number | null> {
  const map = await product.get<{
    readonly edges: readonly { readonly to: string; readonly stats: { readonly capacity: number | null } }[];
  }>('/api/v1/topology?window=10s');
  return map.edges.find(({ to }) => to === node)?.stats.capacity ?? null;
}

async function startFromMenu(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Scenarios' }).click();
  const started = page.waitForResponse(
    (answer) => answer.url().includes('/api/v1/scenarios/') && answer.request().method() === 'POST',
  );
  await page.getByRole('menuitemcheckbox', { name: new RegExp(`^${escaped(title)}`) }).click();
  expect((await started).ok()).toBe(true);
  await page.keyboard.press('Escape');
}

async function mapNow(product: Product): Promise<TopologyAnswer> {
  return product.get<TopologyAnswer>('/api/v1/topology?window=10s');
}

function verdictOf(verdict: Finding | null): string {
  return verdict ? `${verdict.kind} ${verdict.node ?? verdict.edge ?? ''} ${verdict.title}` : 'none';
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
