/** Once a second: figures of sources that send spans only, and the verdict on every engine. */
import { TOLD_MEASURES } from '@/lib/dialects/told-measures';
import type { SeriesStore } from '@/lib/store/series/series-store';
import type { EngineShelf } from './engine-shelf';

export const ROUND_MS = 1_000;

export function watchRound(shelf: EngineShelf, series: SeriesStore, nowUnixNano: bigint): void {
  for (const telemetry of shelf.all()) {
    const { id, dialect, spanFacts, topology, diagnosis } = telemetry;
    if (dialect === 'spans') {
      const facts = spanFacts.take(nowUnixNano);
      if (facts.length > 0) {
        telemetry.recordedTo = null;
        topology.apply(facts, nowUnixNano);
        series.tells(id, TOLD_MEASURES.spans, 'spans');
        series.add(id, facts);
      }
    }
    if (telemetry.recordedTo === null)
      diagnosis.step({ atNano: nowUnixNano, version: topology.current, reader: series.reader(id) });
  }
}
