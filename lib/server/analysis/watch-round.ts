/** Once a second: figures of sources that send spans only, and the verdict on every engine. */
import type { ControlActionRow } from '@/lib/api/control';
import type { ChangeSeen } from '@/lib/diagnosis/setup';
import { TOLD_MEASURES } from '@/lib/dialects/told-measures';
import type { EngineId } from '@/lib/model/engine';
import { secondsOf } from '@/lib/store/series/resolution';
import type { SeriesStore } from '@/lib/store/series/series-store';
import type { EngineShelf } from './engine-shelf';

export const ROUND_MS = 1_000;

/** How far back an action may still explain something, or be judged. */
const ACTIONS_NANOS = 180n * 1_000_000_000n;
const MAX_ACTIONS = 50;
const JUDGED_AFTER_SECONDS = 30;

export function watchRound(
  shelf: EngineShelf,
  series: SeriesStore,
  nowUnixNano: bigint,
  actionsOf: (
    engine: EngineId,
    fromNano: bigint,
    toNano: bigint,
    limit: number,
  ) => readonly ControlActionRow[],
): void {
  for (const telemetry of shelf.all()) {
    const { id, dialect, spanFacts, topology, diagnosis, restarts } = telemetry;
    if (dialect === 'spans') {
      const facts = spanFacts.take(nowUnixNano);
      if (facts.length > 0) {
        telemetry.recordedTo = null;
        topology.apply(facts, nowUnixNano);
        series.tells(id, TOLD_MEASURES.spans, 'spans');
        series.add(id, facts);
      }
    }
    if (telemetry.recordedTo !== null) continue;
    const rows = actionsOf(id, nowUnixNano - ACTIONS_NANOS, nowUnixNano, MAX_ACTIONS);
    diagnosis.step({
      atNano: nowUnixNano,
      version: topology.current,
      reader: series.reader(id),
      actions: rows.map(({ timeUnixNano, ...row }) => ({ ...row, timeNano: BigInt(timeUnixNano) })),
      restarts,
      changes: rows.flatMap(changeOf),
    });
  }
}

/** Twice the noise and a quarter of what it was: what is said unasked has to be plain. */
const PLAIN_NOISE = 2;
const PLAIN_SHARE = 0.25;
const MEASURE_NAMES = {
  throughput: 'throughput',
  p99: 'p99 of the working time',
  utilization: 'fill of its channel',
};

function changeOf({ action, target, timeUnixNano, after }: ControlActionRow): ChangeSeen[] {
  if (after?.verdict !== 'changed') return [];
  const texts = after.measures.flatMap(({ measure, before, after: now, noise, changed }) => {
    if (changed !== true || before === null || now === null) return [];
    const moved = Math.abs(now - before);
    if (moved < PLAIN_NOISE * (noise ?? 0) || moved < PLAIN_SHARE * Math.abs(before)) return [];
    return [`${MEASURE_NAMES[measure]} ${shown(measure, before)} before, ${shown(measure, now)} after`];
  });
  return [{ action, target, at: secondsOf(BigInt(timeUnixNano)) + JUDGED_AFTER_SECONDS, texts }];
}

function shown(measure: keyof typeof MEASURE_NAMES, value: number): string {
  if (measure === 'p99') return `${value.toFixed(value >= 10 ? 0 : 1)} ms`;
  return measure === 'throughput'
    ? `${value.toFixed(value >= 10 ? 0 : 1)} items/s`
    : `${Math.round(value * 100)} %`;
}
