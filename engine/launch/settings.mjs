/** Where things are and what the environment says, for all launchers. Plain Node: it runs before anything is built. */
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MALLOC_ENV } from '../../lib/base/malloc-env.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const ENGINE_ENTRY = 'engine/main/main.ts';
export const ENGINE_BUNDLE = path.join(ROOT, 'dist/engine.mjs');
export const NEXT_CLI = path.join(ROOT, 'node_modules/next/dist/bin/next');
export const DIST_DIR = process.env.WEIR_DIST_DIR || '.next';
export const NEXT_BUILD_ID = path.join(ROOT, DIST_DIR, 'BUILD_ID');

const HOST = process.env.WEIR_HOST || '127.0.0.1';
const PORT = process.env.PORT || '3000';
const OTLP_PORT = process.env.WEIR_OTLP_PORT || '4318';
const GRPC_PORT = process.env.WEIR_OTLP_GRPC_PORT || '4317';
const ENGINE_PORT = process.env.WEIR_ENGINE_OTLP_PORT || '14318';
/** What to type into a browser: wildcard addresses cannot be visited. */
const VISIBLE_HOST = ['0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST;

export const settings = {
  host: HOST,
  port: PORT,
  otlpPort: OTLP_PORT,
  grpcPort: GRPC_PORT,
  enginePort: ENGINE_PORT,
  pageUrl: `http://${VISIBLE_HOST}:${PORT}`,
  agentUrl: `http://${VISIBLE_HOST}:${OTLP_PORT}`,
  grpcUrl: `http://${VISIBLE_HOST}:${GRPC_PORT}`,
  engineUrl: `http://127.0.0.1:${ENGINE_PORT}`,
  env: {
    ...MALLOC_ENV,
    ...process.env,
    PORT,
    WEIR_HOST: HOST,
    WEIR_OTLP_PORT: OTLP_PORT,
    WEIR_OTLP_GRPC_PORT: GRPC_PORT,
    WEIR_ENGINE_OTLP_PORT: ENGINE_PORT,
    WEIR_URL: process.env.WEIR_URL || `http://${VISIBLE_HOST}:${OTLP_PORT}`,
    NEXT_TELEMETRY_DISABLED: '1',
  },
};

/** Ends the process with one line if a port cannot be had. */
export async function requirePort(host, port, variable, what) {
  const problem = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(error.code));
    probe.listen(Number(port), host, () => probe.close(() => resolve(null)));
  });
  if (problem === 'EADDRINUSE')
    fail(`port ${port} (${what}) is taken: stop the other program, or set ${variable} to a free port`);
  if (problem) fail(`port ${port} on ${host} (${what}) cannot be used: ${problem}`);
}

export function fail(reason) {
  console.error(`weir: ${reason}`);
  process.exit(1);
}
