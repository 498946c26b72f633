/**
 * A real Collector, built by its official builder from `builder.yaml`, once for each content of that file. Two to ten
 * minutes on two cores the first time; WEIR_OTELCOL names a binary to use instead.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, runTwice, succeeds } from './cache.mjs';

const MANIFEST = fileURLToPath(new URL('builder.yaml', import.meta.url));
const BUILDER = 'go.opentelemetry.io/collector/cmd/builder@v0.158.0';
const LIMIT_MS = 20 * 60_000;

export function canBuild() {
  return Boolean(process.env.WEIR_OTELCOL) || succeeds('go', ['version']);
}

/** The path of the binary; null where it could not be built, of which Go's own output says why. */
export function buildCollector() {
  if (process.env.WEIR_OTELCOL) return process.env.WEIR_OTELCOL;
  const folder = cacheFolder('otelcol', `${BUILDER}\n${process.arch}\n${readFileSync(MANIFEST, 'utf8')}`);
  const binary = path.join(folder, 'otelcol');
  if (existsSync(binary)) {
    console.log(`the Collector is there: ${binary}`);
    return binary;
  }
  console.log(`building a Collector into ${folder}: minutes the first time, then it is kept`);
  const began = Date.now();
  // In a folder of this run alone, and moved when it is whole: a run that is cut short leaves nothing behind that looks built.
  const output = mkdtempSync(path.join(folder, 'build-'));
  try {
    if (!runTwice('go', ['run', BUILDER, '--config', MANIFEST, '--output-path', output], LIMIT_MS))
      return null;
    renameSync(path.join(output, 'weir-otelcol'), binary);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  console.log(`the Collector was built in ${Math.round((Date.now() - began) / 1_000)} s`);
  return binary;
}
