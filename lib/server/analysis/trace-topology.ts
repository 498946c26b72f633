/**
 * Spans of engines whose map nobody declared tell the order of their processors. The store keeps spans as columns, so
 * requests are read a second time here: small ones, few a second, and none at all once a configuration has come.
 */
import type { ResourceSpans } from '@/lib/dialects/dialect';
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import { tracesFromJson } from '@/lib/otlp/json-traces';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import { identityOf } from '@/lib/store/contexts';
import type { EngineTelemetry } from './engine-telemetry';

const MAX_BYTES = 1 << 20;
const MAX_PER_SECOND = 10;

export interface TraceTopology {
  /** A request of traces that was stored. */
  look(encoding: 'protobuf' | 'json', body: Uint8Array): void;
}

export function createTraceTopology(deps: {
  readonly engines: () => readonly EngineTelemetry[];
  readonly resolve: (identity: ResourceIdentity) => EngineId;
  readonly onTraces: (engine: EngineId, part: ResourceSpans) => void;
  readonly nowMs: () => number;
}): TraceTopology {
  const { engines, resolve, onTraces, nowMs } = deps;
  let second = 0;
  let looked = 0;
  return {
    look(encoding, body) {
      const now = Math.floor(nowMs() / 1_000);
      if (now !== second) {
        second = now;
        looked = 0;
      }
      if (body.length > MAX_BYTES || looked >= MAX_PER_SECOND || !engines().some(isUndeclared)) return;
      looked++;
      const data = read(encoding, body);
      for (const part of data?.resourceSpans ?? []) onTraces(resolve(identityOf(part.resource)), part);
    },
  };
}

function isUndeclared({ dialect, config }: EngineTelemetry): boolean {
  return (dialect === 'collector' || dialect === 'spans') && !config?.isRead;
}

function read(encoding: 'protobuf' | 'json', body: Uint8Array) {
  if (encoding === 'protobuf') {
    const data = decodeTraces(body);
    return data.ok ? data.value : null;
  }
  const json = parseJsonBytes(body);
  if (!json.ok) return null;
  const data = tracesFromJson(json.value);
  return data.ok ? data.value : null;
}
