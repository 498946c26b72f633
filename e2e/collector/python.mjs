/** A Python with the OpenTelemetry SDK and its gRPC exporter, in an environment of its own; WEIR_PYTHON names one to use instead. */
import path from 'node:path';
import { cacheFolder, runTwice, succeeds } from './cache.mjs';

const PACKAGES = ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-grpc'];
const LIMIT_MS = 5 * 60_000;

/** True where there is a Python that can make such environments. */
export function hasPython() {
  return Boolean(process.env.WEIR_PYTHON) || succeeds('python3', ['-c', 'import venv, ensurepip']);
}

/** The interpreter's path; null where the packages could not be installed, of which pip's own output says why. */
export function preparePython() {
  if (process.env.WEIR_PYTHON) return process.env.WEIR_PYTHON;
  const folder = cacheFolder('python', PACKAGES.join('\n'));
  const python = path.join(folder, 'bin', 'python');
  const isReady = () =>
    succeeds(python, ['-c', 'import opentelemetry.exporter.otlp.proto.grpc.trace_exporter']);
  if (isReady()) return python;
  console.log(`installing the Python SDK into ${folder}`);
  // Anew, whatever a run that was cut short left there.
  const isMade = runTwice('python3', ['-m', 'venv', '--clear', folder], LIMIT_MS);
  if (!isMade || !runTwice(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], LIMIT_MS)) return null;
  return isReady() ? python : null;
}
