/** The verdicts of one engine: looks once a second, keeps what is open, and a timeline of what was. */
import type { Finding } from '@/lib/api/topology';
import { nanosOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { type ActionContext, type ActionSeen, actionContext, followedAction, isRestarting } from './actions';
import { type Candidate, placeOf } from './candidate';
import { fillingQueues, surges } from './drifting';
import { failingNodes } from './failing';
import { heldBackExporters, withQueues } from './held-back';
import { holdingNodes } from './holding';
import { advance, keyOf, type Tracked } from './hysteresis';
import { limitingNodes } from './limiting';
import { losingNodes } from './losing';
import { observe } from './observe';
import { createOrderLog } from './order-log';
import { createPastMemory } from './past';
import { byRank, isNote, severity, withoutConsequences } from './rank';
import { misroutingNodes } from './routing';
import { type ChangeSeen, changeFindings, configFindings, machineFindings } from './setup';
import { slowerNodes } from './slower';
import { stalledNodes } from './stalling';
import { afterStalls, withoutWrongStalls } from './stalls-over';
import type { PipelineView } from './view';

export const MAX_TIMELINE = 1_000;
const TIMELINE_SECONDS = 3_600;
/** What has been open for so long is how it is now: it no longer keeps others from being learnt. */
const NEW_NORMAL_SECONDS = 600;

export interface Diagnosis {
  /** Open findings at `atNano`, ranked; to be called about once a second, in order of time. */
  step(input: {
    readonly atNano: bigint;
    readonly version: TopologyVersion | null;
    readonly reader: SeriesReader | null;
    /** Reported actions of the last minutes, and the beginnings of new incarnations. */
    readonly actions?: readonly ActionSeen[];
    readonly restarts?: readonly bigint[];
    readonly changes?: readonly ChangeSeen[];
  }): readonly Finding[];
  /** The same from a view made otherwise. */
  judge(view: PipelineView, context?: ActionContext, notes?: readonly Candidate[]): readonly Finding[];
  readonly open: readonly Finding[];
  /** Findings of a file, closed, among those of the past. */
  restore(findings: readonly Finding[]): void;
  /** Findings that were open at a moment, in the order in which they stood then; what was not said yet comes last. */
  at(atNano: bigint): readonly Finding[];
  /** Findings that were open at some time of the range, newest first. */
  timeline(fromNano: bigint, toNano: bigint): readonly Finding[];
}

const NO_ACTIONS: ActionContext = { restartedAt: Number.NEGATIVE_INFINITY, actions: [] };

export function createDiagnosis(): Diagnosis {
  let tracked: ReadonlyMap<string, Tracked> = new Map();
  let open: readonly Finding[] = [];
  let past: Finding[] = [];
  const memory = createPastMemory();
  const orders = createOrderLog();
  let shape = '';

  const judge: Diagnosis['judge'] = (view, context = NO_ACTIONS, notes = []) => {
    const isBack = isRestarting(context, view.at);
    // What jumps when something stops and starts explains itself; what was open before stays open.
    const found = candidatesOf(view).filter(
      (one) => !isBack || !(JUMPS.has(one.kind) || one.turnedAway) || tracked.get(keyOf(one))?.open,
    );
    const overStalls = afterStalls(view, tracked, found);
    const candidates = new Map([...overStalls, ...notes].map((candidate) => [keyOf(candidate), candidate]));
    const next = advance(
      withoutWrongStalls(view, tracked, candidates),
      candidates,
      view.at,
      view.reportSeconds,
    );
    tracked = next.tracked;
    for (const closed of next.closed) past.push(findingOf(view, context, closed, closed.seen));
    const oldest = nanosOf(view.at - TIMELINE_SECONDS);
    past = past.filter(({ until }) => until === undefined || BigInt(until) >= oldest).slice(-MAX_TIMELINE);
    open = [...tracked.values()]
      .filter((one) => one.open)
      .sort((a, b) => byRank(a.candidate, b.candidate))
      .map((one) => findingOf(view, context, one, null));
    orders.note(
      view.at,
      open.map(({ id }) => id),
    );
    return open;
  };

  const timeline: Diagnosis['timeline'] = (fromNano, toNano) =>
    [...past, ...open]
      .filter((finding) => BigInt(finding.since) <= toNano && BigInt(finding.until ?? toNano) >= fromNano)
      .sort((a, b) => (BigInt(a.since) < BigInt(b.since) ? 1 : -1));

  return {
    judge,
    step({ atNano, version, reader, actions = [], restarts = [], changes = [] }) {
      if (!version || !reader) return open;
      if (version.shape !== shape) {
        shape = version.shape;
        memory.forget();
      }
      const context = actionContext(actions, restarts);
      const view = observe(reader, version, atNano, onsetOf(tracked, context, atNano), memory);
      return judge(view, context, [
        ...machineFindings(reader, view, version, restarts),
        ...configFindings(version),
        ...changeFindings(changes, version, view.at),
      ]);
    },
    get open() {
      return open;
    },
    restore(findings) {
      const known = new Set(past.map(({ id, since }) => `${id} ${since}`));
      past = [...past, ...findings.filter(({ id, since }) => !known.has(`${id} ${since}`))].slice(
        -MAX_TIMELINE,
      );
    },
    at(atNano) {
      const places = orders.at(Number(atNano / 1_000_000n) / 1_000);
      const placeOfFinding = ({ id }: Finding) => places.get(id) ?? places.size;
      return [...timeline(atNano, atNano)].sort(
        (a, b) => placeOfFinding(a) - placeOfFinding(b) || severity(a.kind) - severity(b.kind),
      );
    },
    timeline,
  };
}

const JUMPS: ReadonlySet<Candidate['kind']> = new Set([
  'stall',
  'bottleneck',
  'queue_filling',
  'source_surge',
  'slower',
  'slow_destination',
  'stateful_delay',
  'misrouted',
  'drop',
]);

/** Everything that can be said of one moment, consequences left out. */
export function candidatesOf(view: PipelineView): Candidate[] {
  const heldBack = heldBackExporters(view);
  return withoutConsequences(view, [
    ...stalledNodes(view),
    ...limitingNodes(view).filter((one) => !isSaidBy(heldBack, one)),
    ...failingNodes(view),
    ...losingNodes(view),
    ...misroutingNodes(view),
    ...holdingNodes(view),
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

/** Since when something is open, or seems to be: what is usual is taken from before that. */
function onsetOf(
  tracked: ReadonlyMap<string, Tracked>,
  context: ActionContext,
  atNano: bigint,
): number | null {
  const at = Number(atNano / 1_000_000n) / 1_000;
  const sinces = [...tracked.values()]
    .filter(
      ({ open, since, candidate }) => open && !isNote(candidate.kind) && at - since < NEW_NORMAL_SECONDS,
    )
    .map(({ since }) => since);
  if (isRestarting(context, at)) sinces.push(context.restartedAt);
  return sinces.length === 0 ? null : Math.min(...sinces);
}

function findingOf(
  view: PipelineView,
  context: ActionContext,
  { key, since, candidate }: Tracked,
  until: number | null,
): Finding {
  const { kind, place, title, evidence, advice, remedy } = candidate;
  const node =
    place.kind === 'node' ? place.node : (view.edges.find(({ id }) => id === place.edge)?.to ?? null);
  const action =
    node === null || isNote(kind) ? null : followedAction(context, node, since, view.reportSeconds);
  const followed = action && {
    action: action.id,
    text: `followed ${action.action} of ${action.target}, ${Math.max(0, since - action.at).toFixed(1)} s after it`,
  };
  return {
    id: `${key.replace(' ', ':')}@${Math.round(since)}`,
    kind,
    ...(place.kind === 'node' ? { node: place.node } : { edge: place.edge }),
    title,
    since: nanosOf(since).toString(),
    ...(until !== null && { until: nanosOf(until).toString() }),
    // No benchmark has calibrated it.
    confidence: null,
    evidence: [
      ...evidence,
      ...(followed ? [{ text: followed.text, value: null, unit: '', link: '/control' }] : []),
      ...(node === null ? [] : [batchesLink(kind, node, since, until)]),
    ],
    ...(advice !== undefined && { advice }),
    ...(remedy !== undefined && { remedy }),
    ...(followed && { followed }),
  };
}

/** What is slow has not come through yet when it is first seen: those before it are there to compare with. */
const BEFORE_SECONDS = 10;
/** Through what stands still nothing comes any more: its last batches lie further back. */
const BEFORE_STALL_SECONDS = 15;

/** The batches behind it: those of the node since shortly before, slowest first; of a stall, the last that came through. */
function batchesLink(kind: Candidate['kind'], node: string, since: number, until: number | null) {
  const isStall = kind === 'stall';
  const query = new URLSearchParams({
    node,
    from: nanosOf(since - (isStall ? BEFORE_STALL_SECONDS : BEFORE_SECONDS)).toString(),
    ...(!isStall && { sort: '-duration' }),
  });
  if (until !== null) query.set('to', nanosOf(until + 2).toString());
  const text = isStall ? 'The last batches that came through' : 'Batches of that time, slowest first';
  return { text, value: null, unit: '', link: `/traces?${query}` };
}
