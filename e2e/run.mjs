/** `npm run e2e [-- playwright arguments]`: finds a browser, says which, and runs the end-to-end tests on the built product. */
import { spawnSync } from 'node:child_process';
import { findChromium } from './support/find-chromium.mjs';

const browser = findChromium();
if (!browser) {
  console.error(
    'end-to-end tests need Chromium: install it (apt-get install chromium) or set WEIR_CHROMIUM to its path',
  );
  process.exit(1);
}
console.log(`browser: ${browser.path} (${browser.origin})`);
const result = spawnSync(
  'npx',
  ['playwright', 'test', '-c', 'e2e/playwright.config.ts', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env, WEIR_CHROMIUM: browser.path, NEXT_TELEMETRY_DISABLED: '1' },
  },
);
process.exit(result.status ?? 1);
