/**
 * Listens to what is logged for an engine that says that it ends. The store hands on named records only, so requests
 * are read a second time here: only those in whose bytes the words stand.
 */
import { LAST_WORDS, saysFarewell } from '@/lib/dialects/farewell';
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import { identityOf } from '@/lib/store/contexts';
import { logsOf } from './first-logs';

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
      for (const part of logsOf(encoding, body)?.resourceLogs ?? []) {
        const identity = identityOf(part.resource);
        if (saysFarewell(part)) deps.left(deps.resolve(identity), identity.instance);
      }
    },
  };
}

function holds(body: Uint8Array): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(LAST_WORDS);
}
