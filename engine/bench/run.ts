/**
 * `npm run bench` prints one JSON line a case; `npm run bench -- <name>` runs the named ones; `--quick` tries out;
 * `--seed N`, `--runs M` and `--page FILE` are for the cases that know them. Cases of the engine run in a process each,
 * bundled as the product is; those of the library see to that themselves.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchCase, type BenchContext, runCase } from '@/lib/bench/harness';
import { BUNDLES_ENV, CHILD, withBundles } from './bundles';
import { cases as engineCases } from './cases';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const LIBRARY_CASES = [
  'lib/bench/cases.ts',
  'e2e/bench/waterfall-cases.ts',
  'e2e/bench/map-cases.ts',
  'e2e/bench/live-cases.ts',
  'lib/bench/layout-cases.ts',
];

async function libraryCases(): Promise<readonly BenchCase[]> {
  const found: BenchCase[] = [];
  for (const file of LIBRARY_CASES.map((name) => join(ROOT, name)).filter(existsSync)) {
    const loaded = (await import(pathToFileURL(file).href)) as { readonly cases: readonly BenchCase[] };
    found.push(...loaded.cases);
  }
  return found;
}

const { values: asked, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    page: { type: 'string' },
  },
});
const context: BenchContext = {
  seed: Number(asked.seed),
  quick: asked.quick,
  ...(asked.runs !== undefined && { runs: Number(asked.runs) }),
  ...(asked.page !== undefined && { page: asked.page }),
};
const library = await libraryCases();
const all = [...engineCases, ...library];
const unknown = names.filter((name) => !all.some((each) => each.name === name));
const wanted = ({ name }: BenchCase) => names.length === 0 || names.includes(name);
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(' ')}`);
  process.exitCode = 1;
} else {
  if (engineCases.some(wanted)) await withBundles((folder) => runInChildren(folder));
  for (const each of library.filter(wanted)) console.log(await runCase(each, context));
}

async function runInChildren(folder: string): Promise<void> {
  for (const { name } of engineCases.filter(wanted)) {
    const { status } = spawnSync(
      process.execPath,
      [join(folder, CHILD), name, String(context.seed), ...(context.quick ? ['--quick'] : [])],
      { stdio: 'inherit', env: { ...process.env, [BUNDLES_ENV]: folder } },
    );
    if (status !== 0) process.exitCode = 1;
  }
}
