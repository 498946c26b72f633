/** How an agent is reached, and the answer to one that cannot be taken in. */
import type { ServerMessageInit } from '@/lib/opamp/messages';
import { ServerErrorResponseType } from '@/lib/opamp/opamp_pb';

const RETRY_AFTER_NANOS = 30_000_000_000n;

/** One WebSocket, or one poll of an agent. */
export interface AgentConnection {
  readonly transport: 'ws' | 'http';
  /** Where it comes from, to name who has given no identity yet. */
  readonly remote: string;
  /** Absent where the server can only answer. */
  readonly push?: (message: ServerMessageInit) => void;
  /** Whether somebody is still there; asked of the older of two connections. */
  isAlive(answer: (alive: boolean) => void): void;
  close(): void;
}

/** The answer to an agent that there is no room for: it may come again. */
export function noRoom(instanceUid: Uint8Array, limit: number): ServerMessageInit {
  return {
    instanceUid,
    errorResponse: {
      type: ServerErrorResponseType.ServerErrorResponseType_Unavailable,
      errorMessage: `${limit} agents are connected: there is no room for more`,
      Details: { case: 'retryInfo', value: { retryAfterNanoseconds: RETRY_AFTER_NANOS } },
    },
  };
}
