/** What tracing costs an engine now, by its own telling. */
import type { EngineTracing } from '@/lib/api/engines';
import type { Entity } from '@/lib/model/facts';
import { TRACING_MODES, type TracingMode } from '@/lib/semconv/signals';
import { amountOf, gaugeAt, rateOf, windowEnding } from '@/lib/store/series/query';
import type { SeriesReader } from '@/lib/store/series/series-store';

const ENGINE: Entity = { kind: 'engine' };
const SECONDS = 10;

/** Null where the source tells nothing of its tracing. */
export function engineTracing(reader: SeriesReader, at: number): EngineTracing | null {
  if (!reader.tells('spans') && !reader.tells('overhead')) return null;
  const span = windowEnding(reader, at, SECONDS);
  const overheadNs: Partial<Record<TracingMode, number>> = {};
  for (const mode of TRACING_MODES) {
    const cost = gaugeAt(reader, ENGINE, 'overhead', span.to, (attributes) => attributes.mode === mode);
    if (cost !== null) overheadNs[mode] = cost;
  }
  const exporting = amountOf(reader, ENGINE, 'tracing_cpu', span);
  const all = amountOf(reader, ENGINE, 'cpu', span);
  const recorded = spansPerSec(reader, span, 'recorded');
  const kept = spansPerSec(reader, span, 'kept');
  const mode = modeOf(reader, span, recorded, kept);
  // Calibrated, since a clock around each hop would cost more than the hop.
  const recording = (recorded ?? 0) * (span.to - span.from) * (overheadNs[mode ?? 'full'] ?? 0) * 1e-9;
  return {
    mode,
    overheadNs,
    cpuShare:
      exporting !== null && all !== null && all > 0 ? Math.min(1, (exporting + recording) / all) : null,
    bytesPerSec: rateOf(reader, ENGINE, 'tracing_bytes', span),
    recordedPerSec: recorded,
    keptPerSec: kept,
  };
}

/** Counted directly and not timed: nothing is recorded. Fewer kept than recorded: tail. All kept could be either. */
function modeOf(
  reader: SeriesReader,
  span: { readonly from: number; readonly to: number },
  recorded: number | null,
  kept: number | null,
): TracingMode | null {
  if (reader.covered('direct', span) > 0 && reader.covered('timed', span) === 0) return 'none';
  return recorded !== null && kept !== null && kept < recorded * 0.98 ? 'tail' : null;
}

function spansPerSec(
  reader: SeriesReader,
  span: { readonly from: number; readonly to: number },
  state: string,
): number | null {
  return rateOf(reader, ENGINE, 'spans', span, (attributes) => attributes.state === state);
}

/** Spans kept and seen over a range, from the metrics; null where nothing was left out. */
export function sampledSpans(
  reader: SeriesReader,
  span: { readonly from: number; readonly to: number },
): { readonly kept: number; readonly seen: number } | null {
  const seen = amountOf(reader, ENGINE, 'spans', span, (attributes) => attributes.state === 'recorded');
  const kept = amountOf(reader, ENGINE, 'spans', span, (attributes) => attributes.state === 'kept');
  if (seen === null || kept === null || kept >= seen) return null;
  return { kept: Math.round(kept), seen: Math.round(seen) };
}
