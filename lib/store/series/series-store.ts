/**
 * Series of every figure of every engine for the last hour, in a budget of bytes of their own. Nothing is lost in
 * silence: a series that found no room is `overflow`, a point too old or too far in the future is `outOfRange`.
 *
 *   over budget ──▶ 1. histograms keep one minute of seconds  ──▶ 2. series unheard for ten minutes leave
 *               ──▶ 3. a new series of an engine within its share takes the room of the greediest engine's
 *               ──▶ 4. new series are refused
 *
 * Facts that are not figures (nodes, events, control) pass by: they belong to others. One file, past the usual length,
 * because the budget, the maps and the reader share one state.
 */
import type { Clock } from '@/lib/base/clock';
import type { Entity, Fact, FactAttributes, Measure } from '@/lib/model/facts';
import { type CounterSeries, createCounterSeries } from './counter-series';
import { type Covered, coverReport, noteReport, type Report } from './coverage';
import { createGaugeSeries, type GaugeSeries } from './gauge-series';
import { createHistogramSeries, type HistogramSeries } from './histogram-series';
import { attributesKey, entityKey } from './keys';
import { type MeasureGroup, measureGroup } from './measure-groups';
import { createPointLedger } from './point-ledger';
import { RETENTION_SECONDS, type Span, secondsOf } from './resolution';
import { type DumpedSeries, dumpSeries, loadSeries, type SeriesHead } from './series-dump';

export const MAX_SERIES = 200_000;
export const MAX_SERIES_OF_ENGINE = 50_000;
/** Bytes of maps, keys and objects around a series, measured. */
const SERIES_OVERHEAD = 800;
/** A reporter slower than this has no use for bins of a second. */
const SLOW_INTERVAL = 5;
const IDLE_SECONDS = 600;
/** Room is made for more than one series at a time: this part of the budget. */
const ROOM_SHARE = 64;
/** Clocks differ; a point further ahead would push the present out of the rings. */
const MAX_AHEAD_SECONDS = 120;

export type SeriesData = CounterSeries | GaugeSeries | HistogramSeries;

export interface StoredSeries {
  readonly entity: Entity;
  readonly measure: Measure;
  readonly attributes: FactAttributes;
  readonly data: SeriesData;
}

export interface AddCounts {
  /** Points kept. */
  readonly stored: number;
  /** Points of series for which there was no room. */
  readonly overflow: number;
  /** Points older than what is kept, or too far ahead of the clock. */
  readonly outOfRange: number;
}

export interface SeriesStats {
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly series: number;
  /** Points held now, and those that have left since the start. */
  readonly points: number;
  readonly evictedPoints: number;
  readonly overflowPoints: number;
  readonly droppedSeries: number;
}

export interface SeriesDump {
  readonly head: SeriesHead;
  /** Made as they are asked for. */
  readonly series: Iterable<DumpedSeries>;
}

export interface RestoreCounts {
  readonly restored: number;
  /** No room, or there already. */
  readonly refused: number;
}

export interface SeriesStore {
  add(engine: string, facts: readonly Fact[]): AddCounts;
  /** What this source tells when it has something to tell: absent is then 0, and not unknown. */
  tells(engine: string, measures: readonly Measure[], source?: FigureSource): void;
  /** A new incarnation counts from zero. */
  restart(engine: string): void;
  forget(engine: string): void;
  /** What is held of an engine within a time, for a file; times in Unix seconds. */
  dump(engine: string, origin: number, from: number, to: number): SeriesDump | null;
  /** Puts a part of a dump back; figures that it holds already stay as they are. */
  restore(
    engine: string,
    origin: number,
    head: SeriesHead | null,
    parts: readonly DumpedSeries[],
  ): RestoreCounts;
  /** Null where nothing of that engine ever came. */
  reader(engine: string): SeriesReader | null;
  stats(): SeriesStats;
}

/** Figures come from the source's own metrics, or were derived from its spans on arrival. */
export type FigureSource = 'metrics' | 'spans';

