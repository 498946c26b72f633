/**
 * Hears of every stored block of spans: says that its engine is alive, once a request, and gathers figures span by
 * span for sources that send none. On the ingest path, so an engine that sends metrics costs next to nothing here.
 */
import type { EngineId } from '@/lib/model/engine';
import type { SpanObserver } from '@/lib/store/span-store';
import type { EngineTelemetry } from './engine-telemetry';

export interface SpanWatch extends SpanObserver {
  /** The next span belongs to another request. */
  nextRequest(): void;
}

export function createSpanWatch(
  telemetryOf: (engine: EngineId) => EngineTelemetry,
  heard: (engine: EngineId) => void,
): SpanWatch {
  let current: EngineTelemetry | null = null;
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
    onSpan(_engine, span) {
      if (current === null) return;
      if (current.recordedTo !== null && span.startMs * 1e6 <= Number(current.recordedTo)) return;
      current.spanFacts.hear(span);
    },
  };
}
