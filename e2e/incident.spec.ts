/** An incident leaves as a file and opens elsewhere; captures and other tools' files are played over the wire. */
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { startProgram } from './support/process';
import { createProduct, type Product } from './support/product';

interface Finding {
  readonly id: string;
  readonly kind: string;
  readonly node?: string;
  readonly title: string;
  readonly since: string;
}
interface Traces {
  readonly total: number;
  readonly traces: readonly {
    readonly traceId: string;
    readonly spanCount: number;
    readonly startUnixNano: string;
  }[];
}
const SECRET = 'a-very-secret-value';
const PIPELINE = `pipeline: { id: incident }
policies: { channels: { pdata: { capacity: 8 } } }
nodes:
  in: { type: receiver:traffic_generator, config: { rate: 30, items_per_batch: 20 } }
  tag: { type: processor:attributes, config: { actions: [{ action: upsert, key: api_key, value: "${SECRET}" }] } }
  slow: { type: exporter:noop, config: { delayMs: 120, jitterMs: 20 } }
connections:
  - { from: in, to: tag }
  - { from: tag, to: slow }
`;

const products: Product[] = [];
async function newProduct(): Promise<Product> {
  const product = await createProduct();
  products.push(product);
  await product.startServer();
  return product;
}
test.afterEach(async () => {
  await Promise.all(products.splice(0).map((product) => product.stop()));
});

function command(product: Product, ...args: string[]) {
  return startProgram(
    'npx',
    ['tsx', 'lib/server/replay/main.ts', ...args, '--to', product.agentUrl, '--api', product.url],
    {},
  );
}

test('an incident is exported as one file and opens in a fresh server: the same traces, series, findings and map', async ({
  browserName: _,
}, info) => {
  const there = await newProduct();
  const pipeline = info.outputPath('pipeline.yaml');
  await writeFile(pipeline, PIPELINE);
  const engine = await there.startEngine([pipeline]);
  const findings = async (product: Product) =>
    (await product.get<{ findings: readonly Finding[] }>('/api/v1/findings')).findings;
  await expect.poll(async () => (await findings(there)).length, { timeout: 40_000 }).toBeGreaterThan(0);
  await engine.end('SIGTERM');
  const before = await there.get<Traces>('/api/v1/traces?limit=1000');
  const to = BigInt(before.traces[0]?.startUnixNano ?? '0') + 2_000_000_000n;
  // All of the engine's life: what lies before the window is not in the file, and its figures would differ.
  const from = to - 90_000_000_000n;

  // A finding may open while the file is written, with a beginning before it: then it is asked for again.
  let known = '';
  let bundle = Buffer.alloc(0);
  for (let same = false; !same; ) {
    known = JSON.stringify((await findings(there)).map(({ id }) => id));
    const answer = await fetch(`${there.url}/api/v1/bundle?from=${from}&to=${to}`);
    expect(answer.headers.get('content-disposition')).toMatch(/"weir-incident-.*\.jsonl\.gz"/);
    bundle = Buffer.from(await answer.arrayBuffer());
    same = known === JSON.stringify((await findings(there)).map(({ id }) => id));
  }
  const found = await findings(there);
  const file = info.outputPath('incident.jsonl.gz');
  await writeFile(file, bundle);
  const text = gunzipSync(await readFile(file)).toString('utf8');
  expect(text).not.toContain(SECRET);
  expect(text).toContain('[redacted]');

  const here = await newProduct();
  const program = command(here, file);
  expect(await program.exited, program.output()).toBe(0);
  expect(program.output()).toContain('an incident bundle');

  // Everything moved by the same, which is told by any trace that is in both.
  const after = await here.get<Traces>('/api/v1/traces?limit=1000');
  const moved = new Map(after.traces.map((trace) => [trace.traceId, trace]));
  const within = before.traces.filter(({ startUnixNano }) => BigInt(startUnixNano) >= from);
  expect(after.total).toBe(within.length);
  const [first] = within;
  const shift =
    BigInt(moved.get(first?.traceId ?? '')?.startUnixNano ?? '0') - BigInt(first?.startUnixNano ?? '0');
  expect(shift % 10_000_000_000n).toBe(0n);
  for (const { traceId, spanCount, startUnixNano } of within)
    expect(moved.get(traceId)).toMatchObject({
      spanCount,
      startUnixNano: String(BigInt(startUnixNano) + shift),
    });

  const told = (list: readonly Finding[], by: bigint) =>
    list
      .filter(({ since }) => BigInt(since) + by <= to + shift)
      .map(({ kind, node, title, since }) => ({ kind, node, title, since: String(BigInt(since) + by) }))
      // Two that harm alike change places with the second in which each server looks.
      .sort((a, b) => `${a.since} ${a.kind} ${a.node}`.localeCompare(`${b.since} ${b.kind} ${b.node}`));
  expect(told(found, shift).length).toBeGreaterThan(0);
  expect(told(await findings(here), 0n)).toEqual(told(found, shift));

  const engineId = encodeURIComponent((await there.get<{ id: string }[]>('/api/v1/engines'))[0]?.id ?? '');
  const range = (by: bigint) =>
    `engine=${engineId}&from=${from + by}&to=${to + by - 4_000_000_000n}&stepMs=1000`;
  for (const metric of ['node.throughput_out', 'node.latency', 'channel.utilization', 'channel.depth']) {
    const seen = (product: Product, by: bigint) =>
      product.get<{ series: readonly { id: string; values: readonly (number | null)[] }[] }>(
        `/api/v1/metrics?metric=${metric}&${range(by)}`,
      );
    const [was, is] = [await seen(there, 0n), await seen(here, shift)];
    expect(is.series.length, metric).toBeGreaterThan(0);
    expect(rounded(is.series), metric).toEqual(rounded(was.series));
  }

  const map = async (product: Product, by: bigint) => {
    const at = to + by - 5_000_000_000n;
    const answered = await product.get<{ nodes: readonly object[]; edges: readonly object[] }>(
      `/api/v1/topology?engine=${engineId}&at=${at}`,
    );
    return rounded({ nodes: answered.nodes, edges: answered.edges });
  };
  expect(await map(here, shift)).toEqual(await map(there, 0n));
});

