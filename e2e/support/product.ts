/**
 * The built product on free ports, started by the same commands as a user's. Server and engine are separate
 * programs here, so that a test can end one of them as an accident would.
 */
import { freePorts } from './ports';
import { type Program, startProgram } from './process';

export interface Product {
  /** `http://127.0.0.1:<port>` of pages and API. */
  readonly url: string;
  /** Where agents send OTLP and speak OpAMP. */
  readonly agentUrl: string;
  /** The engine's own OTLP receiver. */
  readonly receiverUrl: string;
  startServer(): Promise<Program>;
  startEngine(args?: readonly string[]): Promise<Program>;
  /** Ends all that was started. */
  stop(): Promise<void>;
  get<T>(path: string): Promise<T>;
}

/** The programs that `npm start` starts, without the launcher between, so that a signal reaches the program itself. */
const SERVER = ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1'];
const ENGINE = ['--enable-source-maps', 'dist/engine.mjs'];

export async function createProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const [port, otlpPort, grpcPort, enginePort] = await freePorts(4);
  const url = `http://127.0.0.1:${port}`;
  const agentUrl = `http://127.0.0.1:${otlpPort}`;
  const settings = {
    PORT: String(port),
    WEIR_HOST: '127.0.0.1',
    WEIR_OTLP_PORT: String(otlpPort),
    WEIR_OTLP_GRPC_PORT: String(grpcPort),
    WEIR_ENGINE_OTLP_PORT: String(enginePort),
    WEIR_URL: agentUrl,
    NODE_ENV: 'production',
    ...env,
  };
  const programs: Program[] = [];
  const start = (args: readonly string[]) => {
    const program = startProgram(process.execPath, args, settings);
    programs.push(program);
    return program;
  };
  const get = async <T>(path: string) => {
    const response = await fetch(`${url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    url,
    agentUrl,
    receiverUrl: `http://127.0.0.1:${enginePort}`,
    get,
    async startServer() {
      const program = start([...SERVER, '-p', String(port)]);
      await until(program, async () => (await fetch(`${url}/api/v1/health`)).ok);
      return program;
    },
    async startEngine(args = []) {
      const program = start([...ENGINE, ...args]);
      await until(program, async () => {
        const engines =
          await get<readonly { readonly connected: boolean; readonly pipelines: readonly string[] }[]>(
            '/api/v1/engines',
          );
        return engines.some((engine) => engine.connected && engine.pipelines.length > 0);
      });
      return program;
    },
    async stop() {
      await Promise.all(programs.map((program) => program.end('SIGKILL')));
    },
  };
}

const START_LIMIT_MS = 30_000;

/** Asks until it is so; rejects with the program's output when it ends first or takes too long. */
async function until(program: Program, isSo: () => Promise<boolean>): Promise<void> {
  let gone: number | string | null = null;
  void program.exited.then((code) => {
    gone = code;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (gone !== null) throw new Error(`ended with ${gone}:\n${program.output()}`);
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not come up:\n${program.output()}`);
}
