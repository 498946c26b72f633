/**
 * `npm run bench` prints one JSON line a case; `npm run bench -- <name>` runs the named ones; `--quick` tries out.
 * `--seed N`, `--runs M` and `--page FILE` are for the cases that know them.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchCase, type BenchContext, runCase } from '@/lib/bench/harness';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CASE_FILES = [
  'engine/bench/cases.ts',
  'lib/bench/cases.ts',
  'e2e/bench/waterfall-cases.ts',
  'e2e/bench/map-cases.ts',
];

async function allCases(): Promise<BenchCase[]> {
  const found: BenchCase[] = [];
  for (const file of CASE_FILES) {
    const path = join(ROOT, file);
    if (!existsSync(path)) continue;
    const loaded = (await import(pathToFileURL(path).href)) as { readonly cases: readonly BenchCase[] };
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
const cases = await allCases();
const unknown = names.filter((name) => !cases.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(
    `no bench named ${unknown.join(', ')}; there are: ${cases.map((each) => each.name).join(' ')}`,
  );
  process.exitCode = 1;
} else {
  for (const each of cases) {
    if (names.length > 0 && !names.includes(each.name)) continue;
    console.log(await runCase(each, context));
  }
}
