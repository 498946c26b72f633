/**
 * Listens to what is logged for an engine that says that it ends. The store hands on named records only, so requests
 * are read a second time here: only those in whose bytes the words stand.
 */
import { LAST_WORDS, saysFarewell } from '@/lib/dialects/farewell';
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { logsFromJson } from '@/lib/otlp/json-logs';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import { identityOf } from '@/lib/store/contexts';

/** Last words are few: a request larger than this is an application's logs. */
const MAX_BYTES = 1 << 20;

export interface Farewells {
  /** A request of logs that was stored. */
  look(encoding: 'protobuf' | 'json', body: Uint8Array): void;
}

export function createFarewells(deps: {
  readonly resolve: (identity: ResourceIdentity) => EngineId;
  readonly left: (engine: EngineId, instance: string) => void;
}): Farewells {
  return {
    look(encoding, body) {
      if (body.length > MAX_BYTES || !holds(body)) return;
      for (const part of read(encoding, body)?.resourceLogs ?? []) {
        const identity = identityOf(part.resource);
        if (saysFarewell(part)) deps.left(deps.resolve(identity), identity.instance);
      }
    },
  };
}

function holds(body: Uint8Array): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(LAST_WORDS);
}

function read(encoding: 'protobuf' | 'json', body: Uint8Array) {
  if (encoding === 'protobuf') {
    const data = decodeLogs(body);
    return data.ok ? data.value : null;
  }
  const json = parseJsonBytes(body);
  if (!json.ok) return null;
  const data = logsFromJson(json.value);
  return data.ok ? data.value : null;
}
