/**
 * A real Collector against the running product: found, drawn, followed into a trace, diagnosed while its backend is
 * away, missed when it is killed, and drawn anew after a restart with another configuration.
 */
import { expect, type Page, test } from '@playwright/test';
import type { Engine } from '../support/api';
import type { Program } from '../support/process';
import { createProduct, type Product } from '../support/product';
import { sendWithSdk } from '../support/sdk';
import { type Backend, type CollectorPorts, collectorPorts, startBackend, startCollector } from './support';

const GATE = '--feature-gates=telemetry.newPipelineTelemetry';
const ENGINE = 'test-collector';

interface Finding {
  readonly kind: string;
  readonly title: string;
  readonly node?: string;
  readonly until?: string;
}

interface Topology {
  readonly revision: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly provenance: string }[];
  readonly verdict: Finding | null;
  /** Those that are open, the verdict first. */
  readonly findings: readonly Finding[];
}

interface Traces {
  readonly traces: readonly { readonly traceId: string; readonly rootName: string }[];
}

let product: Product;
let ports: CollectorPorts;
let backend: Backend;
let collector: Program;
/** Clients of the Collector send a little all the time, as applications do. */
let load: AbortController;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  product = await createProduct();
  ports = await collectorPorts();
  await product.startServer();
  backend = await startBackend(ports.BACKEND);
});
test.afterAll(async () => {
  load?.abort();
  await collector?.end('SIGKILL');
  await backend?.stop();
  await product?.stop();
});

const settings = () => ({ ...ports, WEIR: product.agentUrl });
const topology = () => product.get<Topology>(`/api/v1/topology?engine=${ENGINE}&window=10s`);
const engine = async () =>
  (await product.get<readonly Engine[]>('/api/v1/engines')).find(({ id }) => id === ENGINE);
const receiverUrl = () => `http://127.0.0.1:${ports.IN_HTTP}`;

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${product.url}${path}${path.includes('?') ? '&' : '?'}engine=${ENGINE}`);
}

async function sendAllTheTime(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sendWithSdk(receiverUrl(), 'proto', 20).catch(() => []);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

test('is listed within 5 s, and drawn as its configuration says', async ({ page }) => {
  await open(page, '/');
  collector = startCollector(['base.yaml'], settings(), [GATE]);
  await collector.printed(/Everything is ready/);
  const ready = Date.now();
  await expect(page.getByRole('button', { name: new RegExp(`Engine ${ENGINE}`) })).toBeVisible({
    timeout: 5_000,
  });
  expect(Date.now() - ready).toBeLessThan(5_000);

  await expect
    .poll(async () =>
      (await topology()).edges.map(({ from, to, provenance }) => `${from} > ${to} ${provenance}`).sort(),
    )
    .toEqual(
      [
        'otlp > memory_limiter@traces/in declared',
        'memory_limiter@traces/in > attributes/tag@traces/in declared',
        'attributes/tag@traces/in > forward declared',
        'forward > otlp_http/backend declared',
        'otlp > batch@logs declared',
        'batch@logs > otlp_http/backend declared',
        'otlp > nop declared',
      ].sort(),
    );
  for (const node of ['otlp', 'attributes/tag', 'forward', 'otlp_http/backend', 'nop'])
    await expect(page.getByText(node, { exact: true }).first()).toBeVisible();
});

test('passes a batch of an unmodified SDK on, whose trace can be opened', async ({ page }) => {
  await sendWithSdk(receiverUrl(), 'proto', 50);
  let found: string | undefined;
  await expect
    .poll(
      async () => {
        const { traces } = await product.get<Traces>(
          `/api/v1/traces?engine=${ENGINE}&node=otlp_http/backend&limit=50`,
        );
        found = traces.find(({ rootName }) => !/opamp/i.test(rootName))?.traceId;
        return found !== undefined;
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  await open(page, '/traces?node=otlp_http/backend');
  await page
    .getByRole('main')
    .getByText(new RegExp(`^${found?.slice(0, 12)}`))
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/traces/${found}`));
  const rows = page.getByRole('treegrid');
  await expect(rows).toBeVisible();
  await expect(rows).toContainText('otlp_http/backend');
  expect(backend.requests).toBeGreaterThan(0);
});

test('has a verdict on the exporter while its backend is away, and none once it is back', async ({
  page,
}) => {
  load = new AbortController();
  void sendAllTheTime(load.signal);
  await open(page, '/');
  const verdict = page.getByRole('region', { name: 'Verdict' });
  // On a starved machine the clients come in bursts, which is a finding of its own and not what this is about.
  const ofBackend = async () =>
    (await topology()).findings.filter(
      ({ node, until }) => node === 'otlp_http/backend' && until === undefined,
    );
  await expect.poll(ofBackend).toEqual([]);
  await backend.stop();
  await expect.poll(async () => (await ofBackend()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  await expect(verdict).toContainText('otlp_http/backend');
  backend = await startBackend(ports.BACKEND);
  await expect.poll(ofBackend, { timeout: 40_000 }).toEqual([]);
  await expect(verdict.filter({ hasText: 'otlp_http/backend' })).toHaveCount(0);
});

test('is disconnected within 10 s of being killed', async ({ page }) => {
  await open(page, '/');
  const killed = Date.now();
  await collector.end('SIGKILL');
  await expect(page.getByText(/disconnected/i).first()).toBeVisible({ timeout: 10_000 });
  expect((await engine())?.connected).toBe(false);
  expect(Date.now() - killed).toBeLessThan(10_000);
});

test('restarted with another configuration is the same engine with a new revision', async ({ page }) => {
  const before = await topology();
  collector = startCollector(['base.yaml', 'changed.yaml'], settings(), [GATE]);
  await expect.poll(async () => (await engine())?.connected, { timeout: 20_000 }).toBe(true);
  await expect
    .poll(async () => (await topology()).nodes.map(({ id }) => id), { timeout: 20_000 })
    .toContain('filter/healthz@traces/out');
  const after = await topology();
  expect(after.revision).toBeGreaterThan(before.revision);
  expect(after.edges.every(({ provenance }) => provenance === 'declared')).toBe(true);
  expect((await engine())?.incarnation).toBe(2);
  await open(page, '/');
  await expect(page.getByText('filter/healthz', { exact: true }).first()).toBeVisible();
  expect((await product.get<readonly Engine[]>('/api/v1/engines')).map(({ id }) => id)).toEqual([ENGINE]);
});
