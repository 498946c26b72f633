/**
 * `npm run test:collector`: a real Collector against the built product in a real browser, and other SDKs over gRPC. A
 * tool that is not there is said and left out; one that is there and cannot get what it needs is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../support/find-chromium.mjs';
import { buildCollector, canBuild } from './build.mjs';
import { hasPython, preparePython } from './python.mjs';

if (!canBuild()) {
  console.log('test:collector was not run: it builds a Collector, and there is no Go here');
  process.exit(0);
}

function required(value, problem) {
  if (value) return value;
  console.error(`test:collector failed: ${problem}`);
  process.exit(1);
}

const collector = required(
  buildCollector(),
  'Go is here, but the Collector could not be built; it needs the Go module proxy (GOPROXY), or WEIR_OTELCOL',
);
let python = null;
if (hasPython()) {
  python = required(
    preparePython(),
    'Python is here, but not its OpenTelemetry SDK; it needs the package index of pip, or WEIR_PYTHON',
  );
} else {
  console.log('the Python SDK was not run: there is no Python with venv and pip here');
}
const browser = required(findChromium(), 'no Chromium: install it or set WEIR_CHROMIUM to its path');

const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
if (!existsSync('.next/BUILD_ID') || !existsSync('dist/engine.mjs')) {
  const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', env });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const result = spawnSync(
  'npx',
  ['playwright', 'test', '-c', 'e2e/collector/playwright.config.ts', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: {
      ...env,
      WEIR_CHROMIUM: browser.path,
      WEIR_OTELCOL: collector,
      ...(python && { WEIR_PYTHON: python }),
    },
  },
);
process.exit(result.status ?? 1);
