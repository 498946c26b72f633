/**
 * The journey of a batch: everything it was made of, back to the receivers, and everything that was made of it. From
 * the trace asked for it goes up, and only up, and down, and only down: a merge's other contributors are counted, not
 * followed. Bounded by traces; each is read once, so cycles and links to itself end; what cannot be read is said.
 */
import type { JourneyAccount, LineageAnswer } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import type { AnalysedTrace } from './analysed-trace';
import { journeyCriticalPath } from './critical-path';
import { type AccountedTrace, journeyAccount } from './journey-account';
import { type BatchEdge, batchesOf, edgesInto, type TraceBatch } from './lineage-batches';
import type { TraceReader } from './trace-reader';

export interface LineageBounds {
  readonly maxTraces: number;
  /** Links looked at from one trace to those made of it. */
  readonly maxLinks: number;
  /** Batches told one by one; those nearest to the trace asked for come first. */
  readonly maxBatches: number;
}

export const LINEAGE_BOUNDS: LineageBounds = { maxTraces: 64, maxLinks: 256, maxBatches: 500 };

type Batch = LineageAnswer['batches'][number];
type Edge = LineageAnswer['edges'][number];

interface Found {
  readonly traces: ReadonlyMap<string, AnalysedTrace>;
  /** Steps from the trace asked for, negative upstream; of every trace that was met, read or not. */
  readonly distance: ReadonlyMap<string, number>;
  /** Traces met that are not held, and those past the bound. */
  readonly missing: ReadonlyMap<string, 'evicted' | 'unknown'>;
  readonly pastBound: ReadonlySet<string>;
}

export async function lineage(
  reader: TraceReader,
  traceId: string,
  bounds: LineageBounds = LINEAGE_BOUNDS,
): Promise<LineageAnswer> {
  const found = await findTraces(reader, traceId, bounds);
  const known = [...found.traces.values()].flatMap(({ columns, tree }) =>
    batchesOf(columns, tree).map((batch) =>
      describe(columns, batch, found.distance.get(columns.traceId) ?? 0),
    ),
  );
  const intoAll = edgesAmong(found);
  const all = nameBatches([...known, ...missingBatches(found, intoAll)]);
  const edges = nameEdges(intoAll, all, found);
  const batches = nearest(all, bounds.maxBatches);
  const told = new Set(batches.map((batch) => batch.id));
  const complete = found.missing.size === 0 && found.pastBound.size === 0 && batches.length === all.length;
  return {
    batches,
    edges: edges.filter((edge) => told.has(edge.from) && told.has(edge.to)),
    complete,
    // A trace past the bound counts as one batch: how many it holds was not read.
    total: all.length + found.pastBound.size,
    totalEdges: edges.length,
    account: await accountOf(reader, found),
    criticalPath: journeyCriticalPath(found.traces, traceId),
  };
}

/** Spans that are decoded to count their items; a larger journey is not counted. */
const MAX_ACCOUNTED_SPANS = 2_000;

async function accountOf({ store }: TraceReader, { traces }: Found): Promise<JourneyAccount | null> {
  const spans = [...traces.values()].reduce((sum, { columns }) => sum + columns.length, 0);
  if (spans > MAX_ACCOUNTED_SPANS) return null;
  const decoded: AccountedTrace[] = [];
  for (const { columns } of traces.values()) {
    const { traceId, length } = columns;
    const own = await store.traceSpans(traceId, 0, length);
    // Spans that left or came meanwhile would make a false account.
    if (own.length !== length) return null;
    decoded.push({ traceId, spans: own });
  }
  return journeyAccount(decoded);
}

/** The first batches of each trace before any further ones of it, nearer traces before further ones. */
function nearest(batches: readonly Batch[], most: number): readonly Batch[] {
  if (batches.length <= most) return batches;
  const byNearness = [...batches].sort(
    (a, b) =>
      Number(b.contributors > 0) - Number(a.contributors > 0) || Math.abs(a.distance) - Math.abs(b.distance),
  );
  const told = new Set(byNearness.slice(0, most));
  return batches.filter((batch) => told.has(batch));
}

async function findTraces(reader: TraceReader, traceId: string, bounds: LineageBounds): Promise<Found> {
  const { store } = reader;
  const traces = new Map<string, AnalysedTrace>();
  const distance = new Map<string, number>([[traceId, 0]]);
  const missing = new Map<string, 'evicted' | 'unknown'>();
  const pastBound = new Set<string>();
  /** A trace that only acts on this one (a control span) is not made of it. */
  const belongs = (got: AnalysedTrace | null, from: string, step: number) =>
    step < 0 || got === null || edgesInto(got.columns, got.tree).some((edge) => edge.from.traceId === from);
  /** False where it is no part of the journey. */
  const meet = async (id: string, from: string, step: number): Promise<boolean> => {
    if (pastBound.has(id)) return true;
    const got = traces.get(id) ?? (await reader.read(id));
    if (!belongs(got, from, step)) return false;
    if (!got) missing.set(id, (await store.traceState(id)) === 'evicted' ? 'evicted' : 'unknown');
    else if (traces.has(id) || traces.size < bounds.maxTraces) traces.set(id, got);
    else pastBound.add(id);
    return true;
  };
  await meet(traceId, traceId, -1);
  for (const step of [-1, 1]) {
    const queue = [traceId];
    const seen = new Set(queue);
    for (let i = 0; i < queue.length; i++) {
      const from = queue[i] ?? '';
      const here = traces.get(from);
      if (!here) continue;
      const next = step < 0 ? upstreamOf(here) : await downstreamOf(store, from, bounds);
      for (const id of next) {
        if (seen.has(id) || !(await meet(id, from, step))) continue;
        seen.add(id);
        if (!distance.has(id)) distance.set(id, (distance.get(from) ?? 0) + step);
        queue.push(id);
      }
    }
  }
  return { traces, distance, missing, pastBound };
}

