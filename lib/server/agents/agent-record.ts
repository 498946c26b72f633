/** What an agent has said of itself, kept over messages that leave out what did not change. Pure. */
import { hexFromBytes } from '@/lib/base/bytes';
import type { ResourceIdentity } from '@/lib/model/engine';
import { needsFullState } from '@/lib/opamp/agent-session';
import { textAttributes } from '@/lib/opamp/messages';
import { type AgentToServer, type ComponentHealth, RemoteConfigStatuses } from '@/lib/opamp/opamp_pb';
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
  readonly health: { readonly healthy: boolean; readonly status: string; readonly lastError: string } | null;
  readonly files: readonly ConfigFile[] | null;
  /** Hash over the effective configuration as it was sent; null while none was. */
  readonly configHash: string | null;
  readonly remote: Omit<AgentRemoteReport, 'effective'>;
}

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
  return { record, askFullState: ask };
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

function healthOf(health: ComponentHealth): AgentRecord['health'] {
  return { healthy: health.healthy, status: health.status, lastError: health.lastError };
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
  return { files, configHash: hexFromBytes(configHash(whole)) };
}
