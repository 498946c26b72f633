/** Bundles of the engine as the product's build makes it, for children that measure: no loader's code is measured. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { engineBundleOptions } from '@/engine/launch/bundle-options.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');

/** Where a child finds the other bundles. */
export const BUNDLES_ENV = 'WEIR_BENCH_BUNDLES';
export const CHILD = 'child.mjs';
export const RECORD_ALLOC = 'record-alloc.mjs';
/** The engine with the tracing branch compiled out, its direct counters left. */
export const BARE_ENGINE = 'bare-engine.mjs';

/**
 * Answers every question of the core whether tracing records with `false`: the branch behind it is dead, and the
 * bundler takes it out.
 */
const withoutTracing: Plugin = {
  name: 'without-tracing',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]engine[\\/]core[\\/][^\\/]+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/[\w.]*\bhops\.recording\b/g, 'false'),
      loader: 'ts',
    }));
  },
};

/** Made for the time of `use`, and gone afterwards. */
export async function withBundles<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const built = join(ROOT, 'dist');
  mkdirSync(built, { recursive: true });
  const folder = mkdtempSync(join(built, 'bench-'));
  const bundle = (entry: string, name: string, plugins: Plugin[] = []) =>
    build({
      ...engineBundleOptions,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
      entryPoints: [join(HERE, entry)],
      outfile: join(folder, name),
      plugins,
    });
  try {
    await Promise.all([
      bundle('child.ts', CHILD),
      bundle('record-alloc.ts', RECORD_ALLOC),
      bundle('engine-arm.ts', BARE_ENGINE, [withoutTracing]),
    ]);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
