/**
 * Where the demo pipeline delivers to: an OTLP/HTTP destination on a free port of this machine, so that the exporters
 * are real ones. It reads what it gets, throws it away, and answers as destinations do: mostly well, with a small share
 * of refusals, some of them for good.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Random } from '@/lib/base/random';
import { encodeRpcStatus, RPC_CODE } from '@/lib/otlp/rpc-status';

export interface SinkAnswer {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Shares of the requests to `/main`; those to `/slow` are always taken. */
const BUSY_SHARE = 0.02;
const REFUSED_SHARE = 0.012;

const BUSY: SinkAnswer = { status: 503, code: RPC_CODE.unavailable, message: 'storage is catching up' };
const REFUSED: SinkAnswer = {
  status: 400,
  code: RPC_CODE.invalidArgument,
  message: 'record is older than the retention',
};

/** Null: taken. */
export function sinkAnswer(path: string, random: Random): SinkAnswer | null {
  if (!path.startsWith('/main/')) return null;
  const draw = random.next();
  if (draw < BUSY_SHARE) return BUSY;
  return draw < BUSY_SHARE + REFUSED_SHARE ? REFUSED : null;
}

export interface DemoSink {
  readonly url: string;
  close(): void;
}

export function startDemoSink(random: Random): Promise<DemoSink> {
  const server = createServer(async (request, response) => {
    await bodyRead(request);
    const answer = sinkAnswer(request.url ?? '', random);
    response.writeHead(answer?.status ?? 200, { 'Content-Type': 'application/x-protobuf' });
    response.end(answer ? encodeRpcStatus(answer) : undefined);
  });
  return listening(server).then((port) => ({
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  }));
}

function bodyRead(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    request.resume();
    request.on('close', resolve);
    request.on('end', resolve);
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
