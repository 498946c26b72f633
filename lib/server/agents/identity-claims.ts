/**
 * Two connections with one `instance_uid`. Either the agent came back before its old connection was found dead, or two agents were
 * given one identity (a copied state directory). Asking the older connection tells: one that still answers keeps the
 * identity, and the newcomer is told to take another one; one that does not is closed, and the newcomer is the agent.
 *
 *   holder ──── alive ───────────────▶ keeps it        holder ──── no answer ▶ closed
 *   newcomer ── asks ▶ told another uid                newcomer ── waits ────▶ asked for its full state
 */
import { randomBytes } from 'node:crypto';
import { INSTANCE_UID_BYTES, type ServerMessageInit } from '@/lib/opamp/messages';
import { ServerErrorResponseType } from '@/lib/opamp/opamp_pb';
import type { AgentConnection } from './agent-connection';

/** A conflict is shown for so long after the last message of the second agent. */
const SHOWN_MS = 60_000;

export interface Claims {
  /** The answer to a message of a connection that does not hold the identity. */
  challenge(
    uid: string,
    uidBytes: Uint8Array,
    holder: AgentConnection,
    newcomer: AgentConnection,
    /** The holder is gone: the newcomer may be the agent. */
    onGone: () => void,
  ): ServerMessageInit;
  /** In words; null where there is none. */
  conflictOf(uid: string): string | null;
  forget(uid: string): void;
}

interface Conflict {
  readonly renamed: WeakSet<AgentConnection>;
  readonly asked: WeakSet<AgentConnection>;
  lastMs: number;
  isProven: boolean;
}

export function createClaims(nowMs: () => number): Claims {
  const conflicts = new Map<string, Conflict>();
  return {
    challenge(uid, uidBytes, holder, newcomer, onGone) {
      const conflict = conflicts.get(uid) ?? {
        renamed: new WeakSet(),
        asked: new WeakSet(),
        lastMs: 0,
        isProven: false,
      };
      conflicts.set(uid, conflict);
      conflict.lastMs = nowMs();
      if (conflict.renamed.has(newcomer)) return refusal(uidBytes);
      if (newcomer.transport === 'http') {
        // A polling agent can only be told now.
        conflict.isProven = true;
        conflict.renamed.add(newcomer);
        return { instanceUid: uidBytes, agentIdentification: { newInstanceUid: freshUid() } };
      }
      if (!conflict.asked.has(newcomer)) {
        conflict.asked.add(newcomer);
        holder.isAlive((alive) => {
          if (!alive) return onGone();
          conflict.isProven = true;
          conflict.renamed.add(newcomer);
          newcomer.push?.({ instanceUid: uidBytes, agentIdentification: { newInstanceUid: freshUid() } });
        });
      }
      return { instanceUid: uidBytes };
    },
    conflictOf(uid) {
      const conflict = conflicts.get(uid);
      if (!conflict?.isProven || nowMs() - conflict.lastMs > SHOWN_MS) return null;
      return `another agent claims its identity, instance_uid ${uid}: it was told to take another one`;
    },
    forget: (uid) => void conflicts.delete(uid),
  };
}

function refusal(instanceUid: Uint8Array): ServerMessageInit {
  return {
    instanceUid,
    errorResponse: {
      type: ServerErrorResponseType.ServerErrorResponseType_BadRequest,
      errorMessage:
        'this instance_uid belongs to another agent that is connected: take the one that was sent',
    },
  };
}

function freshUid(): Uint8Array {
  return new Uint8Array(randomBytes(INSTANCE_UID_BYTES));
}
