/**
 * A real Collector, built by its official builder from `builder.yaml`, once for each content of that file, outside of
 * the checkout. Two to ten minutes on two cores the first time; WEIR_OTELCOL names a binary to use instead.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MANIFEST = fileURLToPath(new URL('builder.yaml', import.meta.url));
const BUILDER = 'go.opentelemetry.io/collector/cmd/builder@v0.158.0';
const LIMIT_MS = 30 * 60_000;

export function hasGo() {
  return process.env.WEIR_OTELCOL !== undefined || spawnSync('go', ['version']).status === 0;
}

/** The path of the binary. Throws with the builder's output where it cannot be built. */
export function buildCollector() {
  if (process.env.WEIR_OTELCOL) return process.env.WEIR_OTELCOL;
  const content = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 12);
  const folder = path.join(tmpdir(), 'weir-otelcol', content);
  const binary = path.join(folder, 'otelcol');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  console.log(`building a Collector into ${folder}: minutes the first time, then it is kept`);
  const output = path.join(folder, 'build');
  const built = spawnSync('go', ['run', BUILDER, '--config', MANIFEST, '--output-path', output], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: LIMIT_MS,
  });
  if (built.status !== 0) throw new Error('the Collector could not be built');
  renameSync(path.join(output, 'weir-otelcol'), binary);
  return binary;
}
