/**
 * A capture of a real engine sent to a running server the way the engine sent it: OTLP JSON by HTTP POST, OpAMP by
 * POST or over a WebSocket, in the order and at the distances in time of the recording. The server's clock is the
 * recording's, so a minute passes in the time that its requests take.
 *
 * OpAMP messages carry times of their own server. An agent's health says the wall-clock time too: the smallest
 * difference between the two is the offset.
 */

import { WebSocket } from 'ws';
import { createVirtualClock, type VirtualClock } from '@/lib/base/virtual-clock';
import { frame } from '@/lib/opamp/framing';
import { decodeAgentToServer } from '@/lib/opamp/messages';
import { captureLines } from './capture-files';
import { startTestServer, type TestServer } from './test-server';

export interface CaptureServer extends TestServer {
  readonly clock: VirtualClock;
  /** Unix seconds of the server. */
  now(): number;
  close(): Promise<void>;
}

interface Delivery {
  readonly atNano: bigint;
  send(server: CaptureServer, sockets: Sockets): Promise<void>;
}

type Sockets = Map<string, WebSocket>;

/** Called once for each second of the recording. */
export type Watcher = (server: CaptureServer) => void;

/** Sends all of it and looks at the server after each second; the server goes on for `afterSeconds`. */
export async function playCapture(
  capture: string,
  options: { readonly withOpamp: boolean; readonly afterSeconds?: number; readonly onSecond?: Watcher },
): Promise<CaptureServer> {
  const deliveries = deliveriesOf(capture, options.withOpamp);
  const startNano = (deliveries[0]?.atNano ?? 0n) - 1_000_000_000n;
  const clock = createVirtualClock(startNano);
  const started = await startTestServer({ storeBudgetBytes: 64 << 20, seriesBudgetBytes: 128 << 20 }, clock);
  const sockets: Sockets = new Map();
  const server: CaptureServer = {
    ...started,
    clock,
    now: () => Number(startNano / 1_000n) / 1e6 + clock.nowNs() / 1e9,
    async close() {
      for (const socket of sockets.values()) socket.terminate();
      await started.hub.close();
    },
  };
  let seconds = 1;
  const advanceTo = (nano: bigint) => {
    const untilMs = Number(nano - startNano) / 1e6;
    const forward = (ms: number) => clock.advance(Math.max(0, ms - clock.nowNs() / 1e6));
    // A millisecond after the full second: whatever is due at it has run.
    for (; seconds * 1_000 + 1 <= untilMs; seconds++) {
      forward(seconds * 1_000 + 1);
      options.onSecond?.(server);
    }
    forward(untilMs);
  };
  for (const delivery of deliveries) {
    advanceTo(delivery.atNano);
    await delivery.send(server, sockets);
  }
  const lastNano = deliveries.at(-1)?.atNano ?? startNano;
  advanceTo(lastNano + BigInt(Math.round((options.afterSeconds ?? 1) * 1e9)));
  return server;
}

function deliveriesOf(capture: string, withOpamp: boolean): readonly Delivery[] {
  const telemetry = (['metrics', 'traces', 'logs'] as const).flatMap((signal) =>
    captureLines(capture, `${signal}.jsonl.gz`).map((line): Delivery => {
      const body = JSON.stringify(line);
      return {
        atNano: newest(body),
        send: ({ url }) => post(`${url}/v1/${signal}`, 'application/json', body),
      };
    }),
  );
  const all = withOpamp ? [...telemetry, ...opampDeliveries(capture)] : telemetry;
  return all.sort((a, b) => (a.atNano < b.atNano ? -1 : a.atNano > b.atNano ? 1 : 0));
}

/** When the exporter sent it: right after the newest thing in it. */
function newest(body: string): bigint {
  let most = 0n;
  for (const [, nanos = '0'] of body.matchAll(
    /"(?:timeUnixNano|endTimeUnixNano|observedTimeUnixNano)":"(\d+)"/g,
  ))
    if (BigInt(nanos) > most) most = BigInt(nanos);
  return most;
}

function opampDeliveries(capture: string): Delivery[] {
  const said = captureLines(capture, 'opamp.jsonl.gz').map((line) => {
    const { at, via, agentToServer } = line as { at: number; via: 'ws' | 'http'; agentToServer: string };
    const bytes = new Uint8Array(Buffer.from(agentToServer, 'base64'));
    const message = decodeAgentToServer(bytes);
    if (!message.ok) throw new Error(message.error);
    return { at, via, bytes, message: message.value };
  });
  const offsets = said.flatMap(({ at, message }) => {
    const wall = message.health?.statusTimeUnixNano ?? 0n;
    return wall > 0n ? [wall - BigInt(Math.round(at * 1e6))] : [];
  });
  const offset = offsets.reduce((most, one) => (one > most ? one : most));
  return said.map(({ at, via, bytes, message }) => ({
    atNano: BigInt(Math.round(at * 1e6)) + offset,
    async send({ url }, sockets) {
      if (via === 'http') return post(`${url}/v1/opamp`, 'application/x-protobuf', bytes);
      await overWebSocket(url, Buffer.from(message.instanceUid).toString('hex'), bytes, sockets);
      if (message.agentDisconnect) sockets.get(Buffer.from(message.instanceUid).toString('hex'))?.close();
    },
  }));
}

async function overWebSocket(url: string, uid: string, bytes: Uint8Array, sockets: Sockets): Promise<void> {
  const open = sockets.get(uid) ?? (await connect(url));
  sockets.set(uid, open);
  const answered = new Promise<void>((resolve) => open.once('message', () => resolve()));
  open.send(frame(bytes));
  await answered;
}

function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/opamp`);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function post(url: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
