/** Who reports, as `GET /api/v1/engines` says it: membership, agents, what was wished and what telemetry tells. */
import type { EngineControl, EngineInfo, EngineTracing } from '@/lib/api/engines';
import type { HealthAnswer } from '@/lib/api/health';
import type { EngineId } from '@/lib/model/engine';
import { agentCapabilityNames } from '@/lib/opamp/capabilities';
import type { AgentRecord } from '../agents/agent-record';
import { type Agents, MAX_AGENTS, MAX_CONFIG_BYTES_HELD } from '../agents/agents';
import type { AnalysisPort } from '../ports';
import type { ControlKind } from '../steering/control-kind';
import { type DesiredRecord, isTold } from '../steering/desired-record';
import type { Steering } from '../steering/steering';
import { MAX_ENGINES, type Member, type Membership } from './membership';
import { createLevels } from './pipeline-levels';

export interface EngineDirectory {
  /** Connected ones first, then by when they were first seen. */
  list(): readonly EngineInfo[];
  /** The engine of a query parameter: without one the first of the list. Null where there is none. */
  resolve(engine: string | null): EngineId | null;
  isConnected(engine: EngineId): boolean;
  isAgentConnected(engine: EngineId): boolean;
  /** How it can be changed from here. */
  controlOf(engine: EngineId): ControlKind;
  agentOf(engine: EngineId): AgentRecord | null;
  /** A person says that an agent is of that engine; false where nobody asked. */
  join(agent: EngineId, telemetry: EngineId): boolean;
  /** How many report, against their bounds, and what of theirs could not be taken. */
  fleet(): Pick<HealthAnswer, 'engines' | 'agents'>;
}

export function createEngineDirectory(deps: {
  readonly nowMs: () => number;
  /** Unix nanoseconds of a time of `nowMs`. */
  readonly unixNanoAt: (ms: number) => bigint;
  readonly membership: Membership;
  readonly agents: Agents;
  readonly steering: Steering;
  readonly analysis: AnalysisPort;
  readonly controlOf: (engine: EngineId, agent: AgentRecord | null) => ControlKind;
}): EngineDirectory {
  const { nowMs, unixNanoAt, membership, agents, steering, analysis } = deps;
  const controlOf = (engine: EngineId) => deps.controlOf(engine, agents.agentOf(engine));
  const levels = createLevels();

  const agentInfo = (agent: AgentRecord): EngineInfo['agent'] => {
    const problem = agents.problems.of(agent.uid);
    return {
      transport: agent.transport,
      capabilities: agentCapabilityNames(agent.capabilities),
      health: agent.health,
      conflict: agents.conflictOf(agent),
      problem: problem && {
        message: problem.message,
        count: problem.count,
        atUnixNano: String(unixNanoAt(problem.atMs)),
      },
    };
  };
  const controlInfo = (agent: AgentRecord | null, control: ControlKind): EngineControl => {
    if (control.kind === 'none') return control;
    return control.kind === 'actions' ? { kind: 'actions' } : { kind: 'state', levels: levels.of(agent) };
  };
  const remoteOf = (id: EngineId, agent: AgentRecord | null, { kind }: ControlKind) => {
    if (!agent || kind === 'none') return null;
    return kind === 'state' ? steering.state.statusOf(id, agent) : remoteConfigOf(steering.stateOf(id));
  };

  const infoOf = (member: Member): EngineInfo => {
    const connected = membership.isConnected(member, nowMs());
    const agent = agents.agentOf(member.id);
    const description = analysis.describe(member.id);
    const control = controlOf(member.id);
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
      agent: agent && agentInfo(agent),
      mayBe: membership.mayBe(member, nowMs()),
      configHash: agent?.configHash ?? null,
      control: controlInfo(agent, control),
      tracing: tracingOf(
        description.tracing,
        control.kind === 'actions' ? steering.stateOf(member.id) : null,
      ),
      remoteConfig: remoteOf(member.id, agent, control),
      missing: description.missing,
      arrivals: description.arrivals,
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
    controlOf,
    agentOf: (engine) => agents.agentOf(engine),
    join: (agent, telemetry) => membership.join(agent, telemetry, nowMs()),
    fleet: () => ({
      engines: { held: membership.members.size, max: MAX_ENGINES, turnedAway: membership.overflow },
      agents: {
        ...agents.stats(),
        max: MAX_AGENTS,
        maxConfigBytes: MAX_CONFIG_BYTES_HELD,
        problems: agents.problems.list().map(({ agent, message, count, atMs }) => ({
          agent,
          message,
          count,
          atUnixNano: String(unixNanoAt(atMs)),
        })),
      },
    }),
  };
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
