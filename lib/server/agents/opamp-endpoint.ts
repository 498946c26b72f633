/** OpAMP on the agent port, plain HTTP and WebSocket. Translates bytes; `agents.ts` does the rest. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { frame, unframe } from '@/lib/opamp/framing';
import { decodeAgentToServer, encodeServerToAgent, type ServerMessageInit } from '@/lib/opamp/messages';
import { type AgentToServer, ServerErrorResponseType } from '@/lib/opamp/opamp_pb';
import { redactText } from '@/lib/opamp/redact';
import { mediaType } from '../http/request-guard';
import type { OpampEndpoint } from '../ingest/agent-listener';
import { createPressure } from '../ingest/pressure';
import { readBody } from '../ingest/read-body';
import type { AgentConnection } from './agent-connection';
import type { Agents } from './agents';

/** Larger than what is read of a configuration, so that who sends too much of one can be named. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** A socket without an answer to a ping for this long is dead: a pulled cable sends no close. */
const PING_MS = 5_000;
/** The same, where another connection waits for the answer. */
const ALIVE_MS = 1_500;
/** Sockets at once; each may hold a message under way. */
const MAX_SOCKETS = 1_024;

interface Socket {
  readonly socket: WebSocket;
  alive: boolean;
}

export function createOpampEndpoint(agents: Agents): OpampEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const pressure = createPressure(BYTES_IN_FLIGHT);
  const sockets = new Set<Socket>();
  const pings = setInterval(() => {
    for (const entry of sockets) {
      if (!entry.alive) entry.socket.terminate();
      entry.alive = false;
      entry.socket.ping();
    }
  }, PING_MS);
  pings.unref();

  /** One agent's message must not end the process, whatever is in it: nobody above a socket's event would catch. */
  const taken = (message: AgentToServer, connection: AgentConnection): ServerMessageInit => {
    try {
      return agents.receive(message, connection);
    } catch (error) {
      const told = redactText(String(error instanceof Error ? error.stack : error));
      console.error('weir: a message of an agent could not be taken:', told);
      agents.reject(
        connection,
        'its message could not be taken: an error in the server, which its log tells',
      );
      return badRequest('the message could not be taken');
    }
  };
  const accept = (socket: WebSocket, remote: string) => {
    const entry: Socket = { socket, alive: true };
    const send = (message: ServerMessageInit) => socket.send(frame(encodeServerToAgent(message)));
    const connection: AgentConnection = {
      transport: 'ws',
      remote,
      push: send,
      isAlive: (answer) => ask(socket, answer),
      close: () => socket.terminate(),
    };
    sockets.add(entry);
    socket.on('pong', () => {
      entry.alive = true;
    });
    socket.on('message', (data: RawData) => {
      entry.alive = true;
      const message = unframe(bytesOf(data));
      const decoded = message.ok ? decodeAgentToServer(message.value) : message;
      if (decoded.ok) return send(taken(decoded.value, connection));
      agents.reject(connection, decoded.error);
      send(badRequest(decoded.error));
    });
    socket.on('close', () => {
      sockets.delete(entry);
      agents.connectionClosed(connection);
    });
    // A failed socket also closes, which is where its agent is said to be gone.
    socket.on('error', (error: Error & { readonly code?: string }) => {
      agents.reject(connection, socketProblem(error));
      // What is wrong with a frame is told by a close code; whoever cannot take that is cut off.
      if (!error.code?.startsWith('WS_ERR')) socket.terminate();
    });
  };

  return {
    async handle(request, response) {
      if (request.method !== 'POST') return answer(response, 405, new Uint8Array(0), { Allow: 'POST' });
      const connection = pollOf(request);
      const refuse = (status: number, reason: string) => {
        agents.reject(connection, reason);
        return answer(response, status, encodeServerToAgent(badRequest(reason)));
      };
      if (mediaType(request.headers['content-type']) !== 'application/x-protobuf')
        return refuse(415, 'Content-Type has to be application/x-protobuf');
      const gzip = (request.headers['content-encoding'] ?? '') === 'gzip';
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > MAX_MESSAGE_BYTES) return refuse(413, TOO_LARGE);
      if (!pressure.reserve(announced))
        return answer(response, 503, new Uint8Array(0), { 'Retry-After': '1' });
      const body = await readBody(request, gzip, announced, pressure);
      if (!body.ok) return refuse(400, `the body could not be read: ${body.error}`);
      pressure.release(body.value.reserved);
      if (body.value.bytes.length > MAX_MESSAGE_BYTES) return refuse(413, TOO_LARGE);
      const decoded = decodeAgentToServer(body.value.bytes);
      if (!decoded.ok) return refuse(400, decoded.error);
      return answer(response, 200, encodeServerToAgent(taken(decoded.value, connection)));
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      if (sockets.size >= MAX_SOCKETS)
        return void socket.end(
          'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nConnection: close\r\n\r\n',
        );
      server.handleUpgrade(request, socket, head, (opened) => accept(opened, remoteOf(request)));
    },
    close() {
      clearInterval(pings);
      for (const { socket } of sockets) socket.terminate();
      server.close();
    },
  };
}

const TOO_LARGE = `the message is larger than ${MAX_MESSAGE_BYTES >> 20} MiB`;

function socketProblem(error: Error & { readonly code?: string }): string {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return `${TOO_LARGE}: its connection was closed`;
  return error.code?.startsWith('WS_ERR')
    ? `a malformed WebSocket frame (${error.message}): its connection was closed`
    : `its connection failed: ${error.message}`;
}

/** Calls back once: as soon as the other side answers, or when it has had its time. */
function ask(socket: WebSocket, answer: (alive: boolean) => void): void {
  const settle = (alive: boolean) => {
    clearTimeout(timer);
    socket.off('pong', onPong);
    answer(alive);
  };
  const onPong = () => settle(true);
  const timer = setTimeout(() => settle(false), ALIVE_MS);
  socket.on('pong', onPong);
  socket.ping();
}

function pollOf(request: IncomingMessage): AgentConnection {
  return {
    transport: 'http',
    remote: remoteOf(request),
    isAlive: (tell) => tell(false),
    close: () => undefined,
  };
}

function remoteOf(request: IncomingMessage): string {
  return `${request.socket.remoteAddress ?? 'unknown'}:${request.socket.remotePort ?? 0}`;
}

function badRequest(errorMessage: string): ServerMessageInit {
  return {
    errorResponse: { type: ServerErrorResponseType.ServerErrorResponseType_BadRequest, errorMessage },
  };
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
