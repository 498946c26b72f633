/** Who reports, as `GET /api/v1/engines` says it: membership, agents, what was wished and what telemetry tells. */
import type { EngineInfo, EngineTracing } from '@/lib/api/engines';
import type { EngineId } from '@/lib/model/engine';
import { agentCan, agentCapabilityNames } from '@/lib/opamp/capabilities';
import type { AgentRecord } from '../agents/agent-record';
import type { Agents } from '../agents/agents';
import type { AnalysisPort } from '../ports';
import { type DesiredRecord, isTold } from '../steering/desired-record';
import type { Steering } from '../steering/steering';
import type { Member, Membership } from './membership';

export interface EngineDirectory {
  /** Connected ones first, then by when they were first seen. */
  list(): readonly EngineInfo[];
  /** The engine of a query parameter: without one the first of the list. Null where there is none. */
  resolve(engine: string | null): EngineId | null;
  isConnected(engine: EngineId): boolean;
  isAgentConnected(engine: EngineId): boolean;
  /** True where it takes a desired state from here. */
  takesConfig(engine: EngineId): boolean;
  agentOf(engine: EngineId): AgentRecord | null;
}

export function createEngineDirectory(deps: {
  readonly nowMs: () => number;
  /** Unix nanoseconds of a time of `nowMs`. */
  readonly unixNanoAt: (ms: number) => bigint;
  readonly membership: Membership;
  readonly agents: Agents;
  readonly steering: Steering;
  readonly analysis: AnalysisPort;
}): EngineDirectory {
  const { nowMs, unixNanoAt, membership, agents, steering, analysis } = deps;

  const infoOf = (member: Member): EngineInfo => {
    const connected = membership.isConnected(member, nowMs());
    const agent = agents.agentOf(member.id);
    const description = analysis.describe(member.id);
    const lastSeenMs = membership.lastSeenMs(member);
    const leftMs = member.leftMs ?? lastSeenMs;
    const { service, instance, version, host, pipeline } = member.identity;
    return {
      id: member.id,
      service,
      instance,
      version,
      host,
      dialect: description.dialect,
      pipelines: description.pipelines.length > 0 || pipeline === '' ? description.pipelines : [pipeline],
      connected,
      lastSeenUnixNano: String(unixNanoAt(lastSeenMs)),
      disconnectedSinceUnixNano: connected ? null : String(unixNanoAt(leftMs)),
      incarnation: member.incarnation,
      agent: agent
        ? {
            transport: agent.transport,
            capabilities: agentCapabilityNames(agent.capabilities),
            health: agent.health,
          }
        : null,
      tracing: tracingOf(description.tracing, takes(agent) ? steering.stateOf(member.id) : null),
      remoteConfig: takes(agent) ? remoteConfigOf(steering.stateOf(member.id)) : null,
      missing: description.missing,
    };
  };
  const ordered = () => {
    const now = nowMs();
    const rank = (member: Member) => (membership.isConnected(member, now) ? 0 : 1);
    return [...membership.members.values()].sort((a, b) => rank(a) - rank(b));
  };

  return {
    list: () => ordered().map(infoOf),
    resolve(engine) {
      if (engine) return membership.members.get(engine as EngineId)?.id ?? null;
      return ordered()[0]?.id ?? null;
    },
    isConnected(engine) {
      const member = membership.members.get(engine);
      return member !== undefined && membership.isConnected(member, nowMs());
    },
    isAgentConnected: (engine) => membership.members.get(engine)?.agentConnected === true,
    takesConfig: (engine) => takes(agents.agentOf(engine)),
    agentOf: (engine) => agents.agentOf(engine),
  };
}

function takes(agent: AgentRecord | null): boolean {
  return agent !== null && agentCan(agent.capabilities, 'AcceptsRemoteConfig');
}

/** What runs is what was applied last; what is pending stands beside it as the remote configuration's status. */
function tracingOf(told: EngineTracing | null, desired: DesiredRecord | null): EngineTracing | null {
  if (!desired) return told;
  const mode = desired.applied.tracing.mode;
  // What was applied from here is known to run; an engine that was never told runs on what only its figures show.
  if (told) return { ...told, mode: isTold(desired) ? mode : (told.mode ?? mode) };
  return { mode, overheadNs: {}, cpuShare: null, bytesPerSec: null, recordedPerSec: null, keptPerSec: null };
}

function remoteConfigOf(record: DesiredRecord): EngineInfo['remoteConfig'] {
  return {
    revision: record.state.revision,
    status: record.status,
    ...(record.error ? { error: record.error } : {}),
  };
}
