/** A Python with the OpenTelemetry SDK and its gRPC exporter, in an environment of its own outside of the checkout. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PACKAGES = ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-grpc'];
const LIMIT_MS = 5 * 60_000;

/** The interpreter's path; null where there is no Python, or its packages cannot be had. */
export function preparePython() {
  if (process.env.WEIR_PYTHON) return process.env.WEIR_PYTHON;
  const folder = path.join(tmpdir(), 'weir-python');
  const python = path.join(folder, 'bin', 'python');
  const run = (command, args) =>
    spawnSync(command, args, { stdio: 'ignore', timeout: LIMIT_MS }).status === 0;
  const isReady = () => run(python, ['-c', 'import opentelemetry.exporter.otlp.proto.grpc.trace_exporter']);
  if (existsSync(python) && isReady()) return python;
  if (!run('python3', ['-m', 'venv', folder])) return null;
  return run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]) && isReady() ? python : null;
}
