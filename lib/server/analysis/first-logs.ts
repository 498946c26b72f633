/**
 * Who sends logs at all, for the page that helps to connect: the store keeps log records by their bytes, so a few small
 * requests a second are read a second time here. Which request of a busy second is looked at does not matter.
 */
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { logsFromJson } from '@/lib/otlp/json-logs';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import { identityOf } from '@/lib/store/contexts';

const MAX_BYTES = 256 << 10;
const MAX_PER_SECOND = 4;

export interface FirstLogs {
  /** A request of logs that was stored. */
  look(encoding: 'protobuf' | 'json', body: Uint8Array): void;
}

export function createFirstLogs(deps: {
  readonly resolve: (identity: ResourceIdentity) => EngineId;
  readonly note: (engine: EngineId) => void;
  readonly nowMs: () => number;
}): FirstLogs {
  let second = 0;
  let looked = 0;
  return {
    look(encoding, body) {
      const now = Math.floor(deps.nowMs() / 1_000);
      if (now !== second) {
        second = now;
        looked = 0;
      }
      if (body.length > MAX_BYTES || looked >= MAX_PER_SECOND) return;
      looked++;
      for (const part of logsOf(encoding, body)?.resourceLogs ?? [])
        deps.note(deps.resolve(identityOf(part.resource)));
    },
  };
}

/** Null where they cannot be read. */
export function logsOf(encoding: 'protobuf' | 'json', body: Uint8Array) {
  if (encoding === 'protobuf') {
    const data = decodeLogs(body);
    return data.ok ? data.value : null;
  }
  const json = parseJsonBytes(body);
  if (!json.ok) return null;
  const data = logsFromJson(json.value);
  return data.ok ? data.value : null;
}
