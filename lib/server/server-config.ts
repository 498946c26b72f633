/** What the environment says. Read once at start; a bad value is a clear refusal, not a silent default. */
import { parseByteSize } from '@/lib/base/bytes';
import { err, ok, type Result } from '@/lib/base/result';

export interface ServerConfig {
  readonly host: string;
  /** UI and API. */
  readonly port: number;
  /** What agents talk to. */
  readonly otlpPort: number;
  /** OTLP/gRPC. */
  readonly grpcPort: number;
  readonly storeBudgetBytes: number;
  readonly seriesBudgetBytes: number;
  readonly readOnly: boolean;
  readonly version: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const MIN_BUDGET_BYTES = 1 << 20;

export function readServerConfig(env: Environment): Result<ServerConfig, string> {
  const port = readPort(env, 'PORT', 3000);
  const otlpPort = readPort(env, 'WEIR_OTLP_PORT', 4318);
  const grpcPort = readPort(env, 'WEIR_OTLP_GRPC_PORT', 4317);
  const storeBudgetBytes = readBudget(env, 'WEIR_STORE_BUDGET', '256MiB');
  const seriesBudgetBytes = readBudget(env, 'WEIR_SERIES_BUDGET', '128MiB');
  if (!port.ok) return port;
  if (!otlpPort.ok) return otlpPort;
  if (!grpcPort.ok) return grpcPort;
  if (!storeBudgetBytes.ok) return storeBudgetBytes;
  if (!seriesBudgetBytes.ok) return seriesBudgetBytes;
  return ok({
    host: env.WEIR_HOST || '127.0.0.1',
    port: port.value,
    otlpPort: otlpPort.value,
    grpcPort: grpcPort.value,
    storeBudgetBytes: storeBudgetBytes.value,
    seriesBudgetBytes: seriesBudgetBytes.value,
    readOnly: env.WEIR_READ_ONLY === '1',
    version: env.WEIR_VERSION || '0.1.0',
  });
}

function readPort(env: Environment, name: string, fallback: number): Result<number, string> {
  const text = env[name];
  if (!text) return ok(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return ok(port);
  return err(`${name}=${text} is no port: give a number from 0 to 65535`);
}

function readBudget(env: Environment, name: string, fallback: string): Result<number, string> {
  const text = env[name] || fallback;
  const bytes = parseByteSize(text);
  if (bytes === null) return err(`${name}=${text} is no size: give it as 256MiB or 1GiB`);
  if (bytes < MIN_BUDGET_BYTES) return err(`${name}=${text} is too small: give at least 1MiB`);
  return ok(bytes);
}
