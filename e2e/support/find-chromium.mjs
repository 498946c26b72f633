/**
 * Which browser the end-to-end tests use: $WEIR_CHROMIUM, a Chromium of the distribution, Playwright's own, or one
 * that is installed now. Says which, and fails with what to do where none can be had.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chromium } from '@playwright/test';

const DISTRIBUTION_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installed() {
  const chosen = process.env.WEIR_CHROMIUM;
  if (chosen) return isExecutable(chosen) ? { path: chosen, origin: 'WEIR_CHROMIUM' } : null;
  const distribution = DISTRIBUTION_PATHS.find(isExecutable);
  if (distribution) return { path: distribution, origin: 'the distribution' };
  const own = chromium.executablePath();
  return isExecutable(own) ? { path: own, origin: 'Playwright' } : null;
}

function run(command, args) {
  console.log(`  ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function install() {
  console.log('no Chromium found: installing one');
  if (run('npx', ['playwright', 'install', '--with-deps', 'chromium'])) return;
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']);
  }
}

/** `{path, origin}` of a browser that can be started; `null` where none could be installed. */
export function findChromium() {
  const found = installed();
  if (found || process.env.WEIR_CHROMIUM) return found;
  install();
  return installed();
}
