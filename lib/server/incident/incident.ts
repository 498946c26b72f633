/**
 * An incident as one file, and back. Writing goes line by line, other work running in between, and holds no more than
 * a line; what is too much for one file is said in its last line.
 */
import {
  BUNDLE_VERSION,
  type BundleAnswer,
  type BundleEnd,
  type BundleHeader,
  type BundleRecords,
} from '@/lib/api/bundle';
import type { ControlTrail } from '@/lib/metrics/control-trail';
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import type { Measure } from '@/lib/model/facts';
import { redactSecrets, secretsIn } from '@/lib/opamp/redact';
import { tracesToJson } from '@/lib/otlp/json-traces';
import type { DecisionStore } from '@/lib/store/series/decision-store';
import { MAX_DECISIONS } from '@/lib/store/series/decision-store';
import type { MeasureGroup } from '@/lib/store/series/measure-groups';
import { secondsOf } from '@/lib/store/series/resolution';
import type { DumpedSeries } from '@/lib/store/series/series-dump';
import type { SeriesStore } from '@/lib/store/series/series-store';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import type { EngineShelf } from '../analysis/engine-shelf';
import type { EngineTelemetry } from '../analysis/engine-telemetry';
import {
  actionOf,
  actionRecord,
  decisionOf,
  decisionRecord,
  findingOf,
  findingRecord,
  mapRecord,
  versionOf,
} from './bundle-records';
import { createScrubber, secretsInFiles } from './secrets';

/** Spans of one file; some hundred megabytes as JSON, some ten as gzip. */
export const MAX_BUNDLE_SPANS = 200_000;
const SERIES_A_LINE = 50;
const FACTS_A_LINE = 500;
const TRACES_A_PAGE = 500;

