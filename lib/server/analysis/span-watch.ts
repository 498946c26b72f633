/**
 * Hears of every stored block of spans: says that its engine is alive, once a request, and gathers figures span by
 * span for sources that send none. On the ingest path, so an engine that sends metrics costs next to nothing here.
 */
import { type HeardSpan, UNHEARD } from '@/lib/dialects/span-facts';
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
  const span: Mutable<HeardSpan> = { ...UNHEARD };
  return {
    nextRequest() {
      current = null;
    },
    listens(engine) {
      if (current === null || current.id !== engine) {
        heard(engine);
        current = telemetryOf(engine);
      }
      return current.dialect === 'spans';
    },
    onSpan(_engine, node, startMs, durationMs, waitMs, blockedMs, workMs, status, items, signal, parentNode) {
      if (current === null) return;
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
