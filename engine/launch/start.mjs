/**
 * `npm start` (server and engine with the demo pipeline), `npm run dev` (the same from sources), `npm run server`,
 * `npm run engine -- <pipeline.yaml>`. Starts what is asked for, says where it is, and ends it together.
 */
import { buildEngine, buildServer } from './build.mjs';
import { startChild } from './children.mjs';
import { ENGINE_BUNDLE, ENGINE_ENTRY, NEXT_CLI, requirePort, settings } from './settings.mjs';

const MODES = ['--dev', '--server', '--engine'];
const args = process.argv.slice(2);
const modes = args.filter((arg) => MODES.includes(arg));
const rest = args.filter((arg) => !MODES.includes(arg));
const dev = modes.includes('--dev');
const { host, port, otlpPort, grpcPort } = settings;

if (modes.includes('--engine')) {
  if (!dev) await buildEngine();
  startEngine(rest);
} else {
  await requirePort(host, port, 'PORT', 'page and API');
  await requirePort(host, otlpPort, 'WEIR_OTLP_PORT', 'agents');
  await requirePort(host, grpcPort, 'WEIR_OTLP_GRPC_PORT', 'OTLP/gRPC');
  const withEngine = !modes.includes('--server');
  if (withEngine) await requirePort('127.0.0.1', settings.enginePort, 'WEIR_ENGINE_OTLP_PORT', 'the engine');
  if (!dev) await buildServer();
  if (withEngine && !dev) await buildEngine();
  startServer();
  if (withEngine) startEngine([]);
  await announce(withEngine);
}

function startServer() {
  const command = dev ? 'dev' : 'start';
  const NODE_ENV = dev ? 'development' : 'production';
  startChild('server', process.execPath, [NEXT_CLI, command, '-H', host, '-p', port], { env: { NODE_ENV } });
}

function startEngine(args) {
  const survivable = 'the server goes on without it; `npm run engine` starts it again';
  const how = dev ? ['--import', 'tsx', ENGINE_ENTRY] : ['--enable-source-maps', ENGINE_BUNDLE];
  startChild('engine', process.execPath, [...how, ...args], { survivable });
}

/** The addresses, once they answer. */
async function announce(withEngine) {
  const answers = () =>
    fetch(`${settings.pageUrl}/api/v1/health`).then(
      (r) => r.ok,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 100));
  const lines = [
    `Weir is running.   ${settings.pageUrl}`,
    `  send OTLP to     ${settings.agentUrl}   (watch your own engine, SDK or Collector)`,
    `  OTLP over gRPC   ${settings.grpcUrl}`,
    `  OpAMP            ${settings.agentUrl}/v1/opamp   (HTTP and WebSocket)`,
  ];
  if (withEngine)
    lines.push(`  demo pipeline    ${settings.engineUrl}   (takes OTLP/HTTP, and generates its own)`);
  console.log(`\n${lines.join('\n')}\n  Ctrl-C stops it.\n`);
}
