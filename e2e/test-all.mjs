/**
 * `npm test`: type check, lint, unit and property tests (the architecture test among them), then the built product
 * end to end in a browser. Stops at the first step that fails; closes with the counts of all runners.
 * `npm test -- --with-collector` ends with `npm run test:collector`, as CI does.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const reports = mkdtempSync(path.join(tmpdir(), 'weir-test-'));
const unitReport = path.join(reports, 'unit.json');
const e2eReport = path.join(reports, 'e2e.json');
const collectorReport = path.join(reports, 'collector.json');

const STEPS = [
  { name: 'route types', command: 'npx', args: ['next', 'typegen'] },
  { name: 'type check', command: 'npx', args: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', command: 'npx', args: ['biome', 'check', '--error-on-warnings', '.'] },
  {
    name: 'unit and property tests',
    command: 'npx',
    args: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
  },
  { name: 'build', command: 'npm', args: ['run', '--silent', 'build'] },
  {
    name: 'end to end',
    command: 'node',
    args: ['e2e/run.mjs', '--reporter=line,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport },
  },
];
if (process.argv.includes('--with-collector'))
  STEPS.push({
    name: 'test:collector',
    command: 'npm',
    args: ['run', '--silent', 'test:collector', '--', '--reporter=line,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: collectorReport },
  });

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function counts() {
  const unit = readJson(unitReport);
  const browsed = [e2eReport, collectorReport].flatMap((file) => readJson(file)?.stats ?? []);
  const sum = (of) => browsed.reduce((total, stats) => total + of(stats), 0);
  return {
    passed: (unit?.numPassedTests ?? 0) + sum(({ expected, flaky }) => expected + flaky),
    failed: (unit?.numFailedTests ?? 0) + sum(({ unexpected }) => unexpected),
    flaky: sum(({ flaky }) => flaky),
  };
}

let failedStep = null;
for (const step of STEPS) {
  console.log(`\n▸ ${step.name}`);
  const began = Date.now();
  const code = await run(step.command, step.args, step.env);
  console.log(
    `  ${step.name}: ${code === 0 ? 'ok' : 'failed'} in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  if (code !== 0) {
    failedStep = step.name;
    break;
  }
}
const { passed, failed, flaky } = counts();
rmSync(reports, { recursive: true, force: true });
if (failedStep) console.log(`\nfailed at: ${failedStep}`);
if (flaky > 0) console.log(`${flaky} passed only at the second try`);
// A step that has no tests of its own fails as one.
console.log(`${passed} passed, ${failedStep && failed === 0 ? 1 : failed} failed`);
process.exit(failedStep ? 1 : 0);
