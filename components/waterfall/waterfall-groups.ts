/** What a waterfall is of: one trace without a header, or the batches of a journey, each trace a group. */
import type { LineageAnswer, TraceAnswer } from '@/lib/api/traces';

export interface WaterfallGroup {
  readonly traceId: string;
  readonly title: string;
  readonly note: string;
  /** Where its own origin lies on the time of the page. */
  readonly offsetMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: number;
  readonly header: boolean;
  readonly failed: boolean;
  readonly state: 'held' | 'evicted' | 'unknown';
  readonly distance: number;
}

export interface WaterfallData {
  readonly groups: readonly WaterfallGroup[];
  readonly originUnixNano: bigint;
  readonly endMs: number;
}

export function traceGroups(answer: TraceAnswer): WaterfallData {
  const { trace, overview, total } = answer;
  return {
    groups: [
      {
        traceId: trace.traceId,
        title: trace.batchId || trace.traceId,
        note: '',
        offsetMs: 0,
        fromMs: 0,
        toMs: overview.endMs,
        spans: total,
        header: false,
        failed: trace.status === 'error',
        state: 'held',
        distance: 0,
      },
    ],
    originUnixNano: BigInt(overview.originUnixNano),
    endMs: overview.endMs,
  };
}

type Batch = LineageAnswer['batches'][number];

/** The trace asked for first, then upstream by start, then downstream by start. */
export function journeyGroups(lineage: LineageAnswer): WaterfallData {
  const byTrace = new Map<string, Batch[]>();
  for (const batch of lineage.batches) {
    byTrace.set(batch.traceId, [...(byTrace.get(batch.traceId) ?? []), batch]);
  }
  const held = lineage.batches
    .filter((batch) => batch.state === 'held')
    .map((batch) => BigInt(batch.startUnixNano));
  const origin = held.reduce((least, each) => (each < least ? each : least), held[0] ?? 0n);
  const groups = [...byTrace.values()].map((batches) => groupOf(batches, origin, lineage));
  const rank = (group: WaterfallGroup) => (group.distance === 0 ? 0 : group.distance < 0 ? 1 : 2);
  return {
    groups: groups.sort((a, b) => rank(a) - rank(b) || a.fromMs - b.fromMs),
    originUnixNano: origin,
    endMs: Math.max(0, ...groups.map((group) => group.toMs)),
  };
}

function groupOf(batches: readonly Batch[], origin: bigint, lineage: LineageAnswer): WaterfallGroup {
  const start = (batch: Batch) =>
    batch.state === 'held' ? Number(BigInt(batch.startUnixNano) - origin) / 1e6 : 0;
  const sorted = [...batches].sort((a, b) => start(a) - start(b));
  const root = sorted[0] as Batch;
  const fromMs = start(root);
  return {
    traceId: root.traceId,
    title: root.batchId || root.traceId.slice(0, 12),
    note: noteOf(root, batches, lineage),
    offsetMs: fromMs,
    fromMs,
    toMs: Math.max(...batches.map((batch) => start(batch) + batch.durationMs)),
    spans: batches.reduce((sum, batch) => sum + batch.spanCount, 0),
    header: true,
    failed: batches.some((batch) => batch.status === 'error'),
    state: root.state,
    distance: root.distance,
  };
}

/** `merged from 3 · 248 items`, or `otlp-in · 120 items → b-88120`. */
function noteOf(root: Batch, batches: readonly Batch[], lineage: LineageAnswer): string {
  const ids = new Set(batches.map((batch) => batch.id));
  const into = lineage.edges.filter(
    (edge) => ids.has(edge.from) && !ids.has(edge.to) && edge.type === 'merge',
  );
  const first = root.contributors > 0 ? `merged from ${root.contributors}` : (root.nodeIds[0] ?? '');
  const given = into.reduce((sum, edge) => sum + (edge.items ?? 0), 0);
  const items = into.length > 0 && given > 0 ? given : root.items;
  const goes =
    into.length > 0 ? ` → ${[...new Set(into.map((edge) => edge.to))].slice(0, 2).join(', ')}` : '';
  return [first, items === null ? '' : `${items} items${goes}`].filter(Boolean).join(' · ');
}
