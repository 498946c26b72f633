/** OTLP/HTTP as the specification has it, asked of both receivers that Weir ships, and of two that fall short. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { fileReader, weirReader } from './conformance/read-back';
import type { Target } from './conformance/requirement';
import { judge, REQUIREMENTS } from './conformance/suite';
import { freePorts } from './support/ports';
import { startProgram } from './support/process';
import { createProduct, type Product } from './support/product';

/** What a relay passes on unread is the business of those behind it. */
const NOT_OF_THE_ENGINE = ['partial', 'warning'];

let product: Product;
let folder: string;
const targets: Partial<Record<'server' | 'engine', Target>> = {};

test.beforeAll(async () => {
  product = await createProduct();
  await product.startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'weir-conformance-'));
  const file = path.join(folder, 'out.jsonl');
  const pipeline = path.join(folder, 'pipeline.yaml');
  const port = new URL(product.receiverUrl).port;
  await writeFile(
    pipeline,
    `nodes:
  in: { type: receiver:otlp, config: { port: ${port} } }
  out: { type: exporter:file, config: { path: "${file}" } }
connections: [{ from: in, to: out }]
`,
  );
  await product.startEngine([pipeline]);
  targets.server = { url: product.agentUrl, readBack: weirReader(product.url) };
  targets.engine = { url: product.receiverUrl, readBack: fileReader(file) };
});
test.afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true });
});

for (const name of ['server', 'engine'] as const) {
  test.describe(`the ${name}'s receiver`, () => {
    for (const requirement of REQUIREMENTS) {
      test(`${requirement.id}: ${requirement.text}`, async () => {
        const target = targets[name];
        if (!target) throw new Error('it did not start');
        const { outcome, reason } = await judge(requirement, target);
        const expected = name === 'engine' && NOT_OF_THE_ENGINE.includes(requirement.id) ? 'n/a' : 'pass';
        expect(`${outcome} ${reason}`.trim()).toMatch(new RegExp(`^${expected}`));
      });
    }
  });
}

test.describe('npm run conformance', () => {
  const run = (...args: string[]) => startProgram('npx', ['tsx', 'e2e/conformance/main.ts', ...args], {});

  test('prints a line for each requirement and ends with 0 where all hold', async () => {
    const program = run(product.agentUrl, '--weir', product.url);
    expect(await program.exited, program.output()).toBe(0);
    for (const { id } of REQUIREMENTS) expect(program.output()).toMatch(new RegExp(`^pass +${id} `, 'm'));
    expect(program.output()).toContain(`${REQUIREMENTS.length} passed, 0 failed, 0 not applicable`);
  });

  test('says what a receiver that answers everything with 200 gets wrong, and ends with 1', async () => {
    const careless: Server = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.end('ok'));
    });
    const [port] = await freePorts(1);
    await new Promise<void>((resolve) => careless.listen(port, '127.0.0.1', resolve));
    const program = run(`http://127.0.0.1:${port}`);
    expect(await program.exited).toBe(1);
    expect(program.output()).toMatch(/^fail +traces\.protobuf /m);
    expect(program.output()).toMatch(/^fail +malformed /m);
    expect(program.output()).toMatch(/^fail +path /m);
    careless.closeAllConnections();
    await new Promise((resolve) => careless.close(resolve));
  });

  test('says how it is called where it is called otherwise, and ends with 2', async () => {
    const program = run('no-url');
    expect(await program.exited).toBe(2);
    expect(program.output()).toContain('usage: npm run conformance');
  });
});
