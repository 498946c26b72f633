/**
 * Who is who: joins telemetry and OpAMP agents into engines, and tells a restart from a second member.
 *
 *   same service, same instance                      → the same engine
 *   same service, new instance, the earlier is gone  → the same engine, next incarnation (host and pod not differing)
 *   same service, new instance, the earlier is alive → another member of the service
 *   no instance told                                 → the only candidate of that service, else a member of its own
 *   an agent beside telemetry, of other instances    → apart, until a person says that they are one
 *
 * Times are milliseconds of the injected clock. Nothing here does I/O.
 */
import { type EngineId, engineId, type ResourceIdentity } from '@/lib/model/engine';
import { createReportingInterval, type ReportingInterval } from './reporting-interval';

/** Members held; beyond it the one that has been gone longest is forgotten, else the newcomer is not listed. */
export const MAX_ENGINES = 256;
/** What a predecessor still had under way may arrive this long after its successor. */
const LATE_MS = 10_000;
/** Requests that were on their way when an agent's connection closed. */
const IN_FLIGHT_MS = 500;
/** An agent whose own telemetry has not come for so long may be that of another's. */
const ALONE_MS = 10_000;
const OVERFLOW_ID = engineId('other');

export interface Member {
  readonly id: EngineId;
  identity: ResourceIdentity;
  incarnation: number;
  /** When this incarnation was first seen. */
  sinceMs: number;
  readonly telemetry: ReportingInterval;
  /** The OpAMP agent's `instance_uid` in hex, while or after it was connected. */
  agentUid: string | null;
  agentConnected: boolean;
  /** When the agent's connection closed, or the engine said that it ends. */
  leftMs: number | null;
  agentSeenMs: number | null;
}

export interface Membership {
  readonly members: ReadonlyMap<EngineId, Member>;
  /** Reports that no member could be made for. */
  readonly overflow: number;
  observeTelemetry(identity: ResourceIdentity, nowMs: number, regular: boolean): EngineId;
  /** Telemetry of an engine that was resolved before; of a predecessor (another instance) it proves nothing. */
  heard(engine: EngineId, instance: string, nowMs: number, regular: boolean): void;
  /** It said that it ends: it is gone at once, and what it still had under way does not bring it back. */
  left(engine: EngineId, instance: string, nowMs: number): void;
  attachAgent(uid: string, identity: ResourceIdentity, nowMs: number): EngineId;
  noteAgent(uid: string, nowMs: number): void;
  detachAgent(uid: string, nowMs: number): void;
  isConnected(member: Member, nowMs: number): boolean;
  /** Engines whose agent this one may be: of its service, heard by their telemetry alone. Empty where there is no question. */
  mayBe(member: Member, nowMs: number): readonly EngineId[];
  /** A person's answer to that: this agent is of that engine, now and when it comes again. False where it is no answer to it. */
  join(agent: EngineId, telemetry: EngineId, nowMs: number): boolean;
  /** When it was last heard, by either way. */
  lastSeenMs(member: Member): number;
}