export interface SeriesReader {
  readonly engine: string;
  /** End of the newest report, Unix seconds. */
  readonly latest: number;
  /** Seconds between reports, as last seen. */
  readonly interval: number;
  readonly source: FigureSource;
  series(entity: Entity, measure: Measure): readonly StoredSeries[];
  entities(kind: Entity['kind']): readonly Entity[];
  tells(measure: Measure): boolean;
  /** True where the source tells this of everything that it is of: then absent is 0 of any node. */
  tellsOfAll(measure: Measure): boolean;
  /** Seconds of the span over which figures of the group were told. */
  covered(group: MeasureGroup, span: Span): number;
}

interface Held extends StoredSeries {
  lastWrite: number;
  bytes: number;
}

interface EngineSeries extends Covered {
  readonly entities: Map<
    string,
    { readonly entity: Entity; readonly measures: Map<Measure, Map<string, Held>> }
  >;
  readonly told: Set<Measure>;
  readonly toldOfAll: Set<Measure>;
  source: FigureSource;
  latest: number;
  count: number;
  bytes: number;
}

const NONE: readonly StoredSeries[] = [];

export function createSeriesStore(options: {
  readonly budgetBytes: number;
  readonly clock: Clock;
}): SeriesStore {
  const { budgetBytes, clock } = options;
  const engines = new Map<string, EngineSeries>();
  const ledger = createPointLedger();
  let bytes = 0;
  let count = 0;
  let overflowPoints = 0;
  let droppedSeries = 0;
  let nextRelief = 0;

  const nowSeconds = () => secondsOf(clock.epoch) + clock.nowNs() / 1e9;

  const engineOf = (id: string): EngineSeries => {
    const known = engines.get(id);
    if (known) return known;
    const fresh: EngineSeries = {
      entities: new Map(),
      told: new Set(),
      toldOfAll: new Set(),
      source: 'metrics',
      coverage: new Map(),
      latest: 0,
      interval: 1,
      count: 0,
      bytes: 0,
    };
    engines.set(id, fresh);
    return fresh;
  };

  const find = (engine: EngineSeries, entity: Entity, measure: Measure, attributes: FactAttributes) =>
    engine.entities.get(entityKey(entity))?.measures.get(measure)?.get(attributesKey(attributes));

  const create = (
    engine: EngineSeries,
    entity: Entity,
    measure: Measure,
    attributes: FactAttributes,
    kind: SeriesData['kind'],
  ) => {
    if (engine.count >= MAX_SERIES_OF_ENGINE) return null;
    if ((bytes > budgetBytes || count >= MAX_SERIES) && !takesRoom(engine)) return null;
    const key = entityKey(entity);
    let place = engine.entities.get(key);
    if (!place) {
      place = { entity, measures: new Map() };
      engine.entities.set(key, place);
    }
    let byAttributes = place.measures.get(measure);
    if (!byAttributes) {
      byAttributes = new Map();
      place.measures.set(measure, byAttributes);
    }
    const data = createData(kind, engine.interval < SLOW_INTERVAL);
    const held: Held = {
      entity,
      measure,
      attributes,
      data,
      lastWrite: 0,
      bytes: data.bytes + SERIES_OVERHEAD,
    };
    byAttributes.set(attributesKey(attributes), held);
    bytes += held.bytes;
    engine.bytes += held.bytes;
    count++;
    engine.count++;
    return held;
  };

  const resize = (held: Held, engine: EngineSeries) => {
    const size = held.data.bytes + SERIES_OVERHEAD;
    bytes += size - held.bytes;
    engine.bytes += size - held.bytes;
    held.bytes = size;
  };

  /**
   * Makes room for an engine that has less than its share, at the cost of the one that has most: its series that were not
   * written for longest leave. True where there is room now.
   */
  const takesRoom = (engine: EngineSeries): boolean => {
    const share = budgetBytes / engines.size;
    const greediest = [...engines.values()].reduce(
      (most, one) => (one.bytes > most.bytes ? one : most),
      engine,
    );
    if (engine.bytes >= share || greediest === engine) return false;
    const wanted = Math.min(greediest.bytes - share, bytes - budgetBytes + budgetBytes / ROOM_SHARE);
    const series: { readonly lastWrite: number; readonly bytes: number; readonly remove: () => void }[] = [];
    each((held, owner, remove) => {
      if (owner === greediest) series.push({ lastWrite: held.lastWrite, bytes: held.bytes, remove });
    });
    series.sort((a, b) => a.lastWrite - b.lastWrite);
    let freed = 0;
    for (const { bytes: size, remove } of series) {
      if (freed >= wanted) break;
      remove();
      freed += size;
    }
    return bytes <= budgetBytes && count < MAX_SERIES;
  };

  const each = (visit: (held: Held, engine: EngineSeries, remove: () => void) => void) => {
    for (const engine of engines.values()) {
      for (const [key, place] of engine.entities) {
        for (const [measure, byAttributes] of place.measures) {
          for (const [attributes, held] of byAttributes) {
            visit(held, engine, () => {
              byAttributes.delete(attributes);
              if (byAttributes.size === 0) place.measures.delete(measure);
              if (place.measures.size === 0) engine.entities.delete(key);
              bytes -= held.bytes;
              engine.bytes -= held.bytes;
              count--;
              engine.count--;
              droppedSeries++;
            });
          }
        }
      }
    }
  };

  /** Makes room, at most once a second: a pass over all series is not free. */
  const relieve = (now: number) => {
    if (now < nextRelief) return;
    nextRelief = now + 1;
    each((held, engine, remove) => {
      if (now - held.lastWrite > RETENTION_SECONDS) remove();
      else if (bytes > budgetBytes && held.data.kind === 'histogram') {
        held.data.thin(60);
        resize(held, engine);
      }
    });
    if (bytes <= budgetBytes) return;
    each((held, _engine, remove) => {
      if (bytes > budgetBytes && now - held.lastWrite > IDLE_SECONDS) remove();
    });
  };

  return {
    add(engineId, facts) {
      const engine = engineOf(engineId);
      const now = nowSeconds();
      const counts = { stored: 0, overflow: 0, outOfRange: 0 };
      const report: Report = new Map();
      for (const fact of facts) {
        if (fact.kind !== 'gauge' && fact.kind !== 'counter' && fact.kind !== 'duration') continue;
        const points = fact.derived ? 0 : 1;
        const to = secondsOf(fact.timeNano);
        if (to > now + MAX_AHEAD_SECONDS || to < now - RETENTION_SECONDS) {
          counts.outOfRange += points;
          continue;
        }
        const from = fact.kind === 'gauge' ? to : Math.min(to, secondsOf(fact.startNano));
        if (fact.kind !== 'gauge') noteReport(report, measureGroup(fact.measure), from, to);
        engine.told.add(fact.measure);
        if (to > engine.latest) engine.latest = to;
        const kind = fact.kind === 'duration' ? 'histogram' : fact.kind;
        const held =
          find(engine, fact.entity, fact.measure, fact.attributes) ??
          create(engine, fact.entity, fact.measure, fact.attributes, kind);
        if (!held || held.data.kind !== kind) {
          counts.overflow += points;
          continue;
        }
        write(held.data, fact, from, to);
        held.lastWrite = now;
        if (held.data.kind === 'histogram') {
          resize(held, engine);
        }
        counts.stored += points;
        ledger.add(to, points);
      }
      coverReport(engine, report);
      overflowPoints += counts.overflow;
      ledger.expire(now);
      if (bytes > budgetBytes || now >= nextRelief + 60) relieve(now);
      return counts;
    },
    tells(engineId, measures, source = 'metrics') {
      const engine = engineOf(engineId);
      engine.source = source;
      for (const measure of measures) {
        engine.told.add(measure);
        engine.toldOfAll.add(measure);
      }
    },
    restart(engineId) {
      const engine = engines.get(engineId);
      for (const place of engine?.entities.values() ?? []) {
        for (const byAttributes of place.measures.values()) {
          for (const { data } of byAttributes.values()) if (data.kind !== 'histogram') data.restart();
        }
      }
    },
    forget(engineId) {
      const gone = engines.get(engineId);
      each((_held, engine, remove) => {
        if (engine === gone) remove();
      });
      engines.delete(engineId);
    },
    dump(engineId, origin, from, to) {
      const engine = engines.get(engineId);
      if (!engine) return null;
      const stretches = (covered: CounterSeries) =>
        covered.stretches(from, to).map(([start, end, told]) => [start - origin, end - origin, told]);
      const series = function* () {
        for (const place of engine.entities.values()) {
          for (const byAttributes of place.measures.values()) {
            for (const held of byAttributes.values()) {
              const dumped = dumpSeries(held, origin, from, to);
              if (dumped) yield dumped;
            }
          }
        }
      };
      const coverage = [...engine.coverage].map(([group, covered]) => ({
        group,
        stretches: stretches(covered.series),
      }));
      const { interval, source } = engine;
      const head = { interval, source, told: [...engine.told], toldOfAll: [...engine.toldOfAll], coverage };
      return { head, series: series() };
    },
    restore(engineId, origin, head, parts) {
      const engine = engineOf(engineId);
      if (head) restoreHead(engine, origin, head);
      const counts = { restored: 0, refused: 0 };
      const now = nowSeconds();
      for (const part of parts) {
        const isThere = find(engine, part.entity, part.measure, part.attributes) !== undefined;
        const held = isThere ? null : create(engine, part.entity, part.measure, part.attributes, part.kind);
        if (!held) {
          counts.refused++;
          continue;
        }
        loadSeries(held.data, part, origin);
        if (held.data.newest > engine.latest) engine.latest = held.data.newest;
        held.lastWrite = now;
        resize(held, engine);
        counts.restored++;
      }
      return counts;
    },
    reader(engineId) {
      const engine = engines.get(engineId);
      return engine ? createReader(engineId, engine) : null;
    },
    stats() {
      ledger.expire(nowSeconds());
      return {
        bytes,
        budgetBytes,
        series: count,
        points: ledger.held,
        evictedPoints: ledger.evicted,
        overflowPoints,
        droppedSeries,
      };
    },
  };
}

