/** How the engine is bundled: for the product, and for the benches that measure it. */
import { ROOT } from './settings.mjs';

/** @satisfies {import('esbuild').BuildOptions} */
export const engineBundleOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Puts constants in place: the hot path writes columns whose numbers are constants of modules without imports.
  minifySyntax: true,
  packages: 'external',
  // Fields come into being as they are assigned: one that is declared first, and is undefined until then, has no known
  // shape for the compiler, which then looks at its value before every use.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  alias: { '@': ROOT.replace(/\/$/, '') },
  logLevel: 'error',
};
