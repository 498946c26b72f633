/** The verdicts of one engine: looks once a second, keeps what is open, and a timeline of what was. */
import type { Finding } from '@/lib/api/topology';
import { nanosOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { type Candidate, placeOf } from './candidate';
import { fillingQueues, slowerNodes, surges } from './drifting';
import { failingNodes, losingNodes } from './failing';
import { heldBackExporters, withQueues } from './held-back';
import { advance, type Tracked } from './hysteresis';
import { limitingNodes } from './limiting';
import { observe, type PastMemory } from './observe';
import { byRank, withoutConsequences } from './rank';
import { type PipelineView, WINDOW_SECONDS } from './view';

export const MAX_TIMELINE = 1_000;

export interface Diagnosis {
  /** Open findings at `atNano`, ranked; to be called about once a second, in order of time. */
  step(input: {
    readonly atNano: bigint;
    readonly version: TopologyVersion | null;
    readonly reader: SeriesReader | null;
  }): readonly Finding[];
  /** The same from a view made otherwise. */
  judge(view: PipelineView): readonly Finding[];
  readonly open: readonly Finding[];
  /** Findings of a file, closed, among those of the past. */
  restore(findings: readonly Finding[]): void;
  /** Findings that were open at some time of the range, newest first. */
  timeline(fromNano: bigint, toNano: bigint): readonly Finding[];
}

export function createDiagnosis(): Diagnosis {
  let tracked: ReadonlyMap<string, Tracked> = new Map();
  let open: readonly Finding[] = [];
  const past: Finding[] = [];
  let pasts: PastMemory = new Map();
  let shape = '';

  const judge = (view: PipelineView): readonly Finding[] => {
    const candidates = new Map(candidatesOf(view).map((candidate) => [keyOf(candidate), candidate]));
    const next = advance(tracked, candidates, view.at, view.reportSeconds);
    tracked = next.tracked;
    for (const closed of next.closed) past.push(findingOf(closed, closed.seen));
    if (past.length > MAX_TIMELINE) past.splice(0, past.length - MAX_TIMELINE);
    open = [...tracked.values()]
      .filter((one) => one.open)
      .sort((a, b) => byRank(a.candidate, b.candidate))
      .map((one) => findingOf(one, null));
    return open;
  };

  return {
    judge,
    step({ atNano, version, reader }) {
      if (!version || !reader) return open;
      if (version.shape !== shape) {
        shape = version.shape;
        pasts = new Map();
      }
      return judge(observe(reader, version, atNano, onsets(tracked), pasts));
    },
    get open() {
      return open;
    },
    restore(findings) {
      const known = new Set(past.map(({ id, since }) => `${id} ${since}`));
      past.push(...findings.filter(({ id, since }) => !known.has(`${id} ${since}`)));
      if (past.length > MAX_TIMELINE) past.splice(0, past.length - MAX_TIMELINE);
    },
    timeline(fromNano, toNano) {
      return [...past, ...open]
        .filter((finding) => BigInt(finding.since) <= toNano && BigInt(finding.until ?? toNano) >= fromNano)
        .sort((a, b) => (BigInt(a.since) < BigInt(b.since) ? 1 : -1));
    },
  };
}

/** Everything that can be said of one moment, consequences left out. */
export function candidatesOf(view: PipelineView): Candidate[] {
  const heldBack = heldBackExporters(view);
  return withoutConsequences(view, [
    ...limitingNodes(view, WINDOW_SECONDS).filter((one) => !isSaidBy(heldBack, one)),
    ...failingNodes(view),
    ...losingNodes(view),
    ...slowerNodes(view).filter((one) => !isSaidBy(heldBack, one)),
    ...fillingQueues(view).filter((one) => !isQueueOf(view, heldBack, one)),
    ...surges(view),
    ...heldBack,
  ])
    .map((candidate) => withQueues(view, candidate))
    .sort(byRank);
}

/** What an exporter's own queues say of it says more than a channel that is full, or a mean that rose. */
function isSaidBy(heldBack: readonly Candidate[], { place }: Candidate): boolean {
  return heldBack.some((one) => placeOf(one.place) === placeOf(place));
}

function isQueueOf(view: PipelineView, heldBack: readonly Candidate[], { place }: Candidate): boolean {
  const target = view.edges.find((edge) => edge.id === placeOf(place))?.to;
  return heldBack.some((one) => placeOf(one.place) === target);
}

/** Since when each node is under suspicion: its past is taken from before that. */
function onsets(tracked: ReadonlyMap<string, Tracked>): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  for (const one of tracked.values()) {
    const place = placeOf(one.candidate.place);
    since.set(place, Math.min(since.get(place) ?? one.since, one.since));
  }
  return since;
}

function keyOf(candidate: Candidate): string {
  return `${candidate.kind} ${placeOf(candidate.place)}`;
}

function findingOf({ key, since, candidate }: Tracked, until: number | null): Finding {
  const { kind, place, title, evidence, advice } = candidate;
  return {
    id: `${key.replace(' ', ':')}@${Math.round(since)}`,
    kind,
    ...(place.kind === 'node' ? { node: place.node } : { edge: place.edge }),
    title,
    since: nanosOf(since).toString(),
    ...(until !== null && { until: nanosOf(until).toString() }),
    // No benchmark has calibrated it.
    confidence: null,
    evidence: [...evidence, batchesLink(place, since, until)].filter((line) => line !== null),
    ...(advice !== undefined && { advice }),
  };
}

/** The batches behind it: those of the node since shortly before, slowest first. */
function batchesLink(place: Candidate['place'], since: number, until: number | null) {
  if (place.kind !== 'node') return null;
  const query = new URLSearchParams({
    node: place.node,
    from: nanosOf(since - 2).toString(),
    sort: '-duration',
  });
  if (until !== null) query.set('to', nanosOf(until + 2).toString());
  return { text: 'Batches of that time, slowest first', value: null, unit: '', link: `/traces?${query}` };
}
