/** A sender that does as the specification says: it asks before a long body, comes again when it is told to, loses nothing. */
import { Agent, request } from 'node:http';
import { benchRequests, idPositions, saltIds } from '@/lib/bench/spans';

export interface SendCounts {
  accepted: number;
  refused: number;
  refusedWithoutRetryAfter: number;
}

export interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | null;
}

/** Keeps as many connections as it has senders. */
export function createConnections(agentUrl: string, sockets: number) {
  const { hostname, port } = new URL(agentUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets });
  return {
    /** `make` is called once the receiver wants the body. */
    post(bytes: number, make: () => Uint8Array): Promise<Answer> {
      return new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            host: hostname,
            port,
            path: '/v1/traces',
            method: 'POST',
            headers: {
              'Content-Type': 'application/x-protobuf',
              'Content-Length': bytes,
              Expect: '100-continue',
            },
          },
          (response) => {
            response.resume();
            const retry = response.headers['retry-after'];
            response.on('end', () => {
              const retryAfterMs = retry === undefined ? null : Number(retry) * 1_000;
              resolve({ status: response.statusCode ?? 0, retryAfterMs });
              // Refused before it was told to go on: the body is not sent, and the request is over.
              if (response.statusCode !== 200) sent.destroy();
            });
          },
        );
        sent.on('continue', () => sent.end(make()));
        sent.on('error', reject);
        sent.flushHeaders();
      });
    },
    close: () => agent.destroy(),
  };
}

export interface Requests {
  /** Of each of them, in bytes. */
  readonly length: number;
  /** One whose ids were never sent. */
  next(): Uint8Array;
}

export function freshRequests(seed: number, spans: number): Requests {
  const [made] = benchRequests(1, seed, spans);
  if (!made) throw new Error('one request was asked for');
  const all = made.data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const positions = idPositions(
    made.bytes,
    all.flatMap((span) => [span.traceId, span.spanId]),
  );
  let salt = 0;
  return {
    length: made.bytes.length,
    next() {
      const copy = made.bytes.slice();
      saltIds(copy, positions, ++salt);
      return copy;
    },
  };
}
