/** OpAMP on the agent port, plain HTTP and WebSocket. Translates bytes; `agents.ts` does the rest. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { ok } from '@/lib/base/result';
import { frame, unframe } from '@/lib/opamp/framing';
import { decodeAgentToServer, encodeServerToAgent } from '@/lib/opamp/messages';
import { ServerErrorResponseType } from '@/lib/opamp/opamp_pb';
import { mediaType } from '../http/request-guard';
import type { OpampEndpoint } from '../ingest/agent-listener';
import { createPressure } from '../ingest/pressure';
import { readBody, unpack } from '../ingest/read-body';
import type { AgentConnection, Agents } from './agents';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** A socket without an answer to a ping for this long is dead: a pulled cable sends no close. */
const PING_MS = 5_000;

interface Socket {
  readonly socket: WebSocket;
  alive: boolean;
}

export function createOpampEndpoint(agents: Agents): OpampEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const pressure = createPressure(BYTES_IN_FLIGHT);
  const sockets = new Set<Socket>();
  const polling: AgentConnection = { transport: 'http' };
  const pings = setInterval(() => {
    for (const entry of sockets) {
      if (!entry.alive) entry.socket.terminate();
      entry.alive = false;
      entry.socket.ping();
    }
  }, PING_MS);
  pings.unref();

  const accept = (socket: WebSocket) => {
    const entry: Socket = { socket, alive: true };
    const connection: AgentConnection = {
      transport: 'ws',
      push: (message) => socket.send(frame(message)),
    };
    sockets.add(entry);
    socket.on('pong', () => {
      entry.alive = true;
    });
    socket.on('message', (data: RawData) => {
      entry.alive = true;
      const message = unframe(bytesOf(data));
      const decoded = message.ok ? decodeAgentToServer(message.value) : message;
      socket.send(frame(decoded.ok ? agents.receive(decoded.value, connection) : badRequest(decoded.error)));
    });
    socket.on('close', () => {
      sockets.delete(entry);
      agents.connectionClosed(connection);
    });
    // A failed socket also closes, which is where its agent is said to be gone.
    socket.on('error', () => socket.terminate());
  };

  return {
    async handle(request, response) {
      if (request.method !== 'POST') return answer(response, 405, new Uint8Array(0), { Allow: 'POST' });
      if (mediaType(request.headers['content-type']) !== 'application/x-protobuf')
        return answer(response, 415, badRequest('Content-Type has to be application/x-protobuf'));
      const gzip = (request.headers['content-encoding'] ?? '') === 'gzip';
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > MAX_MESSAGE_BYTES) return answer(response, 413, badRequest('the message is too large'));
      if (!pressure.reserve(announced))
        return answer(response, 503, new Uint8Array(0), { 'Retry-After': '1' });
      const raw = await readBody(request, announced, pressure);
      if (!raw.ok) return answer(response, 400, badRequest(`the body could not be read: ${raw.error}`));
      pressure.release(raw.value.reserved);
      const whole = Buffer.concat(raw.value.chunks, raw.value.length);
      const body = gzip ? await unpack(whole) : ok(whole);
      if (!body.ok) return answer(response, 400, badRequest(`the body could not be read: ${body.error}`));
      const decoded = decodeAgentToServer(body.value);
      if (!decoded.ok) return answer(response, 400, badRequest(decoded.error));
      return answer(response, 200, agents.receive(decoded.value, polling));
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      server.handleUpgrade(request, socket, head, accept);
    },
    close() {
      clearInterval(pings);
      for (const { socket } of sockets) socket.terminate();
      server.close();
    },
  };
}

function badRequest(errorMessage: string): Uint8Array {
  return encodeServerToAgent({
    errorResponse: { type: ServerErrorResponseType.ServerErrorResponseType_BadRequest, errorMessage },
  });
}

function answer(
  response: ServerResponse,
  status: number,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!response.req.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, {
    'Content-Type': 'application/x-protobuf',
    'Content-Length': body.length,
    ...headers,
  });
  response.end(body);
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
