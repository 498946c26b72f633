/**
 * Reads traces analysed. A waterfall asks for the rows of one trace many times while it is scrolled, folded and searched;
 * what it needs is worked out once for each state of the trace, in slices that let others run, and kept for a while.
 */
import { runInSlices } from '@/lib/base/slices';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import { type AnalysedTrace, analyseTraceSteps } from './analysed-trace';
import { type MetMarks, metMarks } from './control-lane';
import { searchableTexts } from './searchable-texts';

export interface TraceReader {
  readonly store: TelemetryStore;
  /** Null where the trace is not held. */
  read(traceId: string): Promise<AnalysedTrace | null>;
  /** What can be searched of each span beside its columns, by row, in lower case; as long as the trace is kept. */
  texts(trace: AnalysedTrace): Promise<readonly string[]>;
  /** The control messages that its spans tell of; null where it has left. */
  controlMarks(trace: AnalysedTrace): Promise<MetMarks | null>;
}

export interface TraceReaderOptions {
  /** Spans of all traces that are kept analysed; the last one read is kept whatever its size. */
  readonly maxSpans?: number;
  readonly pause?: () => Promise<void>;
}

/** About 350 bytes a span: 100 MB at most, where someone has several of the largest traces open. */
const MAX_SPANS = 300_000;

interface Kept {
  readonly revision: number;
  readonly analysed: Promise<AnalysedTrace | null>;
  spans: number;
}

export function createTraceReader(store: TelemetryStore, options: TraceReaderOptions = {}): TraceReader {
  const maxSpans = options.maxSpans ?? MAX_SPANS;
  const pause = options.pause ?? (() => new Promise<void>((resolve) => setImmediate(resolve)));
  /** Least recently read first. */
  const kept = new Map<string, Kept>();

  const analyse = async (traceId: string): Promise<AnalysedTrace | null> => {
    const columns = await store.traceColumns(traceId);
    return columns === null ? null : runInSlices(analyseTraceSteps(columns), pause);
  };
  const letGo = (but: Kept) => {
    let spans = [...kept.values()].reduce((sum, entry) => sum + entry.spans, 0);
    for (const [traceId, entry] of kept) {
      if (spans <= maxSpans) return;
      if (entry === but) continue;
      kept.delete(traceId);
      spans -= entry.spans;
    }
  };

  return {
    store,
    texts: onceATrace(({ columns }) => searchableTexts(store, columns.traceId, columns.length)),
    controlMarks: onceATrace(({ columns }) => metMarks(store, columns.traceId)),
    async read(traceId) {
      const id = traceId.toLowerCase();
      const revision = await store.traceRevision(id);
      if (revision === null) {
        kept.delete(id);
        return null;
      }
      const before = kept.get(id);
      kept.delete(id);
      if (before?.revision === revision) {
        kept.set(id, before);
        return before.analysed;
      }
      const entry: Kept = { revision, analysed: analyse(id), spans: 0 };
      kept.set(id, entry);
      const drop = () => {
        if (kept.get(id) === entry) kept.delete(id);
      };
      const analysed = await entry.analysed.catch((error: unknown) => {
        drop();
        throw error;
      });
      if (analysed === null) drop();
      entry.spans = analysed?.columns.length ?? 0;
      letGo(entry);
      return analysed;
    },
  };
}

/** Read when it is first asked for, and kept as long as the trace is; what failed is read again. */
function onceATrace<T>(read: (trace: AnalysedTrace) => Promise<T>): (trace: AnalysedTrace) => Promise<T> {
  const known = new WeakMap<AnalysedTrace, Promise<T>>();
  return (trace) => {
    const before = known.get(trace);
    if (before) return before;
    const reading = read(trace);
    known.set(trace, reading);
    reading.catch(() => known.delete(trace));
    return reading;
  };
}