/** Doubles that went through other bins of the same numbers. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'number' ? Number(inner.toPrecision(3)) : inner,
    ),
  );
}

test('a capture of a Collector is played at its own order: traces, map and agent are there', async () => {
  const product = await newProduct();
  const program = command(product, 'lib/dialects/fixtures/collector/healthy', '--speed', 'max');
  expect(await program.exited, program.output()).toBe(0);
  expect(program.output()).toMatch(/sent \d+ requests, \d+ agent messages/);
  const [engine] = await product.get<{ dialect: string; agent: object | null }[]>('/api/v1/engines');
  expect(engine).toMatchObject({ dialect: 'collector', agent: { transport: 'http' } });
  const { nodes } = await product.get<{ nodes: readonly { component: string }[] }>('/api/v1/topology');
  expect(nodes.map(({ component }) => component)).toContain('otlp');
  const { traces, total } = await product.get<Traces>('/api/v1/traces');
  expect(total).toBeGreaterThan(0);
  const age = BigInt(Date.now()) * 1_000_000n - BigInt(traces[0]?.startUnixNano ?? '0');
  expect(Number(age / 1_000_000_000n)).toBeLessThan(300);
});

test('a file of another tool is imported with its own times; what cannot be read is said', async ({
  browserName: _,
}, info) => {
  const product = await newProduct();
  const file = info.outputPath('other.json');
  const span = {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    name: 'checkout',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000005000000',
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const request = { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
  await writeFile(file, `${JSON.stringify(request, null, 2)}\nnonsense\n`);
  const program = command(product, '--import', file);
  expect(await program.exited, program.output()).toBe(0);
  expect(program.output()).toMatch(/other\.json:\d+: no JSON object/);
  const { trace } = await product.get<{ trace: object }>(`/api/v1/traces/${span.traceId}`);
  expect(trace).toMatchObject({ startUnixNano: span.startTimeUnixNano, spanCount: 1 });
});

test('a replay without a server, or of nothing, ends with one line and another code than 0', async ({
  browserName: _,
}, info) => {
  const nobody = startProgram(
    'npx',
    [
      'tsx',
      'lib/server/replay/main.ts',
      'lib/dialects/fixtures/collector/healthy',
      '--to',
      'http://127.0.0.1:9',
    ],
    {},
  );
  expect(await nobody.exited).toBe(1);
  expect(nobody.output()).toMatch(/cannot be reached .*is Weir running/);
  const nothing = startProgram(
    'npx',
    ['tsx', 'lib/server/replay/main.ts', info.outputPath('none.jsonl')],
    {},
  );
  expect(await nothing.exited).toBe(1);
  expect(nothing.output()).toMatch(/ENOENT/);
});

test('the page exports the window that ends at the cursor, and shows how Weir itself is doing', async ({
  page,
}) => {
  const product = await newProduct();
  const at = BigInt(Math.floor(Date.now() / 1_000) - 120) * 1_000_000_000n;
  await page.goto(`${product.url}/settings?at=${at}`);
  await page.getByRole('button', { name: 'Export the incident as a file' }).click();
  await page.getByText('5 min', { exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^weir-incident-.*\.jsonl\.gz$/);
  const [first] = gunzipSync(await readFile(await file.path()))
    .toString('utf8')
    .split('\n');
  const { weirBundle } = JSON.parse(first ?? '') as {
    weirBundle: { fromUnixNano: string; toUnixNano: string };
  };
  expect(BigInt(weirBundle.toUnixNano) - BigInt(weirBundle.fromUnixNano)).toBe(300_000_000_000n);
  expect(BigInt(weirBundle.toUnixNano) - at).toBe(60_000_000_000n);
  await page.keyboard.press('Escape');

  const health = page.getByRole('region', { name: 'Health of Weir' });
  await expect(health.getByText('event loop late')).toBeVisible();
  await expect(health.getByRole('table', { name: 'Answers by endpoint' })).toContainText('vitals');
  await expect(health.getByRole('table', { name: 'Bounded tables' })).toContainText('decisions to keep');
  await expect(health.getByText('never arrived from engines, last hour')).toBeVisible();
});
