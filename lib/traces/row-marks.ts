/** What a decoded span adds to its row: a note, the reason it failed, its events, its links. */
import type { RowMarks } from '@/lib/api/traces';
import type { SpanDetail, SpanLink } from '@/lib/model/span';
import { ATTR } from '@/lib/semconv/attributes';
import { EVENT } from '@/lib/semconv/events';
import { collectorNote, DERIVED } from './collector-spans';
import { eventLabel } from './event-label';

const MAX_EVENTS = 64;
const MAX_LINKS = 16;

export const NO_MARKS: RowMarks = { note: '', message: '', events: [], eventsTotal: 0, links: [] };

export function rowMarks(span: SpanDetail, originUnixNano: bigint): RowMarks {
  const out = span.links.map((link) => ({ ...link, direction: 'out' as const }));
  const back = span.backlinks.map((link) => ({ ...link, direction: 'in' as const }));
  return {
    note: rowNote(span),
    message: failure(span),
    events: span.events.slice(0, MAX_EVENTS).map((event) => ({
      name: event.name,
      atMs: Number(BigInt(event.timeUnixNano) - originUnixNano) / 1e6,
      label: eventLabel(event.name, event.attributes),
    })),
    eventsTotal: span.events.length,
    links: [...out, ...back].slice(0, MAX_LINKS).map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      type: link.type,
      direction: link.direction,
      state: link.state,
      heldMs: heldOf(link),
    })),
  };
}

function rowNote(span: SpanDetail): string {
  const merged = span.links.filter((link) => link.type === 'merge').length;
  const parts = [
    merged > 0 ? `merged from ${Number(span.attributes['contributors.count'] ?? merged)}` : '',
    flushReason(span),
    span.events.some((event) => event.name === EVENT.batchAbsorbed) ? 'absorbed' : '',
    span.links.some((link) => link.type === 'retry') ? `attempt ${retryNumber(span)}` : '',
    portNote(span),
    span.attributes[DERIVED] === true ? 'derived' : '',
    collectorNote(span),
    answerNote(span),
    itemsNote(span),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What an attempt was answered, where it is a span of its own. */
function answerNote(span: SpanDetail): string {
  const status = span.attributes['http.response.status_code'] ?? span.attributes['rpc.grpc.status_code'];
  const isAttempt = span.kind === 'client' && 'otelcol.component.id' in span.scope.attributes;
  return isAttempt && (typeof status === 'string' || typeof status === 'number') ? `answered ${status}` : '';
}

function flushReason(span: SpanDetail): string {
  const flush = span.events.find((event) => event.name === EVENT.batchFlush);
  const reason = flush?.attributes.reason;
  return typeof reason === 'string' ? `flushed by ${reason}` : '';
}

function retryNumber(span: SpanDetail): string {
  const link = span.links.find((each) => each.type === 'retry');
  const count = link?.attributes[ATTR.retryCount] ?? span.attributes[ATTR.retryCount];
  return typeof count === 'number' ? String(count + 1) : 'again';
}

/** The port it left by; where it left by several, how many. */
function portNote(span: SpanDetail): string {
  const chosen = span.events
    .filter((event) => event.name === EVENT.portSelected)
    .map((event) => event.attributes[ATTR.outPort]);
  const several = new Set(chosen).size;
  if (several > 1) return `split ${several}`;
  const port = span.attributes[ATTR.outPort];
  return typeof port === 'string' && port !== '' && port !== 'default' ? `port ${port}` : '';
}

function itemsNote(span: SpanDetail): string {
  if (span.items === null) return '';
  const changed = span.itemsOut !== null && span.itemsOut !== span.items;
  return changed
    ? `${span.items} → ${span.itemsOut} items`
    : `${span.items} ${span.items === 1 ? 'item' : 'items'}`;
}

function failure(span: SpanDetail): string {
  if (span.status !== 'error') return '';
  if (span.statusMessage !== '') return span.statusMessage;
  const failed = span.events.find(
    (event) => event.name === EVENT.exportFailure || event.name === EVENT.exception,
  );
  return failed ? eventLabel(failed.name, failed.attributes) : 'failed';
}

function heldOf(link: SpanLink): number | null {
  const held = link.attributes[ATTR.heldMs];
  return link.type === 'merge' && typeof held === 'number' ? held : null;
}
