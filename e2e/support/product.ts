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

const LAUNCHER = 'engine/launch/start.mjs';

export async function createProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const [port, otlpPort, grpcPort, enginePort] = await freePorts(4);
  const url = `http://127.0.0.1:${port}`;
  const agentUrl = `http://127.0.0.1:${otlpPort}`;
  const settings = {
    PORT: String(port),
    WEIR_OTLP_PORT: String(otlpPort),
    WEIR_OTLP_GRPC_PORT: String(grpcPort),
    WEIR_ENGINE_OTLP_PORT: String(enginePort),
    WEIR_URL: agentUrl,
    ...env,
  };
  const programs: Program[] = [];
  const start = (args: readonly string[]) => {
    const program = startProgram('node', [LAUNCHER, ...args], settings);
    programs.push(program);
    return program;
  };
  return {
    url,
    agentUrl,
    receiverUrl: `http://127.0.0.1:${enginePort}`,
    async startServer() {
      const program = start(['--server']);
      await reachable(`${url}/api/v1/health`, program);
      return program;
    },
    async startEngine(args = []) {
      const program = start(['--engine', ...args]);
      await program.printed(/running/i);
      return program;
    },
    async stop() {
      await Promise.all(programs.map((program) => program.end('SIGKILL')));
    },
    async get<T>(path: string) {
      const response = await fetch(`${url}${path}`);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

async function reachable(url: string, program: Program): Promise<void> {
  let gone: number | string | null = null;
  void program.exited.then((code) => {
    gone = code;
  });
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    if (gone !== null) throw new Error(`the server ended with ${gone}:\n${program.output()}`);
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer from ${url}:\n${program.output()}`);
}
