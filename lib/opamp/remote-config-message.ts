/** `weir.json` as an OpAMP remote configuration, and the way back. The hash is SHA-256 over the bytes of the file. */
import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { err, ok, type Result } from '@/lib/base/result';
import type { AgentRemoteConfig, AgentRemoteConfigSchema } from './opamp_pb';
import {
  type DesiredState,
  desiredStateSchema,
  REMOTE_CONFIG_FILE,
  REMOTE_CONFIG_TYPE,
} from './remote-config';

/** Larger than 256 acts and a config for each of a thousand nodes. */
export const MAX_REMOTE_CONFIG_BYTES = 4 * 1024 * 1024;

export function configHash(body: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(body).digest());
}

/** One file under its name, as the engine that takes it expects it (`weir.json` here, an empty name elsewhere). */
export function remoteConfigOf(
  name: string,
  body: Uint8Array,
  contentType: string,
): MessageInitShape<typeof AgentRemoteConfigSchema> {
  return { config: { configMap: { [name]: { body, contentType } } }, configHash: configHash(body) };
}

export function desiredStateMessage(state: DesiredState): MessageInitShape<typeof AgentRemoteConfigSchema> {
  return remoteConfigOf(
    REMOTE_CONFIG_FILE,
    new TextEncoder().encode(JSON.stringify(state)),
    REMOTE_CONFIG_TYPE,
  );
}

/** The desired state inside a remote configuration; the first thing that is wrong with it, with its path. */
export function readDesiredState(config: AgentRemoteConfig): Result<DesiredState, string> {
  const body = config.config?.configMap[REMOTE_CONFIG_FILE]?.body;
  if (!body) return err(`the remote configuration has no file ${REMOTE_CONFIG_FILE}`);
  if (body.length > MAX_REMOTE_CONFIG_BYTES) return err(`${REMOTE_CONFIG_FILE} is larger than 4 MiB`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    return err(`${REMOTE_CONFIG_FILE} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = desiredStateSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return err(`${REMOTE_CONFIG_FILE}${path ? `: ${path}` : ''}: ${issue?.message ?? 'invalid'}`);
}
