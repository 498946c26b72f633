/**
 * `first-load`: JavaScript that each page makes a browser fetch until it has settled, gzipped as a proxy would send it,
 * against a blank Next application that is built in the same run. What a page fetches after its `load` event by itself
 * (the canvas of the map) is reported beside it: heavy parts come later.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from '@playwright/test';
import type { BenchContext, BenchFigures } from '@/lib/bench/harness';
import { findChromium } from '../support/find-chromium.mjs';
import { freePorts } from '../support/ports';
import { startProgram } from '../support/process';
import { createProduct } from '../support/product';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next');
const PAGES = ['/', '/traces', '/metrics', '/control', '/settings'] as const;

interface Load {
  /** Gzipped bytes of the scripts that the document itself names, and of those that it fetches afterwards. */
  readonly first: number;
  readonly later: number;
}

export async function firstLoad({ quick }: BenchContext): Promise<BenchFigures> {
  const found = findChromium();
  if (!found) throw new Error('first-load needs Chromium');
  const browser = await chromium.launch({
    executablePath: found.path,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const product = await createProduct();
  try {
    const blank = await blankApp(browser);
    await product.startServer();
    await product.startEngine();
    const loads = new Map<string, Load>();
    for (const page of PAGES) loads.set(page, await loadOf(browser, `${product.url}${page}`, quick ? 1 : 3));
    const ratios = Object.fromEntries([...loads].map(([page, load]) => [page, load.first / blank.first]));
    const again = await loadOf(browser, `${product.url}/`, 1);
    return {
      median: Math.max(...Object.values(ratios)),
      ci: null,
      peer: 1,
      floor: null,
      aa: again.first / (loads.get('/')?.first ?? 1),
      structural: true,
      samples: PAGES.length,
      detail: {
        blankBytes: blank.first + blank.later,
        pages: Object.fromEntries(
          [...loads].map(([page, load]) => [
            page,
            {
              firstBytes: load.first,
              laterBytes: load.later,
              ratio: Math.round((ratios[page] ?? 0) * 1_000) / 1_000,
            },
          ]),
        ),
      },
    };
  } finally {
    await browser.close();
    await product.stop();
  }
}

/** The smallest app that Next makes, built here and now with the same Next. */
async function blankApp(browser: Browser): Promise<Load> {
  // Beside the other builds, where the same packages are found.
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', 'blank-'));
  try {
    mkdirSync(join(folder, 'app'));
    writeFileSync(join(folder, 'package.json'), '{"name":"blank","private":true}');
    writeFileSync(
      join(folder, 'app/layout.js'),
      'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }\n',
    );
    writeFileSync(join(folder, 'app/page.js'), 'export default function Page() { return <p>blank</p>; }\n');
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    const built = spawnSync(process.execPath, [NEXT, 'build'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    if (built.status !== 0)
      throw new Error(`the blank app could not be built:\n${built.stdout}${built.stderr}`);
    const [port] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const args = [NEXT, 'start', folder, '-H', '127.0.0.1', '-p', String(port)];
    const server = startProgram(process.execPath, args, { NODE_ENV: 'production' });
    try {
      await server.printed(/Ready/);
      return await loadOf(browser, url, 1);
    } finally {
      await server.end('SIGKILL');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Scripts named by the document are the first load; what follows within a few seconds came later by itself. */
async function loadOf(browser: Browser, url: string, times: number): Promise<Load> {
  let best: Load | null = null;
  for (let run = 0; run < times; run++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const sizes = new Map<string, number>();
    const under: Promise<void>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script' || !response.ok()) return;
      under.push(response.body().then((body) => void sizes.set(response.url(), gzipSync(body).length)));
    });
    const document = await page.goto(url, { waitUntil: 'load' });
    const html = (await document?.text()) ?? '';
    await page.waitForTimeout(3_000);
    await Promise.all(under);
    await context.close();
    let first = 0;
    let later = 0;
    for (const [script, bytes] of sizes) {
      if (html.includes(new URL(script).pathname)) first += bytes;
      else later += bytes;
    }
    if (!best || first < best.first) best = { first, later };
  }
  if (!best) throw new Error(`${url} was not loaded`);
  return best;
}
