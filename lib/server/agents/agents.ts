/**
 * The OpAMP server apart from its transports: who is connected, what each last said, and what each is offered.
 * WebSocket agents are pushed to and are gone when their socket closes; polling ones are gone after three polls.
 */
import { createBoundedMap } from '@/lib/base/bounded-map';
import { bytesFromHex } from '@/lib/base/bytes';
import type { EngineId } from '@/lib/model/engine';
import { REPORT_FULL_STATE } from '@/lib/opamp/agent-session';
import { agentCan, serverCapabilities } from '@/lib/opamp/capabilities';
import { encodeServerToAgent, type ServerMessageInit } from '@/lib/opamp/messages';
import type { AgentToServer } from '@/lib/opamp/opamp_pb';
import { REMOTE_CONFIG_FILE, REMOTE_CONFIG_TYPE } from '@/lib/opamp/remote-config';
import type { Membership } from '../engines/membership';
import { createReportingInterval, type ReportingInterval } from '../engines/reporting-interval';
import type { Steering } from '../steering/steering';
import { type AgentRecord, afterMessage, agentUid, type ConfigFile, remoteReport } from './agent-record';

/** Agents remembered, connected or not. */
export const MAX_AGENTS = 512;
const CAPABILITIES = serverCapabilities(['AcceptsStatus', 'OffersRemoteConfig', 'AcceptsEffectiveConfig']);

/** One WebSocket, or one polling agent. */
export interface AgentConnection {
  readonly transport: 'ws' | 'http';
  /** Absent where the server can only answer. */
  readonly push?: (message: Uint8Array) => void;
}

interface Agent {
  record: AgentRecord;
  engine: EngineId;
  connection: AgentConnection | null;
  /** Hash of what was last offered over this connection: a report of it is awaited, not another offer. */
  offeredHash: string;
  readonly polls: ReportingInterval;
  /** Engine and hash of the configuration that was handed on last. */
  handedOn: string;
}

export interface Agents {
  /** The answer to a message, encoded. */
  receive(message: AgentToServer, connection: AgentConnection): Uint8Array;
  connectionClosed(connection: AgentConnection): void;
  /** Sends what is wished of an engine to its agent, where it can be pushed to. */
  pushTo(engine: EngineId): void;
  agentOf(engine: EngineId): AgentRecord | null;
  /** Ends agents that stopped polling. */
  expire(): void;
}

export function createAgents(deps: {
  readonly nowMs: () => number;
  readonly membership: Membership;
  readonly steering: Steering;
  /** A configuration that is new of this agent, or now of another engine. */
  readonly onConfig: (engine: EngineId, files: readonly ConfigFile[], hash: string) => void;
}): Agents {
  const { nowMs, membership, steering, onConfig } = deps;
  const agents = createBoundedMap<string, Agent>(MAX_AGENTS);

  /** What the agent has not got yet of what is wished of it. */
  const offer = (agent: Agent): ServerMessageInit['remoteConfig'] => {
    const wanted = steering.offerFor(agent.engine);
    if (!wanted || !agentCan(agent.record.capabilities, 'AcceptsRemoteConfig')) return undefined;
    if (agent.record.remote.lastHash === wanted.hash || agent.offeredHash === wanted.hash) return undefined;
    agent.offeredHash = wanted.hash;
    const file = { body: wanted.bytes, contentType: REMOTE_CONFIG_TYPE };
    const configHash = bytesFromHex(wanted.hash) ?? new Uint8Array(0);
    return { config: { configMap: { [REMOTE_CONFIG_FILE]: file } }, configHash };
  };

  const handOn = (agent: Agent) => {
    const { files, configHash } = agent.record;
    if (!files || configHash === null) return;
    const key = `${agent.engine} ${configHash}`;
    if (agent.handedOn === key) return;
    agent.handedOn = key;
    onConfig(agent.engine, files, configHash);
  };

  const close = (agent: Agent) => {
    agent.connection = null;
    membership.detachAgent(agent.record.uid, nowMs());
  };

  return {
    receive(message, connection) {
      const uid = agentUid(message);
      const now = nowMs();
      const known = agents.get(uid);
      const { record, askFullState } = afterMessage(known?.record ?? null, message, connection.transport);
      const agent: Agent = known ?? {
        record,
        engine: '' as EngineId,
        connection,
        offeredHash: '',
        polls: createReportingInterval(),
        handedOn: '',
      };
      agent.record = record;
      if (agent.connection !== connection && connection.transport === 'ws') agent.offeredHash = '';
      agent.connection = connection;
      agent.polls.note(now, true);
      agents.set(uid, agent);
      if (record.described) {
        agent.engine = membership.attachAgent(uid, record.identity, now);
        steering.agentReported(agent.engine, remoteReport(record));
        handOn(agent);
      }
      if (message.agentDisconnect) close(agent);
      return encodeServerToAgent({
        instanceUid: record.uidBytes,
        flags: askFullState ? REPORT_FULL_STATE : 0n,
        capabilities: CAPABILITIES,
        ...(record.described ? { remoteConfig: offer(agent) } : {}),
      });
    },
    connectionClosed(connection) {
      for (const [, agent] of agents.entries()) if (agent.connection === connection) close(agent);
    },
    pushTo(engine) {
      for (const [, agent] of agents.entries()) {
        if (agent.engine !== engine || !agent.connection?.push) continue;
        const remoteConfig = offer(agent);
        if (!remoteConfig) continue;
        agent.connection.push(
          encodeServerToAgent({
            instanceUid: agent.record.uidBytes,
            capabilities: CAPABILITIES,
            remoteConfig,
          }),
        );
      }
    },
    agentOf(engine) {
      const uid = membership.members.get(engine)?.agentUid;
      return (uid && agents.get(uid)?.record) || null;
    },
    expire() {
      const now = nowMs();
      for (const [, agent] of agents.entries()) {
        if (agent.connection?.transport === 'http' && agent.polls.isSilent(now)) close(agent);
      }
    },
  };
}
