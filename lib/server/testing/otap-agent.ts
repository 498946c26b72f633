/**
 * An OTAP engine's agent by script, over a real WebSocket: says what the captured one says, and answers a remote configuration as it
 * does: APPLYING at once, then APPLIED with the new state as its effective one, or FAILED with a message and the old one.
 */
import { WebSocket } from 'ws';
import { agentCapabilities } from '@/lib/opamp/capabilities';
import { frame, unframe } from '@/lib/opamp/framing';
import {
  type AgentMessageInit,
  decodeServerToAgent,
  encodeAgentToServer,
  keyValues,
} from '@/lib/opamp/messages';
import { RemoteConfigStatuses, type ServerToAgent } from '@/lib/opamp/opamp_pb';

const TAKES = agentCapabilities([
  'ReportsStatus',
  'AcceptsRemoteConfig',
  'ReportsEffectiveConfig',
  'ReportsHealth',
  'ReportsRemoteConfig',
  'ReportsHeartbeat',
]);

export interface OtapAgentOptions {
  /** `http://…` of the agent port. */
  readonly url: string;
  readonly state: string;
  readonly uid?: number;
  readonly service?: string;
  /** What it says to a configuration: null where it applies it. Absent: applies all. */
  readonly refuses?: (body: string) => string | null;
  /** Says APPLYING and no more. */
  readonly hangs?: boolean;
}

export interface OtapAgent {
  readonly socket: WebSocket;
  readonly received: readonly ServerToAgent[];
  /** Bodies of the remote configurations that came. */
  readonly offers: readonly string[];
  /** What it runs. */
  readonly state: string;
  say(fields: AgentMessageInit): void;
  /** Changes its configuration by itself, as an operator at its file would. */
  moveTo(state: string): void;
}

export async function connectOtapAgent(options: OtapAgentOptions): Promise<OtapAgent> {
  const socket = new WebSocket(`${options.url.replace('http', 'ws')}/v1/opamp`);
  const received: ServerToAgent[] = [];
  const offers: string[] = [];
  let instanceUid = new Uint8Array(16).fill(options.uid ?? 1);
  let sequenceNum = -1n;
  let state = options.state;
  const say = (fields: AgentMessageInit) => {
    sequenceNum++;
    socket.send(frame(encodeAgentToServer({ ...fields, instanceUid, sequenceNum, capabilities: TAKES })));
  };
  const effective = (): AgentMessageInit => ({
    effectiveConfig: {
      configMap: { configMap: { state: { body: Buffer.from(state), contentType: 'application/json' } } },
    },
  });
  const describe = (): AgentMessageInit => ({
    agentDescription: {
      identifyingAttributes: keyValues({ 'service.name': options.service ?? 'otap-edge' }),
    },
    health: {
      healthy: true,
      status: 'running',
      componentHealthMap: { default: { healthy: true, status: 'running' } },
    },
    remoteConfigStatus: { lastRemoteConfigHash: new Uint8Array(0), status: 0 },
    ...effective(),
  });
  const answer = (lastRemoteConfigHash: Uint8Array, status: RemoteConfigStatuses, errorMessage = '') => ({
    remoteConfigStatus: { lastRemoteConfigHash, status, errorMessage },
  });
  socket.on('message', (data: Buffer) => {
    const message = unframe(data);
    const decoded = message.ok ? decodeServerToAgent(message.value) : message;
    if (!decoded.ok) throw new Error(decoded.error);
    received.push(decoded.value);
    const { remoteConfig, agentIdentification, flags } = decoded.value;
    if (agentIdentification) {
      instanceUid = agentIdentification.newInstanceUid.slice();
      say(describe());
    } else if ((flags & 1n) !== 0n) say(describe());
    if (!remoteConfig) return;
    const body = Buffer.from(remoteConfig.config?.configMap['']?.body ?? []).toString();
    offers.push(body);
    const hash = remoteConfig.configHash;
    say(answer(hash, RemoteConfigStatuses.RemoteConfigStatuses_APPLYING));
    if (options.hangs) return;
    const error = options.refuses?.(body) ?? null;
    if (error !== null) return say(answer(hash, RemoteConfigStatuses.RemoteConfigStatuses_FAILED, error));
    state = body;
    say({ ...answer(hash, RemoteConfigStatuses.RemoteConfigStatuses_APPLIED), ...effective() });
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  say(describe());
  return {
    socket,
    received,
    offers,
    get state() {
      return state;
    },
    say,
    moveTo(next) {
      state = next;
      say(effective());
    },
  };
}
