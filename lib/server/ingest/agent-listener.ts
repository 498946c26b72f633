/** The agent-facing port: OTLP/HTTP and OpAMP on one plain `node:http` server, beside Next and not through it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '@/lib/base/result';
import { isAllowedHost } from '../http/host-guard';
import type { OtlpSignal } from '../ports';
import { continueBody, type OtlpEndpoint, refusePath } from './otlp-endpoint';

export interface OpampEndpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export interface AgentListener {
  readonly port: number;
  /** Stops taking connections and cuts those that are open. */
  close(): Promise<void>;
}

const SIGNAL_OF_PATH: Readonly<Record<string, OtlpSignal>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

/**
 * Connections that may wait to be taken; the system may allow fewer. With fewer than there are senders, those of a
 * fleet that all come at once are cut off before anybody could tell them when to come again.
 */
const BACKLOG = 4_096;

export const OPAMP_PATH = '/v1/opamp';

export function startAgentListener(
  options: { readonly host: string; readonly port: number },
  otlp: OtlpEndpoint,
  opamp: OpampEndpoint,
): Promise<Result<AgentListener, string>> {
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    route(request, response).catch((error: unknown) => {
      console.error('weir: a request on the agent port failed:', error);
      if (!response.headersSent) plain(response, 500, 'Internal error.');
      else response.destroy();
    });
  });
  // Who asks before sending (`Expect: 100-continue`) is told to go on by whoever wants the body, or is refused at once.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isAllowedHost(request.headers.host, options.host, null)) {
      return refusePath(request, response, 403, 'This Host is not served here. Set WEIR_HOST to the name.');
    }
    const path = pathOf(request);
    const signal = SIGNAL_OF_PATH[path];
    if (signal) return otlp.handle(signal, request, response);
    if (path === OPAMP_PATH) {
      continueBody(request, response);
      return opamp.handle(request, response);
    }
    const text = 'Agents talk to /v1/traces, /v1/metrics, /v1/logs and /v1/opamp.';
    return refusePath(request, response, 404, text);
  };
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) === OPAMP_PATH && isAllowedHost(request.headers.host, options.host, null)) {
      return opamp.upgrade(request, socket, head);
    }
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  return listen(server, options, opamp);
}

function listen(
  server: Server,
  options: { readonly host: string; readonly port: number },
  opamp: OpampEndpoint,
): Promise<Result<AgentListener, string>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const why = taken
        ? 'is taken: stop the other program, or set WEIR_OTLP_PORT'
        : `cannot be used: ${error.message}`;
      resolve(err(`port ${options.port} on ${options.host} for agents ${why}`));
    });
    server.listen({ port: options.port, host: options.host, backlog: BACKLOG }, () => {
      const { port } = server.address() as AddressInfo;
      const close = () =>
        new Promise<void>((closed) => {
          opamp.close();
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve(ok({ port, close }));
    });
  });
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${text}\n`);
}
