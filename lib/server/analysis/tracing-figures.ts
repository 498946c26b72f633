/** What tracing costs an engine now, from its own figures. */
import type { EngineTracing } from '@/lib/api/engines';
import type { Entity } from '@/lib/model/facts';
import { TRACING_MODES, type TracingMode } from '@/lib/semconv/signals';
import { gaugeAt, rateOf, windowEnding } from '@/lib/store/series/query';
import type { SeriesReader } from '@/lib/store/series/series-store';

const WINDOW_SECONDS = 10;
const ENGINE: Entity = { kind: 'engine' };

/** Null where the source tells nothing of its tracing. The running mode is not among its figures. */
export function tracingFigures(reader: SeriesReader, atSeconds: number): EngineTracing | null {
  const told = reader.tells('spans') || reader.tells('overhead');
  if (!told) return null;
  const span = windowEnding(reader, atSeconds, WINDOW_SECONDS);
  const tracingCpu = rateOf(reader, ENGINE, 'tracing_cpu', span);
  const cpu = rateOf(reader, ENGINE, 'cpu', span);
  const spans = (state: string) =>
    rateOf(reader, ENGINE, 'spans', span, (attributes) => attributes.state === state);
  return {
    mode: null,
    overheadNs: overheadByMode(reader, atSeconds),
    cpuShare: tracingCpu === null || cpu === null || cpu <= 0 ? null : Math.min(1, tracingCpu / cpu),
    bytesPerSec: rateOf(reader, ENGINE, 'tracing_bytes', span),
    recordedPerSec: spans('recorded'),
    keptPerSec: spans('kept'),
  };
}

function overheadByMode(reader: SeriesReader, atSeconds: number): Partial<Record<TracingMode, number>> {
  const known: Partial<Record<TracingMode, number>> = {};
  for (const mode of TRACING_MODES) {
    const value = gaugeAt(reader, ENGINE, 'overhead', atSeconds, (attributes) => attributes.mode === mode);
    if (value !== null) known[mode] = value;
  }
  return known;
}
