/** A real OTLP/HTTP server that keeps what it gets, and answers as the test says. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface Delivered {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly body: Uint8Array;
}

export interface DestinationAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Destination {
  readonly url: string;
  readonly delivered: Delivered[];
  /** Answers in order; 200 when there are no more. */
  readonly answers: (DestinationAnswer | 'hang up' | 'say nothing')[];
  readonly connections: number;
  close(): Promise<void>;
}

export function startDestination(): Promise<Destination> {
  const delivered: Delivered[] = [];
  const answers: Destination['answers'] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers.shift() ?? { status: 200 };
      if (answer === 'say nothing') return;
      if (answer === 'hang up') {
        request.socket.destroy();
        return;
      }
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      delivered.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  server.on('connection', () => {
    connections++;
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({
        url: `http://127.0.0.1:${port}`,
        delivered,
        answers,
        get connections() {
          return connections;
        },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
