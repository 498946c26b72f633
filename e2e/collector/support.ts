/** A Collector as a user runs it, and the backend that it delivers to. */
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { freePorts } from '../support/ports';
import { type Program, startProgram } from '../support/process';

export interface CollectorPorts {
  readonly IN_HTTP: string;
  readonly IN_GRPC: string;
  readonly BACKEND: string;
}

export async function collectorPorts(): Promise<CollectorPorts> {
  const [http, grpc, backend] = await freePorts(3);
  return { IN_HTTP: String(http), IN_GRPC: String(grpc), BACKEND: String(backend) };
}

/** `files` of this folder, merged in order. */
export function startCollector(
  files: readonly string[],
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Program {
  const binary = process.env.WEIR_OTELCOL;
  if (!binary) throw new Error('WEIR_OTELCOL names the Collector: `npm run test:collector` sets it');
  const configs = files.flatMap((file) => ['--config', path.join(import.meta.dirname, file)]);
  return startProgram(binary, [...configs, ...flags], env);
}

export interface Backend {
  readonly requests: number;
  stop(): Promise<void>;
}

/** Takes whatever comes by OTLP/HTTP. */
export function startBackend(port: string): Promise<Backend> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      requests++;
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), '127.0.0.1', () =>
      resolve({
        get requests() {
          return requests;
        },
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
