/**
 * What agents said during a capture: `{at, via, agentToServer}` a line, `at` in milliseconds since their server's
 * start, the message in base64. When that start was, the messages tell themselves: a status that an agent reports
 * was true before it was reported, so the latest such lower bound is taken.
 */
import { toBinary } from '@bufbuild/protobuf';
import { decodeAgentToServer } from '@/lib/opamp/messages';
import { type AgentToServer, AgentToServerSchema, type ComponentHealth } from '@/lib/opamp/opamp_pb';
import type { AgentStep } from './capture-step';

export interface OpampLine {
  readonly atMs: number;
  readonly via: 'ws' | 'http';
  readonly message: AgentToServer;
}

export function isOpampLine(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'agentToServer' in json;
}

export function opampLine(json: unknown): OpampLine | null {
  const { at, via, agentToServer } = json as Readonly<Record<string, unknown>>;
  if (typeof agentToServer !== 'string') return null;
  const message = decodeAgentToServer(Buffer.from(agentToServer, 'base64'));
  if (!message.ok) return null;
  return { atMs: typeof at === 'number' ? at : 0, via: via === 'ws' ? 'ws' : 'http', message: message.value };
}

/** Unix nanoseconds of the server's start; null where no message tells a time. */
export function serverStart(lines: readonly OpampLine[]): bigint | null {
  let start: bigint | null = null;
  for (const { atMs, message } of lines) {
    const told = latestStatus(message.health);
    if (told === 0n) continue;
    const earliest = told - BigInt(Math.round(atMs)) * 1_000_000n;
    if (start === null || earliest > start) start = earliest;
  }
  return start;
}

export function agentStep({ atMs, via, message }: OpampLine, start: bigint): AgentStep {
  return {
    kind: 'agent',
    at: start + BigInt(Math.round(atMs)) * 1_000_000n,
    via,
    uid: Buffer.from(message.instanceUid).toString('hex'),
    message: toBinary(AgentToServerSchema, message),
  };
}

/** The message with its own moments later by `byNano`, and its service under another name where one is given. */
export function shiftedMessage(bytes: Uint8Array, byNano: bigint, as: string | null): Uint8Array {
  const decoded = decodeAgentToServer(bytes);
  if (!decoded.ok) return bytes;
  shiftHealth(decoded.value.health, byNano);
  if (as !== null) {
    for (const attribute of decoded.value.agentDescription?.identifyingAttributes ?? []) {
      if (attribute.key === 'service.name' && attribute.value)
        attribute.value.value = { case: 'stringValue', value: as };
    }
  }
  return toBinary(AgentToServerSchema, decoded.value);
}

function latestStatus(health: ComponentHealth | undefined): bigint {
  if (!health) return 0n;
  return Object.values(health.componentHealthMap).reduce((latest, inner) => {
    const time = latestStatus(inner);
    return time > latest ? time : latest;
  }, health.statusTimeUnixNano);
}

function shiftHealth(health: ComponentHealth | undefined, byNano: bigint): void {
  if (!health) return;
  if (health.statusTimeUnixNano > 0n) health.statusTimeUnixNano += byNano;
  if (health.startTimeUnixNano > 0n) health.startTimeUnixNano += byNano;
  for (const inner of Object.values(health.componentHealthMap)) shiftHealth(inner, byNano);
}
