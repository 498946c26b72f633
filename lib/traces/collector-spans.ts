/**
 * What a Collector says of a batch in events, as rows. Its processors have no spans: the receiver's span names each with
 * the time at which it started and ended. Its sending queue has none either: a batch waits in it from the end of
 * `exporter/enqueue` to the start of the export below it.
 *
 *   receiver/otlp/TraceDataReceived   ├──────────────────────────┤   events: Start processing. {processor}, End …
 *     memory_limiter        derived      ├──┤
 *     attributes/tag        derived           ├───┤
 *
 *   exporter/enqueue                  ├─┤
 *     exporter/otlp_http/traces          ░░░░ wait ░░░░├──────────┤
 *       HTTP POST                                      ├──┤  ├──┤     attempts
 */
import { hashString } from '@/lib/base/hash';
import type { SpanDetail } from '@/lib/model/span';
import { ATTR } from '@/lib/semconv/attributes';
import { listedSpanIds } from '@/lib/store/listed-span-ids';
import type { SpanColumns } from '@/lib/store/span-columns';

const RECEIVED = /^receiver\/.+\/(TraceData|Logs|Metrics)Received$/;
const ENQUEUE = 'exporter/enqueue';
const EXPORT = /^exporter\/(?!enqueue$).+\/\w+$/;
/** Attribute of a span that nobody sent. */
export const DERIVED = 'weir.derived';
/** Of one receiver span. */
const MAX_PROCESSORS = 100;

export function isReceiverSpan(name: string): boolean {
  return RECEIVED.test(name);
}

/** Several rows of one component stand below each other: what each of them is. Empty for any other span. */
export function collectorNote(span: Pick<SpanDetail, 'name' | 'kind' | 'scope' | 'attributes'>): string {
  const { name, kind, attributes } = span;
  if (name === ENQUEUE) return 'enqueue';
  // An engine that names its nodes has a span for each: there is nothing to tell apart.
  if (ATTR.nodeId in attributes) return '';
  const component = span.scope.attributes[ATTR.componentKind];
  if (component === 'receiver') return kind === 'server' ? name : '';
  if (component !== 'exporter') return '';
  return kind === 'client' ? 'attempt' : EXPORT.test(name) ? 'export' : '';
}

/** Spans of the processors that a receiver's span names, in the order in which they started. */
export function processorSpans(receiver: SpanDetail): SpanDetail[] {
  if (!isReceiverSpan(receiver.name)) return [];
  const spans: SpanDetail[] = [];
  for (const [i, event] of receiver.events.entries()) {
    if (event.name !== 'Start processing.' || spans.length >= MAX_PROCESSORS) continue;
    const processor = String(event.attributes.processor ?? '');
    const end = receiver.events
      .slice(i + 1)
      .find((later) => later.name === 'End processing.' && later.attributes.processor === processor);
    if (processor === '' || !end) continue;
    const durationMs = Number(BigInt(end.timeUnixNano) - BigInt(event.timeUnixNano)) / 1e6;
    spans.push({
      ...receiver,
      spanId: derivedId(receiver.spanId, spans.length),
      parentSpanId: receiver.spanId,
      name: `processor/${processor}`,
      nodeId: processor,
      nodeType: processor.split('/')[0] ?? processor,
      kind: 'internal',
      startUnixNano: event.timeUnixNano,
      durationMs,
      waitMs: null,
      workMs: durationMs,
      blockedMs: null,
      outcomeWaitMs: null,
      heldMs: null,
      status: 'unset',
      statusMessage: '',
      items: null,
      itemsOut: null,
      attributes: { [DERIVED]: true, 'derived.from': `events of ${receiver.name}` },
      events: [],
      links: [],
      backlinks: [],
      orphan: false,
    });
  }
  return spans;
}

/** 16 hex digits, the same each time it is asked for. */
function derivedId(spanId: string, n: number): string {
  const half = (salt: string) => (hashString(`${salt}${spanId}.${n}`) >>> 0).toString(16).padStart(8, '0');
  return half('a') + half('b');
}