export interface IncidentAsk {
  /** Null for all. */
  readonly engine: EngineId | null;
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

export interface Incident {
  lines(ask: IncidentAsk): AsyncGenerator<string>;
  restore(records: BundleRecords): BundleAnswer;
}

export interface IncidentParts {
  readonly version: string;
  readonly shelf: EngineShelf;
  readonly series: SeriesStore;
  readonly trail: ControlTrail;
  readonly decisions: DecisionStore;
  readonly store: TelemetryStore;
  readonly identityOf: (engine: EngineId) => ResourceIdentity | null;
  readonly resolve: (identity: ResourceIdentity) => EngineId;
  /** An agent's effective configuration as it sent it: for what must not leave. */
  readonly configFiles: (engine: EngineId) => readonly { readonly body: Uint8Array }[];
  readonly nowUnixNano: () => bigint;
  readonly maxSpans?: number;
}

export function createIncident(parts: IncidentParts): Incident {
  const { shelf, series, trail, decisions } = parts;

  const recordsOf = function* (
    telemetry: EngineTelemetry,
    ask: IncidentAsk,
  ): Generator<Partial<BundleRecords>> {
    const { fromUnixNano: from, toUnixNano: to } = ask;
    const { id, diagnosis } = telemetry;
    const dump = series.dump(id, secondsOf(from), secondsOf(from), secondsOf(to));
    // The head goes first: what it tells decides how finely what follows is kept.
    yield dump ? { seriesHead: dump.head as NonNullable<BundleRecords['seriesHead']> } : {};
    for (const version of versionsWithin(telemetry, from, to))
      yield { maps: [mapRecord(version, redactSecrets)] };
    let some: DumpedSeries[] = [];
    for (const one of dump?.series ?? []) {
      some.push(one);
      if (some.length < SERIES_A_LINE) continue;
      yield { series: some as NonNullable<BundleRecords['series']> };
      some = [];
    }
    if (some.length > 0) yield { series: some as NonNullable<BundleRecords['series']> };
    const findings = diagnosis.timeline(from, to).filter(({ since }) => BigInt(since) <= to);
    for (const page of pages(findings))
      yield { findings: page.map((finding) => findingRecord(finding, from, to)) };
    for (const page of pages(trail.entries(id, from, to))) yield { actions: page.map(actionRecord) };
    const decided = decisions
      .newest(id, 2 * MAX_DECISIONS)
      .filter(({ timeNano }) => timeNano >= from && timeNano <= to);
    for (const page of pages(decided)) yield { decisions: page.map(decisionRecord) };
  };

  const traceLines = async function* (
    ask: IncidentAsk,
    end: { -readonly [K in keyof BundleEnd]: BundleEnd[K] },
  ) {
    const maxSpans = parts.maxSpans ?? MAX_BUNDLE_SPANS;
    let cursor: string | undefined;
    for (;;) {
      const page = await parts.store.listTraces({
        ...(ask.engine ? { engine: ask.engine } : {}),
        fromUnixNano: ask.fromUnixNano,
        toUnixNano: ask.toUnixNano,
        limit: TRACES_A_PAGE,
        sort: '-start',
        ...(cursor ? { cursor } : {}),
      });
      for (const { traceId, spanCount } of page.traces) {
        const held = end.spans + spanCount > maxSpans ? null : await parts.store.otlpPages(traceId);
        if (held === null) {
          end.left++;
          continue;
        }
        for await (const data of held) yield tracesToJson(data);
        end.traces++;
        end.spans += spanCount;
      }
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  };

  const scrubberFor = (engines: readonly EngineTelemetry[]) =>
    createScrubber(
      engines.flatMap(({ id, topology }) => [
        ...topology.versions.flatMap(({ nodes }) => nodes.flatMap(({ config }) => [...secretsIn(config)])),
        ...secretsInFiles(parts.configFiles(id)),
      ]),
    );

  return {
    async *lines(ask) {
      const engines = shelf.all().filter(({ id }) => ask.engine === null || id === ask.engine);
      const scrub = scrubberFor(engines);
      const end = { traces: 0, spans: 0, series: 0, left: 0 };
      const header: BundleHeader = {
        version: BUNDLE_VERSION,
        fromUnixNano: String(ask.fromUnixNano),
        toUnixNano: String(ask.toUnixNano),
        madeUnixNano: String(parts.nowUnixNano()),
        weirVersion: parts.version,
        engines: engines.map(({ id }) => id),
      };
      yield scrub({ weirBundle: header });
      for (const telemetry of engines) {
        const identity = parts.identityOf(telemetry.id);
        if (!identity) continue;
        const head = {
          engine: identity,
          dialect: telemetry.dialect,
          originUnixNano: String(ask.fromUnixNano),
          endUnixNano: String(ask.toUnixNano),
        };
        for (const records of recordsOf(telemetry, ask)) {
          end.series += records.series?.length ?? 0;
          yield scrub({ weirRecords: { ...head, ...records } });
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      for await (const line of traceLines(ask, end)) yield scrub(line);
      yield JSON.stringify({ weirBundleEnd: end satisfies BundleEnd });
    },
    restore(records) {
      const origin = BigInt(records.originUnixNano);
      const engine = parts.resolve(records.engine);
      const telemetry = shelf.of(engine);
      telemetry.recordedTo = BigInt(records.endUnixNano);
      telemetry.dialect = records.dialect;
      const head = records.seriesHead && {
        ...records.seriesHead,
        told: records.seriesHead.told as Measure[],
        toldOfAll: records.seriesHead.toldOfAll as Measure[],
        coverage: records.seriesHead.coverage.map((one) => ({ ...one, group: one.group as MeasureGroup })),
      };
      const added = series.restore(
        engine,
        secondsOf(origin),
        head ?? null,
        (records.series ?? []) as DumpedSeries[],
      );
      telemetry.topology.restore((records.maps ?? []).map(versionOf));
      telemetry.diagnosis.restore((records.findings ?? []).map((record) => findingOf(record, origin)));
      for (const record of records.actions ?? []) trail.add(engine, actionOf(record));
      for (const record of records.decisions ?? []) decisions.add(engine, decisionOf(record));
      return { engine, series: added.restored, refused: added.refused };
    },
  };
}

/** Those that were true at some time of the window. */
function versionsWithin({ topology }: EngineTelemetry, from: bigint, to: bigint) {
  const first = topology.at(from);
  return topology.versions.filter(
    (version) => version === first || (version.sinceNano > from && version.sinceNano <= to),
  );
}

function* pages<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += FACTS_A_LINE) yield all.slice(at, at + FACTS_A_LINE);
}
