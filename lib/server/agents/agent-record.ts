/** What an agent has said of itself, kept over messages that leave out what did not change. Pure. */
import type { AgentHealth } from '@/lib/api/engines';
import { hexFromBytes } from '@/lib/base/bytes';
import type { ResourceIdentity } from '@/lib/model/engine';
import { needsFullState } from '@/lib/opamp/agent-session';
import { agentCan } from '@/lib/opamp/capabilities';
import { textAttributes } from '@/lib/opamp/messages';
import { type AgentToServer, type ComponentHealth, RemoteConfigStatuses } from '@/lib/opamp/opamp_pb';
import { redactText } from '@/lib/opamp/redact';
import { REMOTE_CONFIG_FILE } from '@/lib/opamp/remote-config';
import { configHash } from '@/lib/opamp/remote-config-message';
import { ATTR } from '@/lib/semconv/attributes';
import type { AgentRemoteReport } from '../steering/desired-record';

export interface ConfigFile {
  readonly name: string;
  readonly contentType: string;
  /** As the agent sent it. Never shown, stored or logged: `effective-config.ts` redacts. */
  readonly body: Uint8Array;
}

export interface AgentRecord {
  readonly uid: string;
  readonly uidBytes: Uint8Array;
  readonly transport: 'ws' | 'http';
  readonly sequence: bigint;
  readonly identity: ResourceIdentity;
  /** Kept apart, as `identity` may be known before any description came. */
  readonly described: boolean;
  readonly capabilities: bigint;
  readonly health: AgentHealth | null;
  /** Null where none came, or what came is not held: `configProblem` says why. */
  readonly files: readonly ConfigFile[] | null;
  readonly configProblem: string | null;
  /** Hash over the effective configuration as it was sent; null while none was. */
  readonly configHash: string | null;
  readonly remote: Omit<AgentRemoteReport, 'effective'>;
}

/** Of one agent; hand-written configurations are a thousandth of it. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** Of a health tree. */
const MAX_COMPONENTS = 500;
const MAX_HEALTH_DEPTH = 8;

const NOBODY: ResourceIdentity = { service: '', instance: '', version: '', host: '', pod: '', pipeline: '' };

export function agentUid(message: AgentToServer): string {
  return hexFromBytes(message.instanceUid);
}

/** The record after a message, and whether the agent has to be asked for everything. */
export function afterMessage(
  before: AgentRecord | null,
  message: AgentToServer,
  transport: 'ws' | 'http',
): { readonly record: AgentRecord; readonly askFullState: boolean } {
  const base = before ?? emptyRecord(message, transport);
  const full = message.agentDescription !== undefined && message.capabilities !== 0n;
  const record: AgentRecord = {
    ...base,
    transport,
    sequence: message.sequenceNum,
    ...described(message),
    capabilities: message.capabilities === 0n ? base.capabilities : message.capabilities,
    health: message.health ? healthOf(message.health) : base.health,
    remote: remoteOf(message) ?? base.remote,
    ...effective(message),
  };
  const ask = needsFullState(before?.sequence ?? null, message.sequenceNum, full) || !record.described;
  return { record, askFullState: ask || leavesOutConfig(before, message) };
}

/** An agent that was here before this server was may think that its configuration is known. */
function leavesOutConfig(before: AgentRecord | null, message: AgentToServer): boolean {
  const tellsIt = agentCan(message.capabilities, 'ReportsEffectiveConfig');
  return before === null && message.sequenceNum > 0n && tellsIt && message.effectiveConfig === undefined;
}

/** What of it concerns the remote configuration. */
export function remoteReport(record: AgentRecord): AgentRemoteReport {
  const file = record.files?.find(({ name }) => name === REMOTE_CONFIG_FILE);
  return { ...record.remote, effective: file?.body ?? null };
}

function emptyRecord(message: AgentToServer, transport: 'ws' | 'http'): AgentRecord {
  return {
    uid: agentUid(message),
    uidBytes: message.instanceUid,
    transport,
    sequence: 0n,
    identity: NOBODY,
    described: false,
    capabilities: 0n,
    health: null,
    files: null,
    configProblem: null,
    configHash: null,
    remote: { lastHash: '', status: 'unset', error: '' },
  };
}

function described(message: AgentToServer): Partial<AgentRecord> {
  const description = message.agentDescription;
  if (!description) return {};
  const all = {
    ...textAttributes(description.nonIdentifyingAttributes),
    ...textAttributes(description.identifyingAttributes),
  };
  const identity: ResourceIdentity = {
    service: all[ATTR.serviceName] ?? '',
    instance: all[ATTR.serviceInstanceId] ?? '',
    version: all[ATTR.serviceVersion] ?? '',
    host: all[ATTR.hostName] ?? '',
    pod: all[ATTR.podName] ?? '',
    pipeline: all[ATTR.pipelineId] ?? '',
  };
  return { identity, described: true };
}

function healthOf(health: ComponentHealth): AgentHealth {
  let left = MAX_COMPONENTS;
  const read = (
    { healthy, status, lastError, componentHealthMap }: ComponentHealth,
    depth: number,
  ): AgentHealth => {
    const inner = depth < MAX_HEALTH_DEPTH ? Object.entries(componentHealthMap) : [];
    const components = inner
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(() => left-- > 0)
      .map(([name, one]) => ({ name, ...read(one, depth + 1) }));
    return { healthy, status: redactText(status), lastError: redactText(lastError), components };
  };
  return read(health, 0);
}

function remoteOf(message: AgentToServer): AgentRecord['remote'] | null {
  const status = message.remoteConfigStatus;
  if (!status) return null;
  return {
    lastHash: hexFromBytes(status.lastRemoteConfigHash),
    status: statusName(status.status),
    error: status.errorMessage,
  };
}

function statusName(status: RemoteConfigStatuses): AgentRemoteReport['status'] {
  if (status === RemoteConfigStatuses.RemoteConfigStatuses_APPLIED) return 'applied';
  if (status === RemoteConfigStatuses.RemoteConfigStatuses_APPLYING) return 'applying';
  return status === RemoteConfigStatuses.RemoteConfigStatuses_FAILED ? 'failed' : 'unset';
}

function effective(message: AgentToServer): Partial<AgentRecord> {
  const map = message.effectiveConfig?.configMap?.configMap;
  if (!map) return {};
  const files = Object.entries(map)
    .map(([name, file]) => ({ name, contentType: file.contentType, body: file.body }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const separator = Buffer.from([0]);
  const whole = Buffer.concat(
    files.flatMap(({ name, body }) => [Buffer.from(name), separator, body, separator]),
  );
  const hash = hexFromBytes(configHash(whole));
  if (whole.length > MAX_CONFIG_BYTES) return { ...notHeld(whole.length), configHash: hash };
  // A copy: the bytes are a view into the whole message.
  const held = files.map((file) => ({ ...file, body: file.body.slice() }));
  return { files: held, configHash: hash, configProblem: null };
}

function notHeld(bytes: number): Partial<AgentRecord> {
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return {
    files: null,
    configProblem: `it takes ${size}, and more than ${MAX_CONFIG_BYTES >> 20} MiB is not read`,
  };
}