/** The columns with the rows of `spans` among them, and with the waits in sending queues. */
export function withCollectorRows(columns: SpanColumns, spans: readonly SpanDetail[]): SpanColumns {
  const { length } = columns;
  const nodes = [...columns.nodes];
  const names = [...columns.names];
  const starts = spans.map(({ startUnixNano }) => Number(BigInt(startUnixNano) - columns.originUnixNano));
  const startOf = (row: number) =>
    row < length ? (columns.startNs[row] as number) : (starts[row - length] as number);
  const order = Array.from({ length: length + spans.length }, (_, row) => row).sort(
    (a, b) => startOf(a) - startOf(b) || a - b,
  );
  const placeOf = new Int32Array(order.length);
  for (const [place, row] of order.entries()) placeOf[row] = place;

  const take = <T>(own: (row: number) => T, derived: (span: SpanDetail, i: number) => T): T[] =>
    order.map((row) => (row < length ? own(row) : derived(spans[row - length] as SpanDetail, row - length)));
  const floats = (column: Float64Array, derived: (span: SpanDetail, i: number) => number) =>
    Float64Array.from(take((row) => column[row] as number, derived));
  const untold = () => Number.NaN;
  const waits = floats(columns.waitMs, untold);
  for (const [place, row] of order.entries()) {
    const wait = row < length ? queueWaitMs(columns, row) : null;
    if (wait !== null) waits[place] = wait;
  }
  return {
    traceId: columns.traceId,
    originUnixNano: columns.originUnixNano,
    length: order.length,
    spanIds: listedSpanIds(
      take(
        (row) => columns.spanIds.at(row),
        ({ spanId }) => spanId,
      ),
    ),
    parent: Int32Array.from(
      take(
        (row) => placed(columns.parent[row] as number, placeOf),
        ({ parentSpanId }) => placed(parentRow(columns, parentSpanId), placeOf),
      ),
    ),
    startNs: floats(columns.startNs, (_, i) => starts[i] as number),
    endNs: floats(columns.endNs, ({ durationMs }, i) => (starts[i] as number) + durationMs * 1e6),
    waitMs: waits,
    workMs: floats(columns.workMs, ({ durationMs }) => durationMs),
    blockedMs: floats(columns.blockedMs, untold),
    outcomeWaitMs: floats(columns.outcomeWaitMs, untold),
    heldMs: floats(columns.heldMs, untold),
    items: floats(columns.items, untold),
    status: Uint8Array.from(
      take(
        (row) => columns.status[row] as number,
        () => 0,
      ),
    ),
    node: Uint32Array.from(
      take(
        (row) => columns.node[row] as number,
        ({ nodeId }) => indexIn(nodes, nodeId),
      ),
    ),
    name: Uint32Array.from(
      take(
        (row) => columns.name[row] as number,
        ({ name }) => indexIn(names, name),
      ),
    ),
    batch: Uint32Array.from(
      take(
        (row) => columns.batch[row] as number,
        ({ parentSpanId }) => columns.batch[Math.max(0, parentRow(columns, parentSpanId))] as number,
      ),
    ),
    nodes,
    names,
    batches: columns.batches,
    links: columns.links.map((link) => ({ ...link, row: placeOf[link.row] as number })),
  };
}

/** From the end of `exporter/enqueue` to the start of the export; null for any other row. */
export function queueWaitMs(columns: SpanColumns, row: number): number | null {
  const nameOf = (at: number) => columns.names[columns.name[at] as number] ?? '';
  const parent = columns.parent[row] as number;
  if (parent < 0 || nameOf(parent) !== ENQUEUE || !EXPORT.test(nameOf(row))) return null;
  return Math.max(0, (columns.startNs[row] as number) - (columns.endNs[parent] as number)) / 1e6;
}

/** True where no other engine could have sent it: names of exports are like those of other engines' nodes. */
export function isSurelyOfCollector({ names }: SpanColumns): boolean {
  return names.some((name) => isReceiverSpan(name) || name === ENQUEUE);
}

/** True where anything of it is a Collector's own. */
export function isOfCollector({ names }: SpanColumns): boolean {
  return names.some((name) => isReceiverSpan(name) || name === ENQUEUE || EXPORT.test(name));
}

function parentRow({ spanIds }: SpanColumns, spanId: string): number {
  const row = spanIds.rowOf(spanId);
  return row < 0 ? -2 : row;
}

function placed(row: number, placeOf: Int32Array): number {
  return row < 0 ? row : (placeOf[row] as number);
}

function indexIn(texts: string[], text: string): number {
  const at = texts.indexOf(text);
  if (at >= 0) return at;
  texts.push(text);
  return texts.length - 1;
}
