/**
 * The OpAMP server apart from its transports: who is connected, what each last said, and what each is offered.
 * WebSocket agents are pushed to and are gone when their socket closes; polling ones are gone after three polls.
 */
import { bytesFromHex } from '@/lib/base/bytes';
import type { EngineId } from '@/lib/model/engine';
import { REPORT_FULL_STATE } from '@/lib/opamp/agent-session';
import { serverCapabilities } from '@/lib/opamp/capabilities';
import type { ServerMessageInit } from '@/lib/opamp/messages';
import type { AgentToServer } from '@/lib/opamp/opamp_pb';
import { REMOTE_CONFIG_FILE, REMOTE_CONFIG_TYPE } from '@/lib/opamp/remote-config';
import type { Membership } from '../engines/membership';
import { createReportingInterval, type ReportingInterval } from '../engines/reporting-interval';
import type { ControlKind } from '../steering/control-kind';
import type { StateOffer } from '../steering/state-steering';
import type { Steering } from '../steering/steering';
import { type AgentConnection, noRoom } from './agent-connection';
import { type AgentProblems, createAgentProblems } from './agent-problems';
import { type AgentRecord, afterMessage, agentUid, type ConfigFile, remoteReport } from './agent-record';
import { createClaims } from './identity-claims';

/** Agents remembered, connected or not. */
export const MAX_AGENTS = 512;
/** Effective configurations of all agents together. */
export const MAX_CONFIG_BYTES_HELD = 64 * 1024 * 1024;
const CAPABILITIES = serverCapabilities(['AcceptsStatus', 'OffersRemoteConfig', 'AcceptsEffectiveConfig']);
/** Polls in which the numbering jumped, of the last few, from which on it is two agents that poll. */
const JUMPS_OF_TWO = 4;

interface Agent {
  record: AgentRecord;
  engine: EngineId;
  /** The connection that holds the identity; null once it is gone. */
  connection: AgentConnection | null;
  /** Hash of what was last offered over this connection: a report of it is awaited, not another offer. */
  offeredHash: string;
  readonly polls: ReportingInterval;
  /** Engine and hash of the configuration that was handed on last. */
  handedOn: string;
  /** Of the numbering of polls: up with each jump, down with each that follows. */
  jumps: number;
}

export interface Agents {
  /** The answer to a message. */
  receive(message: AgentToServer, connection: AgentConnection): ServerMessageInit;
  /** What came over a connection and is no message, with the reason. */
  reject(connection: AgentConnection, reason: string): void;
  connectionClosed(connection: AgentConnection): void;
  /** Sends what is wished of an engine to its agent, where it can be pushed to. */
  pushTo(engine: EngineId): void;
  agentOf(engine: EngineId): AgentRecord | null;
  /** Another agent that claims its identity, in words. */
  conflictOf(record: AgentRecord): string | null;
  readonly problems: AgentProblems;
  stats(): {
    readonly held: number;
    readonly connected: number;
    readonly turnedAway: number;
    readonly configBytes: number;
  };
  /** Ends agents that stopped polling. */
  expire(): void;
}