function upstreamOf({ columns, tree }: AnalysedTrace): string[] {
  return [...new Set(edgesInto(columns, tree).map((edge) => edge.from.traceId))].filter(
    (id) => id !== columns.traceId,
  );
}

async function downstreamOf(
  store: TelemetryStore,
  traceId: string,
  bounds: LineageBounds,
): Promise<string[]> {
  const linked = await store.linkedTraces(traceId, bounds.maxLinks);
  return linked
    .filter((each) => each.direction === 'downstream' && each.state === 'held')
    .map((each) => each.traceId);
}

/** Edges whose end was read and whose start was met; the same one told by parent and by link is one edge. */
function edgesAmong(found: Found): BatchEdge[] {
  const met = (id: string) => found.traces.has(id) || found.missing.has(id);
  return [...found.traces.values()]
    .flatMap(({ columns, tree }) => edgesInto(columns, tree))
    .filter((edge) => met(edge.from.traceId));
}

function describe(columns: SpanColumns, batch: TraceBatch, distance: number): Batch {
  return {
    id: '',
    batchId: batch.batchId,
    traceId: batch.traceId,
    rootSpanId: columns.spanIds.at(batch.rootRow),
    rootName: columns.names[columns.name[batch.rootRow] ?? 0] ?? '',
    startUnixNano: (columns.originUnixNano + BigInt(Math.round(batch.fromNs))).toString(),
    durationMs: (batch.toNs - batch.fromNs) / 1e6,
    items: batch.items,
    status: batch.failed ? 'error' : 'ok',
    state: 'held',
    distance,
    spanCount: batch.spans,
    nodeIds: batch.nodeIds,
    contributors: batch.contributors,
  };
}

/** One stand-in for each span of a trace that is not held but is linked to. */
function missingBatches(found: Found, edges: readonly BatchEdge[]): Batch[] {
  const ghosts = new Map<string, Batch>();
  for (const edge of edges) {
    const state = found.missing.get(edge.from.traceId);
    if (!state) continue;
    ghosts.set(edge.from.traceId + edge.from.spanId, {
      id: '',
      batchId: '',
      traceId: edge.from.traceId,
      rootSpanId: edge.from.spanId,
      rootName: '',
      startUnixNano: '0',
      durationMs: 0,
      items: edge.items,
      status: 'ok',
      state,
      distance: found.distance.get(edge.from.traceId) ?? 0,
      spanCount: 0,
      nodeIds: [],
      contributors: 0,
    });
  }
  return [...ghosts.values()];
}

function nameBatches(batches: readonly Batch[]): Batch[] {
  const uses = new Map<string, number>();
  for (const batch of batches) uses.set(batch.batchId, (uses.get(batch.batchId) ?? 0) + 1);
  return batches
    .map((batch) => {
      const unique = batch.batchId !== '' && uses.get(batch.batchId) === 1;
      const place = batch.batchId === '' ? batch.rootSpanId : batch.batchId;
      return { ...batch, id: unique ? batch.batchId : `${batch.traceId}/${place}` };
    })
    .sort((a, b) => a.distance - b.distance || compareText(a.startUnixNano, b.startUnixNano));
}

/** Spans at both ends become batches; a link into one batch from itself is kept only where it is a merge. */
function nameEdges(edges: readonly BatchEdge[], batches: readonly Batch[], found: Found): Edge[] {
  const byBatch = new Map(batches.map((batch) => [`${batch.traceId}/${batch.batchId}`, batch.id]));
  const bySpan = new Map(batches.map((batch) => [`${batch.traceId}/${batch.rootSpanId}`, batch.id]));
  // Of a large trace only the spans that an edge names are looked at.
  const named = new Map<string, Set<string>>();
  for (const { traceId, spanId } of edges.flatMap((edge) => [edge.from, edge.to])) {
    const spans = named.get(traceId);
    if (spans) spans.add(spanId);
    else named.set(traceId, new Set([spanId]));
  }
  for (const { columns } of found.traces.values()) {
    const spans = named.get(columns.traceId);
    if (!spans) continue;
    for (const spanId of spans) {
      const row = columns.spanIds.rowOf(spanId);
      if (row < 0) continue;
      const batchId = columns.batches[columns.batch[row] ?? 0] ?? '';
      const id = byBatch.get(`${columns.traceId}/${batchId}`);
      if (id !== undefined) bySpan.set(`${columns.traceId}/${spanId}`, id);
    }
  }
  const told = new Map<string, Edge>();
  for (const edge of edges) {
    const from = bySpan.get(`${edge.from.traceId}/${edge.from.spanId}`);
    const to = bySpan.get(`${edge.to.traceId}/${edge.to.spanId}`);
    if (from === undefined || to === undefined || (from === to && edge.type !== 'merge')) continue;
    const key = JSON.stringify([from, to, edge.type]);
    const same = told.get(key);
    // Several spans of one batch absorbed into another: their items add up; a split told twice is the same items.
    const items = edge.type === 'merge' && same ? add(same.items, edge.items) : (same?.items ?? edge.items);
    told.set(key, { from, to, type: edge.type, items, heldMs: longest(same?.heldMs ?? null, edge.heldMs) });
  }
  return [...told.values()];
}

function add(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

function longest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
