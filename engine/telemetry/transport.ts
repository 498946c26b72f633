/** How OTLP requests leave: over HTTP in the product, into a list in tests. */
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface OtlpTransport {
  /** `retry`: no answer, or one that asks for another try. `refused`: it will never be taken. */
  send(path: string, body: Uint8Array): Promise<'sent' | 'retry' | 'refused'>;
  close(): void;
}

export interface HttpTransportOptions {
  /** `http://127.0.0.1:4318` */
  readonly url: string;
  readonly gzip?: boolean;
  readonly timeoutMs?: number;
}

const RETRYABLE = new Set([408, 429, 502, 503, 504]);
const compress = promisify(gzip);

/** OTLP/HTTP over kept-alive connections. Plain `node:http`: nothing here is instrumented. */
export function createHttpTransport(options: HttpTransportOptions): OtlpTransport {
  const base = new URL(options.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const timeoutMs = options.timeoutMs ?? 5_000;
  const zip = options.gzip ?? false;

  const post = (path: string, body: Uint8Array): Promise<'sent' | 'retry' | 'refused'> =>
    new Promise((resolve) => {
      const outgoing = request(
        {
          agent,
          method: 'POST',
          hostname: base.hostname,
          port: base.port || 80,
          path: base.pathname.replace(/\/$/, '') + path,
          timeout: timeoutMs,
          headers: {
            'content-type': 'application/x-protobuf',
            'content-length': body.length,
            ...(zip ? { 'content-encoding': 'gzip' } : {}),
          },
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          answer.resume();
          answer.on('error', () => resolve('retry'));
          answer.on('end', () => {
            if (status >= 200 && status < 300) resolve('sent');
            else resolve(RETRYABLE.has(status) ? 'retry' : 'refused');
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', () => resolve('retry'));
      outgoing.end(body);
    });

  return {
    send: async (path, body) => post(path, zip ? await compress(body) : body),
    close: () => agent.destroy(),
  };
}
