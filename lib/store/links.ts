/** Links both ways: out of a span from its wire bytes, into it through the link index of the segments. */
import type { SpanLink } from '@/lib/model/span';
import { decodeMessage } from '@/lib/otlp/decode-message';
import { attempt } from '@/lib/otlp/malformed';
import { SPAN } from '@/lib/otlp/traces-schema';
import type { OtlpSpan, OtlpSpanLink } from '@/lib/otlp/types';
import { WireReader } from '@/lib/otlp/wire-reader';
import { ATTR, LINK_TYPES } from '@/lib/semconv/attributes';
import { plainAttributes, textOf } from './attributes';
import { eachRow, wireOf } from './rows';
import { FLAG, MOVED, NO_TRACE, type Segment } from './segment';
import type { StoreState } from './store-state';
import type { LinkedTrace } from './telemetry-store';
import { heldSlot, spanIdText, traceIdOf, traceWords } from './trace-ids';
import { hashTraceId } from './trace-index';
import { inChunk } from './trace-table';

/** Links into one span that are shown. */
const MAX_BACKLINKS = 1_000;
/** Links into one trace that are read. */
const MOST_COLLECTED = 4_000;

export interface Backlink {
  readonly slot: number;
  readonly spanId: string;
  readonly link: OtlpSpanLink;
}

export function stateOf(state: StoreState, traceId: string): 'held' | 'evicted' | 'unknown' {
  if (heldSlot(state, traceId) >= 0) return 'held';
  const words = traceWords(traceId);
  return words !== null && state.evicted.has(...words) ? 'evicted' : 'unknown';
}

export function linkType(link: OtlpSpanLink): SpanLink['type'] {
  const told = textOf(plainAttributes(link.attributes), ATTR.linkType);
  return LINK_TYPES.find((type) => type === told) ?? 'other';
}

export function shownLink(state: StoreState, link: OtlpSpanLink): SpanLink {
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    type: linkType(link),
    attributes: plainAttributes(link.attributes),
    state: stateOf(state, link.traceId),
  };
}

/** A backlink names the span that the link comes from. */
export function shownBacklink(state: StoreState, { slot, spanId, link }: Backlink): SpanLink {
  return {
    traceId: traceIdOf(state, slot),
    spanId,
    type: linkType(link),
    attributes: plainAttributes(link.attributes),
    state: 'held',
  };
}

/** All links that lead into a trace, oldest segment first; `spanId` asks for those to one of its spans only. */
export function backlinksOf(state: StoreState, traceId: string, spanId: string | null): Backlink[] {
  const words = traceWords(traceId);
  if (words === null) return [];
  const hash = hashTraceId(...words);
  const found: Backlink[] = [];
  for (const segment of state.segments) {
    if (segment === undefined || segment.links === 0 || found.length >= MOST_COLLECTED) continue;
    let last = -1;
    segment.eachLinkTo(hash, (k) => {
      if (k === last || found.length >= MOST_COLLECTED) return;
      last = k;
      collect(state, segment, k, traceId, spanId, found);
    });
  }
  return found;
}

/** The same by span id, at most MAX_BACKLINKS each: one look for all spans of a trace. */
export function backlinksBySpan(state: StoreState, traceId: string): ReadonlyMap<string, Backlink[]> {
  const bySpan = new Map<string, Backlink[]>();
  for (const backlink of backlinksOf(state, traceId, null)) {
    const list = bySpan.get(backlink.link.spanId);
    if (list === undefined) bySpan.set(backlink.link.spanId, [backlink]);
    else if (list.length < MAX_BACKLINKS) list.push(backlink);
  }
  return bySpan;
}

/** Traces one step away along links, both ways. */
export function linkedTracesOf(state: StoreState, slot: number, limit: number): LinkedTrace[] {
  const own = traceIdOf(state, slot);
  const linked = new Map<string, LinkedTrace>();
  const add = (traceId: string, direction: LinkedTrace['direction']) => {
    const key = `${direction} ${traceId}`;
    if (traceId === own || linked.has(key) || linked.size >= limit) return;
    linked.set(key, { traceId, direction, state: stateOf(state, traceId) });
  };
  eachRow(state, slot, (segment, k) => {
    if ((segment.flags(k) & FLAG.links) === 0 || linked.size >= limit) return;
    for (const link of linksOfRow(segment, k)) add(link.traceId, 'upstream');
  });
  for (const backlink of backlinksOf(state, own, null)) add(traceIdOf(state, backlink.slot), 'downstream');
  return [...linked.values()];
}

export function linksOfRow(segment: Segment, k: number): readonly OtlpSpanLink[] {
  return decodeRow(segment, k)?.links ?? [];
}

/** `null` where something inside the span is malformed that the walk does not look at. */
export function decodeRow(segment: Segment, k: number): OtlpSpan | null {
  const span = attempt(() => decodeMessage(SPAN, new WireReader(wireOf(segment, k))));
  return span.ok ? span.value : null;
}

function collect(
  state: StoreState,
  segment: Segment,
  k: number,
  traceId: string,
  spanId: string | null,
  found: Backlink[],
): void {
  const slot = segment.trace(k);
  if (slot === NO_TRACE || slot === MOVED || !state.traces.isLive(slot)) return;
  if (state.traces.chunk(slot).spans(inChunk(slot)) === 0) return;
  const source = spanIdText(segment.spanHigh(k), segment.spanLow(k));
  for (const link of linksOfRow(segment, k)) {
    if (link.traceId !== traceId || (spanId !== null && link.spanId !== spanId)) continue;
    if (found.length < MOST_COLLECTED) found.push({ slot, spanId: source, link });
  }
}
