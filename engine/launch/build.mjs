/** `npm run build`: builds both programs. Also used by `npm start`, which builds only what is missing or older. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_BUNDLE, ENGINE_ENTRY, fail, NEXT_BUILD_ID, NEXT_CLI, ROOT, settings } from './settings.mjs';

const SERVER_SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.js',
  'package.json',
  'tsconfig.json',
  'postcss.config.mjs',
];
const ENGINE_SOURCES = ['engine', 'lib', 'package.json'];

export async function buildServer({ force = false } = {}) {
  if (!force && isFresh(NEXT_BUILD_ID, SERVER_SOURCES)) return;
  console.log('weir: building the server (about half a minute, once)');
  const { status } = spawnSync(process.execPath, [NEXT_CLI, 'build'], {
    cwd: ROOT,
    stdio: ['ignore', force ? 'inherit' : 'ignore', 'inherit'],
    env: { ...settings.env, NODE_ENV: 'production' },
  });
  if (status !== 0) fail('the server could not be built: run npm run build to see why');
}

export async function buildEngine({ force = false } = {}) {
  if (!force && isFresh(ENGINE_BUNDLE, ENGINE_SOURCES)) return;
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [ENGINE_ENTRY],
    outfile: ENGINE_BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Puts constants in place: the hot path writes columns whose numbers are constants of other files.
    minifySyntax: true,
    packages: 'external',
    // Fields come into being as they are assigned: one that is declared first, and is undefined until then, has no known
    // shape for the compiler, which then looks at its value before every use.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    alias: { '@': ROOT.replace(/\/$/, '') },
    logLevel: 'error',
  }).catch(() => fail('the engine could not be built'));
}

/** True where nothing that it is made from is newer. Tests and their fixtures are not. */
function isFresh(target, sources) {
  if (!existsSync(target)) return false;
  const builtMs = statSync(target).mtimeMs;
  return sources.every((source) => newestMs(path.join(ROOT, source)) <= builtMs);
}

function newestMs(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return /\.test\.[a-z]+$/.test(file) ? 0 : stats.mtimeMs;
  return readdirSync(file).reduce((newest, name) => Math.max(newest, newestMs(path.join(file, name))), 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildServer({ force: true });
  await buildEngine({ force: true });
}