function createReader(id: string, engine: EngineSeries): SeriesReader {
  return {
    engine: id,
    get latest() {
      return engine.latest;
    },
    get interval() {
      return engine.interval;
    },
    get source() {
      return engine.source;
    },
    series(entity, measure) {
      const held = engine.entities.get(entityKey(entity))?.measures.get(measure);
      return held ? [...held.values()] : NONE;
    },
    entities: (kind) =>
      [...engine.entities.values()].map((place) => place.entity).filter((entity) => entity.kind === kind),
    tells: (measure) => engine.told.has(measure),
    tellsOfAll: (measure) => engine.toldOfAll.has(measure),
    covered(group, span) {
      const sum = engine.coverage.get(group)?.series.sum(span.from, span.to) ?? 0;
      return Number.isNaN(sum) ? 0 : sum;
    },
  };
}

function restoreHead(engine: EngineSeries, origin: number, head: SeriesHead): void {
  engine.interval = head.interval;
  engine.source = head.source;
  for (const measure of head.told) engine.told.add(measure);
  for (const measure of head.toldOfAll) engine.toldOfAll.add(measure);
  for (const { group, stretches } of head.coverage) {
    if (engine.coverage.has(group)) continue;
    const covered = createCounterSeries(true);
    for (const [from = 0, to = 0, told = 0] of stretches) covered.add(from + origin, to + origin, told);
    engine.coverage.set(group, { series: covered, until: covered.newest });
  }
}

function write(data: SeriesData, fact: Fact, from: number, to: number): void {
  if (data.kind === 'counter' && fact.kind === 'counter') data.add(from, to, fact.delta);
  else if (data.kind === 'gauge' && fact.kind === 'gauge') data.add(to, fact.value);
  else if (data.kind === 'histogram' && fact.kind === 'duration') data.add(to, fact.histogram);
}

function createData(kind: SeriesData['kind'], fine: boolean): SeriesData {
  if (kind === 'counter') return createCounterSeries(fine);
  return kind === 'gauge' ? createGaugeSeries(fine) : createHistogramSeries(fine);
}
