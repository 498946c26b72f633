/**
 * The line to the server: a WebSocket that comes back by itself, for ever. A closed socket is tried again at once and
 * then each `RETRY_MS`; one that answers no ping is closed, since a pulled cable says nothing.
 */
import { WebSocket } from 'ws';
import type { Clock, Timer } from '@/lib/base/clock';

const RETRY_MS = 500;
const FIRST_RETRY_MS = 50;
/** Programs that start together need a moment; only then is silence news. */
const FAILURES_BEFORE_SAYING = 6;
const PING_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
const MAX_MESSAGE_BYTES = 8 * 1_024 * 1_024;
/** What may wait to be sent; beyond it the server does not read, and the line is given up and made anew. */
const MAX_BUFFERED_BYTES = 16 * 1_024 * 1_024;

export interface LinkListener {
  opened(): void;
  /** One binary message. */
  received(frame: Uint8Array): void;
  /** Once for each time that it was open. */
  closed(): void;
  /** Once, when it has never been open and so many tries have failed: nobody is there yet. */
  unreachable(): void;
}

export interface Link {
  readonly open: boolean;
  /** False where it is not open: the message is not sent. */
  send(frame: Uint8Array): boolean;
  /** Closes for good; resolves when the socket is gone, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export function createWebSocketLink(url: string, clock: Clock, listener: LinkListener): Link {
  let socket: WebSocket | null = null;
  let retry: Timer | null = null;
  let ping: Timer | null = null;
  let wasOpen = false;
  let answered = true;
  let ended = false;
  let failures = 0;
  let everOpen = false;

  const keepAlive = (current: WebSocket) => {
    ping = clock.setTimer(() => {
      if (!answered) return current.terminate();
      answered = false;
      current.ping();
      keepAlive(current);
    }, PING_MS);
  };
  const lost = () => {
    ping?.cancel();
    socket = null;
    if (wasOpen) listener.closed();
    wasOpen = false;
    if (ended) return;
    retry = clock.setTimer(connect, failures === 0 ? FIRST_RETRY_MS : RETRY_MS);
    failures++;
    if (failures === FAILURES_BEFORE_SAYING && !everOpen) listener.unreachable();
  };
  function connect(): void {
    const current = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
    });
    socket = current;
    current.binaryType = 'nodebuffer';
    current.on('open', () => {
      failures = 0;
      wasOpen = true;
      everOpen = true;
      answered = true;
      keepAlive(current);
      listener.opened();
    });
    current.on('pong', () => {
      answered = true;
    });
    current.on('message', (data: Buffer, binary) => {
      if (binary) listener.received(data);
    });
    // A failure is followed by `close`, which is where the next try is planned.
    current.on('error', () => current.terminate());
    current.on('close', lost);
  }
  connect();

  return {
    get open() {
      return wasOpen;
    },
    send(frame) {
      if (!socket || !wasOpen) return false;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        socket.terminate();
        return false;
      }
      socket.send(frame);
      return true;
    },
    close(graceMs) {
      ended = true;
      retry?.cancel();
      const current = socket;
      if (!current) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = clock.setTimer(() => current.terminate(), graceMs);
        current.once('close', () => {
          timer.cancel();
          resolve();
        });
        if (wasOpen) current.close(1_000);
        else current.terminate();
      });
    },
  };
}

/** `http://host:4318` → `ws://host:4318/v1/opamp`. Throws where it is no URL. */
export function opampUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/opamp`;
  return url.toString();
}
