/** The three ways into a running Weir: OTLP/HTTP, OpAMP, and its API for what neither of them has a word for. */
import { WebSocket } from 'ws';
import { frame } from '@/lib/opamp/framing';
import type { OtlpFileSignal } from '@/lib/otlp/json-lines';
import type { AgentStep } from './capture-step';

export interface Senders {
  otlp(signal: OtlpFileSignal, json: unknown): Promise<string>;
  agent(step: AgentStep, message: Uint8Array): Promise<void>;
  records(json: unknown): Promise<void>;
  close(): void;
}

const MAX_TRIES = 10;
const OPEN_MS = 5_000;

/** A receiver that cannot be reached or refuses for good ends the replay: half an incident misleads. */
export class ReplayError extends Error {}

export function createSenders(
  agentUrl: string,
  apiUrl: string,
  wait: (ms: number) => Promise<void>,
): Senders {
  const sockets = new Map<string, WebSocket>();

  const post = async (url: string, type: string, body: string | Uint8Array): Promise<Response> => {
    for (let tries = 1; ; tries++) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body: body as BodyInit,
      }).catch((error: unknown) => {
        throw new ReplayError(`${url} cannot be reached (${reasonOf(error)}): is Weir running?`);
      });
      if (answer.ok) return answer;
      const retryable = [429, 502, 503, 504].includes(answer.status) && tries < MAX_TRIES;
      if (!retryable)
        throw new ReplayError(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
      await wait(1_000 * Number(answer.headers.get('retry-after') ?? 1));
    }
  };

  const socketOf = (uid: string): Promise<WebSocket> => {
    const known = sockets.get(uid);
    if (known?.readyState === WebSocket.OPEN) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${agentUrl.replace(/^http/, 'ws')}/v1/opamp`, {
        handshakeTimeout: OPEN_MS,
      });
      socket.once('open', () => resolve(socket));
      socket.on('error', (error) => reject(new ReplayError(`no OpAMP at ${agentUrl}: ${reasonOf(error)}`)));
      // What the server wishes, a recording cannot do.
      socket.on('message', () => undefined);
      sockets.set(uid, socket);
    });
  };

  return {
    /** What the receiver had to say of it; empty where it took all. */
    async otlp(signal, json) {
      const answer = await post(`${agentUrl}/v1/${signal}`, 'application/json', JSON.stringify(json));
      const said = (await answer.json()) as { readonly partialSuccess?: { readonly errorMessage?: string } };
      return said.partialSuccess?.errorMessage ?? '';
    },
    async agent({ via, uid }, message) {
      if (via === 'http') {
        await post(`${agentUrl}/v1/opamp`, 'application/x-protobuf', message);
        return;
      }
      const socket = await socketOf(uid);
      await new Promise<void>((resolve, reject) =>
        socket.send(frame(message), (error) => (error ? reject(error) : resolve())),
      );
    },
    async records(json) {
      await post(`${apiUrl}/api/v1/bundle`, 'application/json', JSON.stringify(json));
    },
    close() {
      for (const socket of sockets.values()) socket.close();
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
