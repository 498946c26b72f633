/** OpAMP messages to bytes and back, for both sides. What does not decode is a value with a reason, never a throw. */
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { err, ok, type Result } from '@/lib/base/result';
import {
  type AgentToServer,
  AgentToServerSchema,
  type AnyValue,
  type KeyValue,
  type ServerToAgent,
  ServerToAgentSchema,
} from './opamp_pb';

export const INSTANCE_UID_BYTES = 16;

/** Fields to make a message of, as plain objects. */
export type AgentMessageInit = Exclude<MessageInitShape<typeof AgentToServerSchema>, AgentToServer>;
export type ServerMessageInit = Exclude<MessageInitShape<typeof ServerToAgentSchema>, ServerToAgent>;

export function encodeAgentToServer(init: AgentMessageInit): Uint8Array {
  return toBinary(AgentToServerSchema, create(AgentToServerSchema, init));
}

export function encodeServerToAgent(init: ServerMessageInit): Uint8Array {
  return toBinary(ServerToAgentSchema, create(ServerToAgentSchema, init));
}

/** What an agent sent. A message without an identity of 16 bytes is refused: there is nobody to answer. */
export function decodeAgentToServer(bytes: Uint8Array): Result<AgentToServer, string> {
  const decoded = attempt(() => fromBinary(AgentToServerSchema, plain(bytes)));
  if (!decoded.ok) return decoded;
  const uid = decoded.value.instanceUid;
  if (uid.length !== INSTANCE_UID_BYTES)
    return err(`instance_uid has ${uid.length} bytes, not ${INSTANCE_UID_BYTES}`);
  return decoded;
}

export function decodeServerToAgent(bytes: Uint8Array): Result<ServerToAgent, string> {
  return attempt(() => fromBinary(ServerToAgentSchema, plain(bytes)));
}

/** Fields of bytes are of the kind of what they are read from; a Node Buffer would show in comparisons and slices. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function attempt<T>(decode: () => T): Result<T, string> {
  try {
    return ok(decode());
  } catch (error) {
    return err(`malformed OpAMP message: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Attributes whose values are text, numbers or booleans, as text; others are left out. */
export function textAttributes(attributes: readonly KeyValue[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { key, value } of attributes) {
    const text = scalarText(value);
    if (text !== null) out[key] = text;
  }
  return out;
}

function scalarText(value: AnyValue | undefined): string | null {
  switch (value?.value.case) {
    case 'stringValue':
    case 'boolValue':
    case 'intValue':
    case 'doubleValue':
      return String(value.value.value);
    default:
      return null;
  }
}

export function keyValues(attributes: Readonly<Record<string, string>>): {
  key: string;
  value: { value: { case: 'stringValue'; value: string } };
}[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: { value: { case: 'stringValue', value } },
  }));
}
