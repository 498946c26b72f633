/**
 * An OTAP engine steered from the pages: what it is sent is its own configuration with the one change in it, credentials
 * included, and none of those is anywhere in what the product shows, logs or hands out.
 */
import { gunzipSync } from 'node:zlib';
import { expect, type Locator, test } from '@playwright/test';
import { CAPTURED_STATE, type ScriptedAgent, startScriptedAgent } from './support/otap-agent';
import type { Program } from './support/process';
import { createProduct, type Product } from './support/product';

const BEARER = 'Bearer e2e-0f5d-of-mine';

interface Listed {
  readonly id: string;
  readonly service: string;
  readonly connected: boolean;
  readonly agent: { readonly transport: string } | null;
  readonly control: { readonly kind: string };
  readonly remoteConfig: {
    readonly revision: number;
    readonly status: string;
    readonly error?: string;
  } | null;
}

type Doc = {
  groups: { default: { pipelines: { main: { policies: { telemetry: { runtime_metrics: string } } } } } };
} & {
  engine: { observability: { pipeline: { nodes: { weir: { config: Record<string, unknown> } } } } };
};

/** What the captured engine ran, with a credential where such engines have them. */
function stateWithCredential(): string {
  const state = JSON.parse(CAPTURED_STATE) as Doc;
  state.engine.observability.pipeline.nodes.weir.config.headers = { authorization: BEARER };
  return JSON.stringify(state);
}

/** The state with its level changed, and nothing else. */
function atLevel(level: string): Doc {
  const state = JSON.parse(stateWithCredential()) as Doc;
  state.groups.default.pipelines.main.policies.telemetry.runtime_metrics = level;
  return state;
}

let product: Product;
let server: Program;
let agents: ScriptedAgent[] = [];

test.beforeEach(async () => {
  product = await createProduct();
  server = await product.startServer();
  agents = [];
});
test.afterEach(async () => {
  for (const agent of agents) agent.cut();
  await product.stop();
});

async function connect(...rest: [uid?: Uint8Array]): Promise<ScriptedAgent> {
  const agent = await startScriptedAgent(product.agentUrl, stateWithCredential(), ...rest);
  agents.push(agent);
  return agent;
}

async function engines(): Promise<Listed[]> {
  return product.get<Listed[]>('/api/v1/engines');
}

/** As a person does: by the card. */
async function choose(panel: Locator, level: string): Promise<void> {
  await expect(panel.getByRole('radio', { name: level })).toBeEnabled();
  await panel.getByRole('radiogroup').getByText(level, { exact: true }).click();
}

const last = (agent: ScriptedAgent) => agent.offers.at(-1);

/** Everything that the product hands out, as one text. */
async function everythingShown(): Promise<string> {
  const paths = [
    '/api/v1/engines',
    '/api/v1/engines/otap-edge/config',
    '/api/v1/topology',
    '/api/v1/control/actions',
    '/api/v1/health',
    '/api/v1/findings',
    '/api/v1/metrics?metric=node.throughput_in',
    '/api/v1/bundle',
    '/api/v1/traces?limit=100',
    '/metrics',
  ];
  const texts = await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${product.url}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      const bytes = Buffer.from(await answer.arrayBuffer());
      // The incident bundle is a gzipped file.
      return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
    }),
  );
  return texts.join('\n');
}

