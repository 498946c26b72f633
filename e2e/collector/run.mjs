/** `npm run test:collector`: a real Collector against the built product in a real browser, and other SDKs over gRPC. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../support/find-chromium.mjs';
import { buildCollector, hasGo } from './build.mjs';

if (!hasGo()) {
  console.log('test:collector was not run: it builds a Collector, and there is no Go here');
  process.exit(0);
}
const browser = findChromium();
if (!browser) {
  console.error('test:collector needs Chromium: install it or set WEIR_CHROMIUM to its path');
  process.exit(1);
}
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
    env: { ...env, WEIR_CHROMIUM: browser.path, WEIR_OTELCOL: buildCollector() },
  },
);
process.exit(result.status ?? 1);
