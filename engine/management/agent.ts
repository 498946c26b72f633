/**
 * The engine as an OpAMP agent: says who it is, how it is and what it runs, takes the desired state and says what came
 * of it. Everything but the socket and the clock is handed in; each message is complete for what it changes.
 *
 *   open ─▶ full state ─▶ ◀─ remote config ─▶ APPLYING ─▶ apply ─▶ APPLIED │ FAILED, effective config
 *                         ◀─ ReportFullState ─▶ full state
 */
import type { Clock, Timer } from '@/lib/base/clock';
import type { Result } from '@/lib/base/result';
import { REPORT_FULL_STATE } from '@/lib/opamp/agent-session';
import { agentCapabilities } from '@/lib/opamp/capabilities';
import { frame, unframe } from '@/lib/opamp/framing';
import {
  type AgentMessageInit,
  decodeServerToAgent,
  encodeAgentToServer,
  INSTANCE_UID_BYTES,
  keyValues,
} from '@/lib/opamp/messages';
import { type AgentRemoteConfig, RemoteConfigStatuses } from '@/lib/opamp/opamp_pb';
import { type DesiredState, REMOTE_CONFIG_FILE, REMOTE_CONFIG_TYPE } from '@/lib/opamp/remote-config';
import { readDesiredState } from '@/lib/opamp/remote-config-message';
import { EFFECTIVE_CONFIG_FILE, EFFECTIVE_CONFIG_TYPE } from './effective-config';
import { createWebSocketLink, type Link, opampUrl } from './websocket-link';

const CAPABILITIES = agentCapabilities([
  'ReportsStatus',
  'AcceptsRemoteConfig',
  'ReportsEffectiveConfig',
  'ReportsOwnTraces',
  'ReportsOwnMetrics',
  'ReportsOwnLogs',
  'ReportsHealth',
  'ReportsRemoteConfig',
  'ReportsHeartbeat',
]);

/** How often it looks whether there is something new to say, and how often it speaks up when there is not. */
const WATCH_MS = 250;
const HEARTBEAT_MS = 10_000;
const CLOSE_GRACE_MS = 200;

export interface AgentHealth {
  readonly healthy: boolean;
  readonly status: string;
  readonly lastError: string;
  readonly components: Readonly<Record<string, { readonly healthy: boolean; readonly status: string }>>;
}

/** What a node said that refused its part when it was handed over, after all of it had passed the check; null where none did. */
export type LateRefusal = Promise<string | null>;

export interface ManagedEngine {
  readonly identifying: Readonly<Record<string, string>>;
  readonly nonIdentifying: Readonly<Record<string, string>>;
  health(): AgentHealth;
  /** Changes whenever the effective configuration does. */
  revision(): number;
  effectiveConfig(): Uint8Array;
  /** Checks all of it, then applies it; a reason where something is wrong, and then nothing has changed. */
  apply(state: DesiredState): Result<LateRefusal, string>;
  /** A server is there, perhaps another one than before. */
  connected?(): void;
}

export interface Agent {
  readonly connected: boolean;
  /** Says good-bye. */
  stop(): Promise<void>;
}

