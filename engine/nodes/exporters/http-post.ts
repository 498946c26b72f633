/** One POST, with everything that can come of it as a value. Answers are read up to a bound: they are messages, not data. */
import { type Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export type HttpReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string;
      readonly body: Uint8Array;
    }
  /** No answer: refused, reset, or too late. */
  | { readonly kind: 'unreachable'; readonly message: string };

const MAX_ANSWER_BYTES = 64 * 1_024;

export interface HttpPost {
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

export function httpPost({ url, agent, headers, body, timeoutMs }: HttpPost): Promise<HttpReply> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(
      url,
      { method: 'POST', agent, headers: { ...headers, 'Content-Length': String(body.length) } },
      (response) => readAnswer(response, resolve),
    );
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.on('error', (error) => resolve({ kind: 'unreachable', message: reasonOf(error) }));
    request.on('close', () => {
      clearTimeout(timer);
      resolve({ kind: 'unreachable', message: 'the connection was closed before an answer came' });
    });
    request.end(body);
  });
}

function readAnswer(response: IncomingMessage, resolve: (reply: HttpReply) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  response.on('error', (error) => resolve({ kind: 'unreachable', message: reasonOf(error) }));
  response.on('end', () => {
    resolve({
      kind: 'answer',
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      retryAfter: response.headers['retry-after'] ?? '',
      body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES),
    });
  });
}

/** A refused connection to several addresses is an AggregateError without a message of its own. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.name;
}