export function createAgents(deps: {
  readonly nowMs: () => number;
  readonly membership: Membership;
  readonly steering: Steering;
  readonly controlOf: (engine: EngineId, agent: AgentRecord) => ControlKind;
  /** A configuration that is new of this agent, or now of another engine; `problem` where it could not be held. */
  readonly onConfig: (
    engine: EngineId,
    files: readonly ConfigFile[],
    hash: string,
    problem: string | null,
  ) => void;
}): Agents {
  const { nowMs, membership, steering, controlOf, onConfig } = deps;
  const agents = new Map<string, Agent>();
  const problems = createAgentProblems();
  const claims = createClaims(nowMs);
  /** Which identity a connection has given, to name it where it then sends something else. */
  const uidOf = new WeakMap<AgentConnection, string>();
  let turnedAway = 0;
  let configBytes = 0;

  /** What the agent has not got yet of what is wished of it. */
  const offer = (agent: Agent): ServerMessageInit['remoteConfig'] => {
    const wanted = wantedOf(agent);
    if (!wanted || agent.record.remote.lastHash === wanted.hash || agent.offeredHash === wanted.hash)
      return undefined;
    agent.offeredHash = wanted.hash;
    const file = { body: wanted.bytes, contentType: wanted.contentType };
    const configHash = bytesFromHex(wanted.hash) ?? new Uint8Array(0);
    return { config: { configMap: { [wanted.file]: file } }, configHash };
  };
  const wantedOf = ({ engine, record }: Agent): StateOffer | null => {
    const { kind } = controlOf(engine, record);
    if (kind === 'state') return steering.state.offerFor(engine, record);
    const wanted = kind === 'actions' ? steering.offerFor(engine) : null;
    return wanted && { file: REMOTE_CONFIG_FILE, contentType: REMOTE_CONFIG_TYPE, ...wanted };
  };

  const handOn = (agent: Agent) => {
    const { files, configHash, configProblem } = agent.record;
    if (configHash === null) return;
    const key = `${agent.engine} ${configHash}`;
    if (agent.handedOn === key) return;
    agent.handedOn = key;
    onConfig(agent.engine, files ?? [], configHash, configProblem);
  };

  const close = (agent: Agent) => {
    agent.connection = null;
    membership.detachAgent(agent.record.uid, nowMs());
  };

  const forget = (uid: string, agent: Agent) => {
    agents.delete(uid);
    claims.forget(uid);
    configBytes -= bytesOf(agent.record);
  };

  /** Room for one more: whoever is gone for longest makes it, who is connected never does. */
  const makeRoom = (): boolean => {
    if (agents.size < MAX_AGENTS) return true;
    for (const [uid, agent] of agents) {
      if (agent.connection) continue;
      forget(uid, agent);
      return true;
    }
    return false;
  };

  const nameOf = (record: AgentRecord) => `${record.identity.service || 'unnamed agent'} (${record.uid})`;

  /** Configurations are held within a budget; what is beyond it is known by its hash alone. */
  const withinBudget = (before: AgentRecord | null, record: AgentRecord): AgentRecord => {
    if (record.files === (before?.files ?? null)) return record;
    configBytes += bytesOf(record) - bytesOf(before);
    if (configBytes <= MAX_CONFIG_BYTES_HELD) return record;
    configBytes -= bytesOf(record);
    const size = MAX_CONFIG_BYTES_HELD >> 20;
    return {
      ...record,
      files: null,
      configProblem: `the configurations of all agents take more than ${size} MiB`,
    };
  };

  const accept = (agent: Agent, message: AgentToServer, connection: AgentConnection): ServerMessageInit => {
    const now = nowMs();
    const before = agent.record;
    const isNew = agent.polls.lastMs === null;
    const { record, askFullState } = afterMessage(isNew ? null : before, message, connection.transport);
    agent.record = withinBudget(isNew ? null : before, record);
    if (agent.record.configProblem !== null && agent.record.configProblem !== before.configProblem)
      problems.note(
        record.uid,
        nameOf(record),
        `its effective configuration: ${agent.record.configProblem}`,
        now,
      );
    noteNumbering(agent, before, isNew);
    if (agent.connection !== connection && connection.transport === 'ws') agent.offeredHash = '';
    agent.connection = connection;
    agent.polls.note(now, true);
    // Last in the order of use, so that room is made by who was not heard for longest.
    agents.delete(record.uid);
    agents.set(record.uid, agent);
    if (record.described) {
      agent.engine = membership.attachAgent(record.uid, record.identity, now);
      handOn(agent);
      if (controlOf(agent.engine, agent.record).kind === 'state')
        steering.state.agentReported(agent.engine, agent.record);
      else steering.agentReported(agent.engine, remoteReport(record));
    }
    if (message.agentDisconnect) close(agent);
    return {
      instanceUid: record.uidBytes,
      flags: askFullState ? REPORT_FULL_STATE : 0n,
      capabilities: CAPABILITIES,
      ...(record.described ? { remoteConfig: offer(agent) } : {}),
    };
  };

  const noteNumbering = (agent: Agent, before: AgentRecord, isNew: boolean) => {
    if (isNew || agent.connection?.transport !== 'http') return;
    const follows = agent.record.sequence === before.sequence + 1n;
    agent.jumps = follows ? Math.max(0, agent.jumps - 1) : Math.min(2 * JUMPS_OF_TWO, agent.jumps + 2);
  };

  return {
    problems,
    receive(message, connection) {
      const uid = agentUid(message);
      uidOf.set(connection, uid);
      const known = agents.get(uid);
      const holder = known?.connection;
      // Each poll is a connection of its own: of two that poll only the numbering tells.
      const isRival = holder && holder !== connection && holder.transport === 'ws';
      if (known && isRival) {
        return claims.challenge(uid, message.instanceUid, holder, connection, () => {
          if (known.connection !== holder) return;
          holder.close();
          close(known);
          connection.push?.({
            instanceUid: message.instanceUid,
            flags: REPORT_FULL_STATE,
            capabilities: CAPABILITIES,
          });
        });
      }
      if (known) return accept(known, message, connection);
      if (!makeRoom()) {
        turnedAway++;
        return noRoom(message.instanceUid, MAX_AGENTS);
      }
      const { record } = afterMessage(null, message, connection.transport);
      return accept(
        {
          record: { ...record, files: null, configProblem: null },
          engine: '' as EngineId,
          connection,
          offeredHash: '',
          polls: createReportingInterval(),
          handedOn: '',
          jumps: 0,
        },
        message,
        connection,
      );
    },
    reject(connection, reason) {
      const uid = uidOf.get(connection) ?? '';
      const record = agents.get(uid)?.record;
      problems.note(uid, record ? nameOf(record) : `an agent at ${connection.remote}`, reason, nowMs());
    },
    connectionClosed(connection) {
      for (const agent of agents.values()) if (agent.connection === connection) close(agent);
    },
    pushTo(engine) {
      for (const agent of agents.values()) {
        if (agent.engine !== engine || !agent.connection?.push) continue;
        const remoteConfig = offer(agent);
        if (!remoteConfig) continue;
        agent.connection.push({
          instanceUid: agent.record.uidBytes,
          capabilities: CAPABILITIES,
          remoteConfig,
        });
      }
    },
    agentOf(engine) {
      const uid = membership.members.get(engine)?.agentUid;
      return (uid && agents.get(uid)?.record) || null;
    },
    conflictOf(record) {
      const claimed = claims.conflictOf(record.uid);
      if (claimed) return claimed;
      const jumps = agents.get(record.uid)?.jumps ?? 0;
      return jumps >= JUMPS_OF_TWO
        ? `two agents poll with one identity, instance_uid ${record.uid}: their numbering goes back and forth`
        : null;
    },
    stats: () => ({
      held: agents.size,
      connected: [...agents.values()].filter(({ connection }) => connection !== null).length,
      turnedAway,
      configBytes,
    }),
    expire() {
      const now = nowMs();
      for (const agent of agents.values()) {
        if (agent.connection?.transport === 'http' && agent.polls.isSilent(now)) close(agent);
      }
    },
  };
}

function bytesOf(record: AgentRecord | null): number {
  return (record?.files ?? []).reduce((sum, { body }) => sum + body.length, 0);
}
