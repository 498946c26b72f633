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
    post(body: Uint8Array): Promise<Answer> {
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
              'Content-Length': body.length,
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
        sent.on('continue', () => sent.end(body));
        sent.on('error', reject);
        sent.flushHeaders();
      });
    },
    close: () => agent.destroy(),
  };
}

/** Requests whose ids were never sent, each a copy of one of a few. */
export function freshRequests(seed: number, spans: number, templates = 4): () => Uint8Array {
  const made = benchRequests(templates, seed, spans).map(({ bytes, data }) => {
    const all = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    return {
      bytes,
      positions: idPositions(
        bytes,
        all.flatMap((span) => [span.traceId, span.spanId]),
      ),
    };
  });
  let next = 0;
  return () => {
    const { bytes, positions } = made[next % made.length] as (typeof made)[number];
    const copy = bytes.slice();
    saltIds(copy, positions, Math.floor(next++ / made.length) + 1);
    return copy;
  };
}