interface AgentOptions {
  readonly serverUrl: string;
  readonly instanceUid: Uint8Array;
  readonly clock: Clock;
  readonly engine: ManagedEngine;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

interface RemoteStatus {
  readonly lastRemoteConfigHash: Uint8Array;
  readonly status: RemoteConfigStatuses;
  readonly errorMessage: string;
}

export function createAgent({ serverUrl, instanceUid, clock, engine, log }: AgentOptions): Agent {
  const startTimeUnixNano = clock.epoch + BigInt(Math.round(clock.nowNs()));
  let uid = instanceUid;
  let sequence = -1n;
  let remote: RemoteStatus = {
    lastRemoteConfigHash: new Uint8Array(0),
    status: RemoteConfigStatuses.RemoteConfigStatuses_UNSET,
    errorMessage: '',
  };
  let saidRevision = -1;
  /** The desired state that runs, byte by byte: a server that was restarted takes it up from here. */
  let desired: Uint8Array | null = null;
  let saidDesired: Uint8Array | null = null;
  let saidHealth = '';
  let saidAtNs = 0;
  let lostSaid = false;

  const nowUnixNano = () => clock.epoch + BigInt(Math.round(clock.nowNs()));
  const send = (fields: AgentMessageInit): void => {
    sequence++;
    saidAtNs = clock.nowNs();
    link.send(
      frame(
        encodeAgentToServer({
          ...fields,
          instanceUid: uid,
          sequenceNum: sequence,
          capabilities: CAPABILITIES,
        }),
      ),
    );
  };
  const healthFields = (): AgentMessageInit => {
    const health = engine.health();
    saidHealth = JSON.stringify(health);
    const time = { startTimeUnixNano, statusTimeUnixNano: nowUnixNano() };
    const { healthy, status, lastError } = health;
    const components = Object.entries(health.components).map(
      ([id, one]) => [id, { ...one, ...time }] as const,
    );
    return {
      health: { healthy, status, lastError, ...time, componentHealthMap: Object.fromEntries(components) },
    };
  };
  const isSaid = () => engine.revision() === saidRevision && desired === saidDesired;
  const effectiveFields = (): AgentMessageInit => {
    saidRevision = engine.revision();
    saidDesired = desired;
    const file = { body: engine.effectiveConfig(), contentType: EFFECTIVE_CONFIG_TYPE };
    const files: Record<string, typeof file> = { [EFFECTIVE_CONFIG_FILE]: file };
    if (desired) files[REMOTE_CONFIG_FILE] = { body: desired, contentType: REMOTE_CONFIG_TYPE };
    return { effectiveConfig: { configMap: { configMap: files } } };
  };
  const sendFullState = (): void =>
    send({
      agentDescription: {
        identifyingAttributes: keyValues(engine.identifying),
        nonIdentifyingAttributes: keyValues(engine.nonIdentifying),
      },
      ...healthFields(),
      ...effectiveFields(),
      remoteConfigStatus: remote,
    });
  const sendStatus = (hash: Uint8Array, status: RemoteConfigStatuses, errorMessage = ''): void => {
    remote = { lastRemoteConfigHash: hash, status, errorMessage };
    const changed = isSaid() ? {} : effectiveFields();
    send({ remoteConfigStatus: remote, ...changed });
  };

  const takeRemoteConfig = (config: AgentRemoteConfig): void => {
    const { configHash } = config;
    const decided = remote.status !== RemoteConfigStatuses.RemoteConfigStatuses_UNSET;
    if (decided && Buffer.from(configHash).equals(remote.lastRemoteConfigHash)) {
      sendStatus(configHash, remote.status, remote.errorMessage);
      return;
    }
    sendStatus(configHash, RemoteConfigStatuses.RemoteConfigStatuses_APPLYING);
    const state = readDesiredState(config);
    const applied = state.ok ? engine.apply(state.value) : state;
    if (applied.ok) {
      const before = desired;
      desired = config.config?.configMap[REMOTE_CONFIG_FILE]?.body ?? null;
      sendStatus(configHash, RemoteConfigStatuses.RemoteConfigStatuses_APPLIED);
      void applied.value.then((reason) => {
        if (reason === null || !Buffer.from(configHash).equals(remote.lastRemoteConfigHash)) return;
        desired = before;
        refuse(configHash, reason);
      });
    } else refuse(configHash, applied.error);
  };
  const refuse = (configHash: Uint8Array, reason: string): void => {
    log('warn', `remote configuration refused: ${reason}`);
    sendStatus(configHash, RemoteConfigStatuses.RemoteConfigStatuses_FAILED, reason);
  };

  const received = (bytes: Uint8Array): void => {
    const message = unframe(bytes);
    const decoded = message.ok ? decodeServerToAgent(message.value) : message;
    if (!decoded.ok) {
      log('warn', `a message of the server was not understood: ${decoded.error}`);
      return;
    }
    const { errorResponse, agentIdentification, flags, remoteConfig, instanceUid: addressee } = decoded.value;
    if (errorResponse) {
      log('warn', `the server refused a message: ${errorResponse.errorMessage}`);
      return;
    }
    if (addressee.length > 0 && !Buffer.from(addressee).equals(uid)) return;
    if (agentIdentification?.newInstanceUid.length === INSTANCE_UID_BYTES)
      uid = agentIdentification.newInstanceUid;
    if ((flags & REPORT_FULL_STATE) !== 0n) sendFullState();
    if (remoteConfig) takeRemoteConfig(remoteConfig);
  };

  const watch = (): void => {
    timer = clock.setTimer(watch, WATCH_MS);
    if (!link.open) return;
    const news: AgentMessageInit = {
      ...(JSON.stringify(engine.health()) === saidHealth ? {} : healthFields()),
      ...(isSaid() ? {} : effectiveFields()),
    };
    const due = clock.nowNs() - saidAtNs >= HEARTBEAT_MS * 1e6;
    if (due || Object.keys(news).length > 0) send(news);
  };

  const link: Link = createWebSocketLink(opampUrl(serverUrl), clock, {
    opened() {
      lostSaid = false;
      log('info', `connected to ${serverUrl}`);
      sendFullState();
      engine.connected?.();
    },
    received,
    closed() {
      if (!lostSaid) log('warn', `lost the server at ${serverUrl}: going on, and trying again`);
      lostSaid = true;
    },
    unreachable: () => log('warn', `cannot reach ${serverUrl}: going on, and trying again`),
  });
  let timer: Timer = clock.setTimer(watch, WATCH_MS);

  return {
    get connected() {
      return link.open;
    },
    stop() {
      timer.cancel();
      if (link.open) send({ agentDisconnect: {} });
      return link.close(CLOSE_GRACE_MS);
    },
  };
}
