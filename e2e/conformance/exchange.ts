/** One request and its answer over a connection of its own, down to when the answer came. */
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import type { Encoding } from './messages';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export const MEDIA: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** A receiver that says nothing for this long fails the requirement. */
const SILENCE_MS = 10_000;

export function exchange(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array | string;
  },
): Promise<Answer> {
  const { sent, answer } = open(url, options.method ?? 'POST', options.headers ?? {});
  sent.end(options.body ?? undefined);
  return answer;
}

/** Says how long the body is and keeps it back: what is answered was answered without it. */
export function announce(
  url: string,
  headers: Readonly<Record<string, string>>,
  bytes: number,
): { readonly answer: Promise<Answer>; readonly hangUp: () => void } {
  const { sent, answer } = open(url, 'POST', { ...headers, 'Content-Length': String(bytes) });
  sent.flushHeaders();
  return { answer, hangUp: () => sent.destroy() };
}

function open(url: string, method: string, headers: Readonly<Record<string, string>>) {
  let sent: ClientRequest | null = null;
  const answer = new Promise<Answer>((resolve, reject) => {
    const made = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        made.destroy();
      });
    });
    made.setTimeout(SILENCE_MS, () => made.destroy(new Error(`no answer within ${SILENCE_MS / 1_000} s`)));
    made.on('error', reject);
    sent = made;
  });
  // Whoever hangs up is not interested in why there was no answer.
  answer.catch(() => undefined);
  if (!sent) throw new Error('the request was not made');
  return { sent: sent as ClientRequest, answer };
}
