/**
 * Whether the items of a journey add up, as the contract defines conservation: for every hop
 *
 *     in + created = out + delivered + dropped + returned
 *
 * and for the journey as a whole, where what came from and went to batches that are not on it is told apart. `created`
 * are copies of a fan-out beyond the first and a retry's further attempts; `returned` is what an exporter gave back.
 * Nothing is assumed: a hop whose follower never came is open, and its items stand as not accounted for.
 */
import type { JourneyAccount } from '@/lib/api/traces';
import type { SpanDetail } from '@/lib/model/span';
import { EVENT } from '@/lib/semconv/events';

export interface AccountedTrace {
  readonly traceId: string;
  readonly spans: readonly SpanDetail[];
}

type Sums = { -readonly [K in keyof Omit<JourneyAccount, 'state' | 'hops' | 'open'>]: number };

interface Hop {
  readonly node: string;
  readonly items: number;
  created: number;
  out: number;
  delivered: number;
  dropped: number;
  returned: number;
}

/** Hops that do not add up and are told one by one. */
const MOST_HOPS = 20;

export function journeyAccount(traces: readonly AccountedTrace[]): JourneyAccount {
  const here = new Set(traces.map((trace) => trace.traceId));
  const sums: Sums = {
    admitted: 0,
    created: 0,
    delivered: 0,
    dropped: 0,
    returned: 0,
    fromElsewhere: 0,
    toElsewhere: 0,
  };
  const open: JourneyAccount['hops'][number][] = [];
  let known = true;
  for (const { traceId, spans } of traces) {
    const children = byParent(spans);
    for (const span of spans) {
      if (span.items === null) {
        known = false;
        continue;
      }
      const merged = span.links.filter((link) => link.type === 'merge');
      if (merged.length > 0) {
        const shown = itemsOf(merged.filter((link) => here.has(link.traceId)));
        sums.fromElsewhere += Math.max(0, span.items - shown);
      } else if (span.parentSpanId === '') sums.admitted += span.items;
      else if (span.orphan) sums.fromElsewhere += span.items;
      const hop = hopOf(span, children.get(span.spanId) ?? []);
      const pieces = span.backlinks.filter((link) => link.type === 'merge');
      const gone = itemsOf(pieces.filter((link) => !here.has(link.traceId)));
      sums.toElsewhere += gone;
      sums.created += hop.created;
      sums.delivered += hop.delivered;
      sums.dropped += hop.dropped;
      sums.returned += hop.returned;
      const missing = hop.items + hop.created - (hop.out + hop.delivered + hop.dropped + hop.returned);
      if (missing !== 0) open.push({ traceId, spanId: span.spanId, node: hop.node, missing });
    }
  }
  const missing = open.reduce((sum, hop) => sum + hop.missing, 0);
  return {
    ...sums,
    open: missing,
    state: !known ? 'unknown' : open.length > 0 ? 'does not add up' : 'adds up',
    hops: open.slice(0, MOST_HOPS),
  };
}

function hopOf(span: SpanDetail, children: readonly SpanDetail[]): Hop {
  const items = span.items ?? 0;
  const hop: Hop = {
    node: span.nodeId,
    items,
    created: 0,
    out: 0,
    delivered: 0,
    dropped: droppedBy(span),
    returned: 0,
  };
  const absorbed = itemsOf(span.backlinks.filter((link) => link.type === 'merge'));
  if (absorbed > 0) {
    hop.out = absorbed;
    return hop;
  }
  if (children.length === 0) {
    if (isExporter(span) || span.events.some((event) => event.name === EVENT.exportSuccess)) {
      if (span.status === 'error') hop.returned = items;
      else hop.delivered = items;
    } else if (span.status === 'error' && hop.dropped === 0) hop.returned = items;
    return hop;
  }
  hop.out = children.reduce((sum, child) => sum + (child.items ?? 0), 0);
  // Attempts and copies are each as much as came in; parts of a split are together as much.
  const whole = span.itemsOut ?? items;
  const copies = children.length > 1 && children.every((child) => (child.items ?? 0) === whole);
  if (copies) hop.created = whole * (children.length - 1);
  if (hop.dropped === 0 && whole < items && hop.out - hop.created === whole) hop.dropped = items - whole;
  return hop;
}

function droppedBy(span: SpanDetail): number {
  return span.events
    .filter((event) => event.name === EVENT.batchDrop)
    .reduce((sum, event) => sum + numberOf(event.attributes.items), 0);
}

function isExporter(span: SpanDetail): boolean {
  return span.kind === 'client' || span.name.startsWith('exporter/');
}

function itemsOf(links: readonly SpanDetail['links'][number][]): number {
  return links.reduce((sum, link) => sum + numberOf(link.attributes['pdata.items']), 0);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function byParent(spans: readonly SpanDetail[]): ReadonlyMap<string, readonly SpanDetail[]> {
  const children = new Map<string, SpanDetail[]>();
  for (const span of spans) {
    if (span.parentSpanId === '' || span.orphan) continue;
    const list = children.get(span.parentSpanId);
    if (list) list.push(span);
    else children.set(span.parentSpanId, [span]);
  }
  return children;
}
