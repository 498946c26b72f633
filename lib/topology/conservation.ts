/**
 * A node's account in items: in + created = out + delivered + dropped + returned + in flight, per signal, from the
 * totals of its counters. When listening began in the middle, the first report is out of balance by exactly what was
 * in flight then: that is put down as come in (`baseline`).
 *
 * Null where the source does not tell both sides, where the unit changes (a signal that only enters beside one that
 * only leaves), where a report is missing, and at a past moment, whose totals are spread over their reports and so not exact.
 */
import type { Conservation } from '@/lib/api/topology';
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { type Filter, gaugeAt, totalOf } from '@/lib/store/series/query';
import { COARSE_SECONDS, FINE_BINS, RETENTION_SECONDS } from '@/lib/store/series/resolution';
import type { SeriesReader, StoredSeries } from '@/lib/store/series/series-store';

type Account = Omit<Conservation, 'adds'>;

const TERMS = {
  in: ['items_in'],
  created: ['items_created'],
  out: ['items_out'],
  delivered: ['items_delivered'],
  dropped: ['dropped', 'reduced'],
  returned: ['items_returned'],
} as const satisfies Record<Exclude<keyof Account, 'inFlight'>, readonly Measure[]>;

/** Totals are whole numbers, summed as floats. */
const TOLERANCE = 0.5;
/** Time not told of, beyond what the edges of seconds explain. */
const GAP_SECONDS = 0.2;

export function conservationOf(reader: SeriesReader, node: string, at: number): Conservation | null {
  if (at < reader.latest) return null;
  const entity: Entity = { kind: 'node', node };
  if (!reader.tells('items_in') || !reader.tells('items_out') || !reader.tells('in_flight_items'))
    return null;
  const signals = signalsOf(reader, entity);
  const accounts = signals.map((signal) =>
    accountOf(reader, entity, at, (attributes) => (attributes.signal ?? '') === signal),
  );
  if (accounts.length === 0 || changesUnit(accounts)) return null;
  if (hasGap(reader, entity, at)) return null;
  const perSignal = reader.series(entity, 'in_flight_items').some((series) => series.attributes.signal);
  const all = accountOf(reader, entity, at, () => true);
  const base = baseline(reader, entity, () => true);
  // Where items in flight are told per signal, each signal has to add up by itself.
  const adds = perSignal
    ? signals.every((signal, i) => {
        const own = baseline(reader, entity, (attributes) => (attributes.signal ?? '') === signal);
        return Math.abs(imbalance(accounts[i] as Account) - own) < TOLERANCE;
      })
    : Math.abs(imbalance(all) - base) < TOLERANCE;
  return { ...all, in: all.in + base, adds };
}

/**
 * A report that never came took its counts with it: then nobody can say whether the rest adds up. What is kept in
 * coarse bins is asked in whole ones: of a bin that the first report begins in, it is not known which part it told.
 */
function hasGap(reader: SeriesReader, entity: Entity, at: number): boolean {
  const since = Math.max(firstReport(reader, entity), at - RETENTION_SECONDS + 60);
  const isFine = at - since < FINE_BINS - COARSE_SECONDS;
  const from = isFine ? since : Math.ceil(since / COARSE_SECONDS) * COARSE_SECONDS;
  const length = Math.min(at, reader.latest) - from;
  return length > 0 && length - reader.covered('direct', { from, to: at }) > GAP_SECONDS;
}

function firstReport(reader: SeriesReader, entity: Entity): number {
  const measures = [...Object.values(TERMS).flat(), 'in_flight_items' as const];
  const all = measures.flatMap((measure) => reader.series(entity, measure));
  return Math.min(...all.map((series) => firstOf(series).at).filter((time) => time > 0));
}

/** What the node's first report was out of balance by. A series that came later was zero then. */
function baseline(reader: SeriesReader, entity: Entity, filter: Filter): number {
  const measures = [...Object.values(TERMS).flat(), 'in_flight_items' as const];
  const all = measures.flatMap((measure) => reader.series(entity, measure));
  const first = firstReport(reader, entity);
  return sum(
    all
      .filter((series) => filter(series.attributes) && firstOf(series).at === first)
      .map((series) => (ENTERING.has(series.measure) ? -1 : 1) * firstOf(series).amount),
  );
}

const ENTERING: ReadonlySet<Measure> = new Set([...TERMS.in, ...TERMS.created]);

function firstOf({ data }: StoredSeries): { readonly at: number; readonly amount: number } {
  if (data.kind === 'counter') return { at: data.firstAt, amount: data.firstAmount };
  return data.kind === 'gauge' ? { at: data.firstAt, amount: data.firstValue } : { at: 0, amount: 0 };
}

function accountOf(
  reader: SeriesReader,
  entity: Entity,
  at: number,
  filter: (attributes: FactAttributes) => boolean,
): Account {
  const total = (measures: readonly Measure[]) =>
    sum(measures.map((measure) => totalOf(reader, entity, measure, filter) ?? 0));
  return {
    in: total(TERMS.in),
    created: total(TERMS.created),
    out: total(TERMS.out),
    delivered: total(TERMS.delivered),
    dropped: total(TERMS.dropped),
    returned: total(TERMS.returned),
    inFlight: gaugeAt(reader, entity, 'in_flight_items', at, filter) ?? 0,
  };
}

/** Positive: more left or is held than came. */
function imbalance(account: Account): number {
  const left = account.out + account.delivered + account.dropped + account.returned + account.inFlight;
  return left - account.in - account.created;
}

function changesUnit(accounts: readonly Account[]): boolean {
  const entered = (account: Account) => account.in + account.created > 0;
  const left = (account: Account) => account.out + account.delivered > 0;
  const onlyEnters = accounts.some((a) => entered(a) && !left(a) && a.dropped + a.returned === 0);
  return onlyEnters && accounts.some((a) => left(a) && !entered(a));
}

function signalsOf(reader: SeriesReader, entity: Entity): readonly string[] {
  const signals = new Set<string>();
  for (const measures of Object.values(TERMS)) {
    for (const measure of measures) {
      for (const series of reader.series(entity, measure)) signals.add(series.attributes.signal ?? '');
    }
  }
  return [...signals].sort();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