test('the level is switched from Settings: one change goes out, APPLYING then APPLIED appears, and it can be undone', async ({
  page,
}) => {
  const agent = await connect();
  await page.goto(`${product.url}/settings`);
  const panel = page.getByRole('region', { name: 'Telemetry level' });
  await expect(panel.getByRole('radio', { name: 'Detailed' })).toBeChecked();
  agent.hold();
  await choose(panel, 'Basic');
  await expect(panel.getByRole('status')).toContainText('applying');
  agent.release();
  await expect(panel.getByRole('status')).toContainText('applied');
  await expect(panel.getByRole('radio', { name: 'Basic' })).toBeChecked();

  expect(agent.offers).toHaveLength(1);
  expect(last(agent)).toMatchObject({ file: '', contentType: 'application/json' });
  expect(JSON.parse(last(agent)?.body ?? '')).toEqual(atLevel('basic'));

  await page.goto(`${product.url}/control`);
  const row = page
    .getByRole('table', { name: 'Audit trail' })
    .getByRole('row')
    .filter({ hasText: 'runtime_metrics' });
  await expect(row).toContainText('detailed → basic');
  await expect(row).toContainText('operator');
  await expect(row).toContainText('applied');
  await row.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => agent.offers.length).toBe(2);
  expect(JSON.parse(last(agent)?.body ?? '')).toEqual(JSON.parse(stateWithCredential()));

  const shown = `${await everythingShown()}\n${await page.content()}\n${server.output()}`;
  expect(shown).not.toContain('of-mine');
  expect(shown).toContain('[redacted]');
});

test('a refusal is FAILED with the engine’s message, nothing changed, and undo stays possible', async ({
  page,
}) => {
  const agent = await connect();
  agent.refuseWith(`exporter weir: header "${BEARER}" is not allowed at this level`);
  await page.goto(`${product.url}/settings`);
  const panel = page.getByRole('region', { name: 'Telemetry level' });
  await choose(panel, 'None');
  await expect(panel.getByRole('status')).toContainText('failed');
  await expect(panel.getByRole('status')).toContainText('is not allowed at this level');
  await expect(panel.getByRole('radio', { name: 'Detailed' })).toBeChecked();
  await page.goto(`${product.url}/control`);
  const rows = page
    .getByRole('table', { name: 'Audit trail' })
    .getByRole('row')
    .filter({ hasText: 'runtime_metrics' });
  await expect(rows).toContainText('failed');
  agent.refuseWith(null);
  await rows.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await engines())[0]?.remoteConfig?.status).toBe('applied');
  expect(JSON.parse(last(agent)?.body ?? '')).toEqual(JSON.parse(stateWithCredential()));
  expect(`${await everythingShown()}\n${await page.content()}\n${server.output()}`).not.toContain('of-mine');
});

test('a node is edited on the Control page with a diff; what would cut the engine off is refused', async ({
  page,
}) => {
  const agent = await connect();
  await page.goto(`${product.url}/control?target=out_primary@default/main`);
  const composer = page.getByRole('region', { name: 'Composer' });
  await composer.getByLabel('client_pool_size', { exact: true }).fill('8');
  await expect(composer.getByRole('list', { name: 'Changes' })).toContainText('client_pool_size');
  await composer.getByRole('button', { name: 'Apply…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(composer.getByRole('status')).toContainText('applied');
  const wanted = JSON.parse(stateWithCredential()) as {
    groups: {
      default: { pipelines: { main: { nodes: { out_primary: { config: Record<string, unknown> } } } } };
    };
  };
  wanted.groups.default.pipelines.main.nodes.out_primary.config.client_pool_size = 8;
  expect(JSON.parse(last(agent)?.body ?? '')).toEqual(wanted);

  const { hash } = await product.get<{ hash: string }>('/api/v1/engines/otap-edge/config');
  const put = (patch: object) =>
    fetch(`${product.url}/api/v1/engines/otap-edge/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ base: hash, patch }),
    });
  const cut = await put({ engine: { controller: null } });
  expect([cut.status, await cut.text()]).toEqual([
    409,
    expect.stringContaining('OpAMP extension opamp would be removed'),
  ]);
  const stale = await fetch(`${product.url}/api/v1/engines/otap-edge/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ base: 'another', patch: { a: 1 } }),
  });
  expect(stale.status).toBe(409);
  expect(agent.offers).toHaveLength(1);
});

