/**
 * Hears every stored span: says that its engine is alive, once a request, and gathers figures for sources that have
 * none. On the ingest path, so nothing here allocates for an engine that sends metrics.
 */
import type { HeardSpan } from '@/lib/dialects/span-facts';
import type { EngineId } from '@/lib/model/engine';
import type { SpanObserver } from '@/lib/store/span-store';
import type { EngineTelemetry } from './engine-telemetry';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface SpanWatch extends SpanObserver {
  /** The next span belongs to another request. */
  nextRequest(): void;
}

export function createSpanWatch(
  telemetryOf: (engine: EngineId) => EngineTelemetry,
  heard: (engine: EngineId) => void,
): SpanWatch {
  let current: EngineTelemetry | null = null;
  const span: Mutable<HeardSpan> = {
    node: '',
    parentNode: '',
    signal: '',
    durationMs: 0,
    waitMs: 0,
    blockedMs: 0,
    workMs: 0,
    status: 0,
    items: 0,
  };
  return {
    nextRequest() {
      current = null;
    },
    onSpan(engine, node, startMs, durationMs, waitMs, blockedMs, workMs, status, items, signal, parentNode) {
      if (current === null || current.id !== engine) {
        heard(engine);
        current = telemetryOf(engine);
      }
      if (current.dialect !== 'spans') return;
      if (current.recordedTo !== null && startMs * 1e6 <= Number(current.recordedTo)) return;
      span.node = node;
      span.parentNode = parentNode;
      span.signal = signal;
      span.durationMs = durationMs;
      span.waitMs = waitMs;
      span.blockedMs = blockedMs;
      span.workMs = workMs;
      span.status = status;
      span.items = items;
      current.spanFacts.hear(span);
    },
  };
}
