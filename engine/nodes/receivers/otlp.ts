import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ReceiverHandle } from '@/engine/core/node';
import type { Payload } from '@/engine/core/payload';
import { err, ok, type Result } from '@/lib/base/result';
import { RPC_CODE } from '@/lib/otlp/rpc-status';
import { DEFAULT_PORT, SIGNALS } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { countPayload } from '../count-payload';
import { defineReceiver } from '../define';
import { type SignalPart, separateEvents } from '../separate-events';
import {
  type Answer,
  isRefusal,
  type Refusal,
  refusalAnswer,
  type Settled,
  successAnswer,
  tooLarge,
  unavailable,
  verdictOf,
} from './otlp-answer';
import {
  announcedBytes,
  answerEncoding,
  decompress,
  discardRest,
  type RequestHead,
  readBody,
  readHead,
  readPayload,
} from './otlp-request';

const RETRY_AFTER_SECONDS = 1;

const config = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0: any free one. */
  port: z.number().int().min(0).max(65_535).default(14_318),
  /** `by_signal`: an output port a signal; `one`: all by `default`. */
  ports: z.enum(['one', 'by_signal']).default('one'),
  /** Log records that have an event name are a signal of their own. */
  separate_events: z.boolean().default(false),
  /** Answers once the outcome is known; else as soon as the batch has been taken. */
  wait_for_result: z.boolean().default(true),
  /** Of a request, before and after decompression. */
  max_body_bytes: z
    .number()
    .int()
    .min(1_024)
    .max(256 * 1_024 * 1_024)
    .default(16 * 1_024 * 1_024),
  /** Requests under way; one more is told to come again. */
  max_requests: z.number().int().min(1).max(10_000).default(256),
});
type OtlpConfig = z.infer<typeof config>;

/** OTLP over HTTP on a real port: protobuf and JSON, gzip, all signals. */
export const otlp = defineReceiver({
  typeId: 'otlp',
  config,
  ports: ({ ports, separate_events }) => {
    if (ports === 'one') return [DEFAULT_PORT];
    return separate_events ? SIGNALS : SIGNALS.filter((signal) => signal !== 'events');
  },
  create(initial) {
    let current = initial;
    let server: Server | null = null;
    let underWay = 0;
    let stopping = false;

    const handle = async (node: ReceiverHandle, request: IncomingMessage, response: ServerResponse) => {
      const encoding = answerEncoding(request);
      underWay++;
      const open = underWay <= current.max_requests && !stopping;
      const answer = await answerTo(current, node, request, open).catch((error: unknown) => {
        node.log('error', `a request failed: ${String(error)}`);
        return err({ status: 500, code: RPC_CODE.internal, message: 'internal error' });
      });
      underWay--;
      discardRest(request, response, 2 * current.max_body_bytes);
      send(response, answer.ok ? answer.value : refusalAnswer(answer.error, encoding), stopping);
    };

    return {
      start(node) {
        stopping = false;
        const opened = createServer((request, response) => void handle(node, request, response));
        server = opened;
        return listen(opened, current.host, current.port).then((port) => {
          node.log('info', `OTLP/HTTP on http://${current.host}:${port}`);
        });
      },
      async stop() {
        stopping = true;
        const closing = server;
        server = null;
        closing?.close();
        closing?.closeIdleConnections();
      },
      control(message) {
        const next = configChange(config, message);
        if (!next) return;
        const fixed = ['host', 'port'] as const;
        const moved = fixed.find((key) => next[key] !== current[key]);
        if (moved) throw new Error(`${moved} cannot change while the receiver runs`);
        current = next;
      },
    };
  },
});

async function answerTo(
  settings: OtlpConfig,
  node: ReceiverHandle,
  request: IncomingMessage,
  open: boolean,
): Promise<Result<Answer, Refusal>> {
  const head = readHead(request);
  if (!head.ok) return head;
  if (announcedBytes(request) > settings.max_body_bytes) return err(tooLarge(settings.max_body_bytes));
  // Under pressure nothing more is read: what is not there cannot fill the memory.
  if (!open || !node.open)
    return err(unavailable(open ? 'draining' : 'too many requests under way', RETRY_AFTER_SECONDS));
  const body = await readBody(request, settings.max_body_bytes);
  if (!body.ok) return body;
  const plain = await decompress(body.value, head.value.compression, settings.max_body_bytes);
  if (!plain.ok) return plain;
  const payload = readPayload(head.value, plain.value);
  if (!payload.ok) return payload;
  return admit(settings, node, head.value, payload.value);
}

async function admit(
  settings: OtlpConfig,
  node: ReceiverHandle,
  head: RequestHead,
  payload: Payload,
): Promise<Result<Answer, Refusal>> {
  const parts = partsOf(settings, payload).filter((part) => part.items > 0);
  const portOf = ({ signal }: SignalPart) => (settings.ports === 'one' ? DEFAULT_PORT : signal);
  const settled = await Promise.all(parts.map((part) => admitPart(settings, node, part, portOf(part))));
  const verdict = verdictOf(settled, RETRY_AFTER_SECONDS);
  if (verdict && isRefusal(verdict)) return err(verdict);
  return ok(successAnswer(head.signal, head.encoding, verdict));
}

function partsOf(settings: OtlpConfig, payload: Payload): SignalPart[] {
  if (payload.signal === 'logs' && settings.separate_events) return separateEvents(payload);
  return [{ signal: payload.signal, payload, items: countPayload(payload) }];
}

/** The outcome, or an ack as soon as the channel has taken it where nobody waits for more. */
function admitPart(
  settings: OtlpConfig,
  node: ReceiverHandle,
  { signal, payload, items }: SignalPart,
  port: string,
): Promise<Settled> {
  return new Promise((resolve, reject) => {
    const accepted = () => resolve({ items, outcome: { kind: 'ack' } });
    const base = { signal, payload, items, port, source: 'received' } as const;
    node
      .admit(settings.wait_for_result ? base : { ...base, accepted })
      .then((outcome) => resolve({ items, outcome }), reject);
  });
}

function send(response: ServerResponse, answer: Answer, last: boolean): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Length': String(answer.body.length),
    ...(last ? { Connection: 'close' } : {}),
  });
  response.end(answer.body);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is taken by another program' : error.message;
      reject(new Error(`port ${port} on ${host} ${reason}`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