test('a cut connection, a restart of the server and a second agent with the same identity are seen and survived', async ({
  page,
}) => {
  const agent = await connect();
  await page.goto(`${product.url}/settings`);
  const panel = page.getByRole('region', { name: 'Telemetry level' });
  await expect(panel.getByRole('radio', { name: 'Detailed' })).toBeEnabled();

  agent.cut();
  await expect(panel.getByText('The engine is not connected')).toBeVisible();
  await expect(panel.getByRole('radio', { name: 'Detailed' })).toBeDisabled();
  const back = await connect();
  await expect(panel.getByText('The engine is not connected')).toHaveCount(0);
  expect((await engines()).map(({ id }) => id)).toEqual(['otap-edge']);

  await server.end('SIGKILL');
  await expect.poll(() => back.isOpen).toBe(false);
  server = await product.startServer();
  const third = await connect();
  await expect(panel.getByRole('radio', { name: 'Detailed' })).toBeEnabled();

  const second = await connect();
  await expect.poll(() => second.uid).not.toBe(third.uid);
  expect(third.isOpen).toBe(true);
  await expect.poll(async () => (await engines()).filter(({ connected }) => connected).length).toBe(2);
  const list = page.getByRole('table', { name: 'Engines' });
  await expect(list).toContainText('its identity is claimed twice');
  await choose(panel, 'Normal');
  await expect.poll(() => third.offers.length + second.offers.length).toBe(1);
  expect(second.offers).toHaveLength(0);
});

test('WEIR_READ_ONLY takes all of it away', async ({ page }) => {
  await product.stop();
  product = await createProduct({ WEIR_READ_ONLY: '1' });
  server = await product.startServer();
  const agent = await connect();
  await page.goto(`${product.url}/settings`);
  const panel = page.getByRole('region', { name: 'Telemetry level' });
  await expect(panel.getByText('This server is read-only.')).toBeVisible();
  await expect(panel.getByRole('radio', { name: 'Basic' })).toBeDisabled();
  const { hash } = await product.get<{ hash: string }>('/api/v1/engines/otap-edge/config');
  const put = await fetch(`${product.url}/api/v1/engines/otap-edge/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ base: hash, patch: { a: 1 } }),
  });
  expect(put.status).toBe(403);
  expect(agent.offers).toEqual([]);
});

test('an agent that may be of either of two engines is asked about, and belongs to the one that was said', async ({
  page,
}) => {
  const report = async (instance: string) => {
    const now = `${Date.now()}000000`;
    const point = { asInt: '1', startTimeUnixNano: now, timeUnixNano: now, attributes: [] };
    const answer = await fetch(`${product.agentUrl}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceMetrics: [
          {
            resource: {
              attributes: [
                { key: 'service.name', value: { stringValue: 'otap-edge' } },
                { key: 'service.instance.id', value: { stringValue: instance } },
              ],
            },
            scopeMetrics: [
              {
                scope: { name: 'engine' },
                metrics: [{ name: 'memory.rss', gauge: { dataPoints: [point] } }],
              },
            ],
          },
        ],
      }),
    });
    expect(answer.status).toBe(200);
  };
  const both = () => Promise.all([report('one'), report('two')]);
  await both();
  const agent = await connect();
  await page.goto(`${product.url}/settings`);
  const question = page.getByRole('group', { name: /^Whose agent is/ });
  await expect
    .poll(
      async () => {
        await both();
        return question.getByRole('button').count();
      },
      { timeout: 30_000 },
    )
    .toBe(2);
  const said = question.getByRole('button').last();
  const id = ((await said.textContent()) ?? '').replace('That of ', '');
  await said.click();
  await expect(question).toHaveCount(0);
  await expect.poll(async () => (await engines()).length).toBe(2);
  const [joined, ...others] = (await engines()).filter((engine) => engine.agent !== null);
  expect(others).toEqual([]);
  // What the agent told of its configuration is that engine's now: it is steered.
  expect(joined).toMatchObject({ id, connected: true, control: { kind: 'state' } });
  expect(agent.isOpen).toBe(true);
});