export function createMembership(): Membership {
  const members = new Map<EngineId, Member>();
  /** `service NUL instance` of members and of their predecessors. */
  const byInstance = new Map<string, Member>();
  const byAgent = new Map<string, Member>();
  /** By an agent's uid, as people said; gone with the member. */
  const joined = new Map<string, Member>();
  let overflow = 0;

  const candidatesOf = (service: string) =>
    [...members.values()].filter((m) => m.identity.service === service);

  const remember = (member: Member) => byInstance.set(instanceKey(member.identity), member);

  const forget = (member: Member) => {
    members.delete(member.id);
    for (const [key, value] of byInstance) if (value === member) byInstance.delete(key);
    for (const [uid, value] of byAgent) if (value === member) byAgent.delete(uid);
    for (const [uid, value] of joined) if (value === member) joined.delete(uid);
  };

  const makeRoom = (nowMs: number): boolean => {
    if (members.size < MAX_ENGINES) return true;
    const gone = [...members.values()].filter((m) => !isConnected(m, nowMs));
    const oldest = gone.sort((a, b) => lastSeenMs(a) - lastSeenMs(b))[0];
    if (oldest) forget(oldest);
    return oldest !== undefined;
  };

  const create = (identity: ResourceIdentity, nowMs: number): Member | null => {
    if (!makeRoom(nowMs)) return null;
    const member: Member = {
      id: freeId(identity, members),
      identity,
      incarnation: 1,
      sinceMs: nowMs,
      telemetry: createReportingInterval(),
      agentUid: null,
      agentConnected: false,
      leftMs: null,
      agentSeenMs: null,
    };
    members.set(member.id, member);
    remember(member);
    return member;
  };

  const succeed = (member: Member, identity: ResourceIdentity, nowMs: number) => {
    member.identity = identity;
    member.incarnation++;
    member.sinceMs = nowMs;
    remember(member);
  };

  const resolve = (identity: ResourceIdentity, nowMs: number): Member | null => {
    const known = byInstance.get(instanceKey(identity));
    if (known && (known.identity.instance === identity.instance || nowMs - known.sinceMs < LATE_MS))
      return known;
    const candidates = candidatesOf(identity.service);
    if (identity.instance === '') {
      const live = candidates.filter((m) => isConnected(m, nowMs));
      const only = candidates.length === 1 ? candidates[0] : live.length === 1 ? live[0] : undefined;
      return only && sameHost(only.identity, identity) ? only : create(identity, nowMs);
    }
    const unnamed = candidates.find((m) => m.identity.instance === '' && sameHost(m.identity, identity));
    if (unnamed && candidates.length === 1) {
      unnamed.identity = identity;
      remember(unnamed);
      return unnamed;
    }
    const gone = candidates
      .filter((m) => isGone(m, nowMs) && sameHost(m.identity, identity))
      .sort((a, b) => lastSeenMs(b) - lastSeenMs(a))[0];
    if (!gone) return create(identity, nowMs);
    succeed(gone, identity, nowMs);
    return gone;
  };

  const mayBe = (member: Member, nowMs: number): readonly EngineId[] => {
    const isAlone = member.agentConnected && member.telemetry.lastMs === null;
    if (!isAlone || nowMs - member.sinceMs < ALONE_MS) return [];
    return candidatesOf(member.identity.service)
      .filter((other) => other.agentUid === null && isConnected(other, nowMs))
      .filter((other) => sameHost(other.identity, member.identity))
      .map(({ id }) => id);
  };

  return {
    members,
    mayBe,
    join(agent, telemetry, nowMs) {
      const from = members.get(agent);
      const to = members.get(telemetry);
      if (!from || !to || from.agentUid === null || !mayBe(from, nowMs).includes(telemetry)) return false;
      const { agentUid, agentSeenMs } = from;
      forget(from);
      joined.set(agentUid, to);
      byAgent.set(agentUid, to);
      Object.assign(to, { agentUid, agentSeenMs, agentConnected: true, leftMs: null });
      return true;
    },
    get overflow() {
      return overflow;
    },
    observeTelemetry(identity, nowMs, regular) {
      const member = resolve(identity, nowMs);
      if (!member) {
        overflow++;
        return OVERFLOW_ID;
      }
      const current = identity.instance === '' || member.identity.instance === identity.instance;
      if (current) member.telemetry.note(nowMs, regular);
      return member.id;
    },
    heard(engine, instance, nowMs, regular) {
      const member = members.get(engine);
      if (!member) return;
      const current =
        instance === '' || member.identity.instance === '' || member.identity.instance === instance;
      if (current) member.telemetry.note(nowMs, regular);
    },
    left(engine, instance, nowMs) {
      const member = members.get(engine);
      if (!member || instance !== member.identity.instance) return;
      member.agentConnected = false;
      member.leftMs = nowMs;
    },
    attachAgent(uid, identity, nowMs) {
      const known = byAgent.get(uid);
      const said = joined.get(uid);
      const found = said ?? (known && agrees(known.identity, identity) ? known : resolve(identity, nowMs));
      // Two agents that are there at once are two engines, though neither tells its instance: which telemetry is whose, nobody can say.
      const isTaken = found?.agentConnected === true && found.agentUid !== uid;
      const named = identity.instance === '' ? { ...identity, instance: uid } : identity;
      const member = isTaken && identity.instance === '' ? create(named, nowMs) : found;
      if (!member) {
        overflow++;
        return OVERFLOW_ID;
      }
      if (member.agentUid !== null && member.agentUid !== uid) byAgent.delete(member.agentUid);
      byAgent.set(uid, member);
      member.agentUid = uid;
      member.agentConnected = true;
      member.leftMs = null;
      member.agentSeenMs = nowMs;
      return member.id;
    },
    noteAgent(uid, nowMs) {
      const member = byAgent.get(uid);
      if (member) member.agentSeenMs = nowMs;
    },
    detachAgent(uid, nowMs) {
      const member = byAgent.get(uid);
      if (!member || member.agentUid !== uid || !member.agentConnected) return;
      member.agentConnected = false;
      member.leftMs = nowMs;
    },
    isConnected,
    lastSeenMs,
  };
}

function isConnected(member: Member, nowMs: number): boolean {
  if (member.agentConnected) return true;
  return !member.telemetry.isSilent(nowMs) && !hasLeft(member);
}

/** Its place can be taken by a successor: it said so, or was silent for longer than it could be by chance. */
function isGone(member: Member, nowMs: number): boolean {
  if (member.agentConnected) return false;
  return hasLeft(member) || member.telemetry.isGone(nowMs);
}

function hasLeft({ leftMs, telemetry }: Member): boolean {
  return leftMs !== null && (telemetry.lastMs ?? 0) <= leftMs + IN_FLIGHT_MS;
}

function lastSeenMs(member: Member): number {
  return Math.max(member.telemetry.lastMs ?? member.sinceMs, member.agentSeenMs ?? member.sinceMs);
}

function instanceKey(identity: ResourceIdentity): string {
  return `${identity.service}\0${identity.instance}`;
}

/** An agent that tells no instance may have got that of the telemetry that it was joined with. */
function agrees(known: ResourceIdentity, told: ResourceIdentity): boolean {
  return known.service === told.service && (told.instance === '' || known.instance === told.instance);
}

/** False only where both tell, and differ. */
function sameHost(a: ResourceIdentity, b: ResourceIdentity): boolean {
  const differ = (x: string, y: string) => x !== '' && y !== '' && x !== y;
  return !differ(a.host, b.host) && !differ(a.pod, b.pod);
}

/** The service's name where it is free, so that a page keeps its address; else with the instance's beginning. */
function freeId(identity: ResourceIdentity, taken: ReadonlyMap<EngineId, Member>): EngineId {
  const base = identity.service || 'unknown_service';
  const stem = `${base}@${identity.instance.slice(0, 8) || 'member'}`;
  let id = engineId(base);
  for (let n = 1; taken.has(id); n++) id = engineId(n === 1 ? stem : `${stem}-${n}`);
  return id;
}
