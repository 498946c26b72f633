/**
 * A trace as it was sent: each span read anew from the wire bytes that were kept, with its resource and scope, so
 * that doubles stay doubles and nothing that OTLP knows is lost. Which spans go is settled at the beginning; where
 * they are is looked up page by page, since rows move and traces leave while a slow reader takes his time. (Schema
 * URLs stand outside of resource and scope and are not kept.)
 */
import type { OtlpSpan, Resource, Scope, TracesData } from '@/lib/otlp/types';
import { resourceOf, scopeOf } from './contexts';
import { findSpan } from './find-span';
import { decodeRow } from './links';
import { nameOf } from './row-texts';
import { FLAG, NO_ROW, type Segment } from './segment';
import { rowsByStart } from './sort-rows';
import { parentIdOf } from './span-detail';
import { indexOf, type StoreState, segmentOf } from './store-state';
import { heldSlot, spanIdText } from './trace-ids';
import { unixNano } from './trace-summary';

const PAGE = 200;

type ResourceSpans = TracesData['resourceSpans'][number];

/** By start. Throws where the trace leaves before the last page. */
export async function* otlpPages(
  state: StoreState,
  traceId: string,
  slot: number,
  pause: () => Promise<void>,
): AsyncGenerator<TracesData> {
  const rows = await rowsByStart(state, slot, pause);
  if (rows === null) throw new Error(`trace ${traceId} left the store while it was being read`);
  const high = Int32Array.from(rows, (row) => segmentOf(state, row).spanHigh(indexOf(state, row)));
  const low = Int32Array.from(rows, (row) => segmentOf(state, row).spanLow(indexOf(state, row)));
  for (let from = 0; from < rows.length; from += PAGE) {
    const now = heldSlot(state, traceId);
    if (now < 0) throw new Error(`trace ${traceId} left the store while it was being read`);
    const to = Math.min(from + PAGE, rows.length);
    const page: number[] = [];
    for (let i = from; i < to; i++) {
      const row = findSpan(state, now, high[i] as number, low[i] as number);
      if (row === NO_ROW)
        throw new Error(`a span of trace ${traceId} left the store while it was being read`);
      page.push(row);
    }
    yield { resourceSpans: grouped(state, traceId, page) };
  }
}

/** What has the same resource and scope goes together, in the order of the first of each. */
function grouped(state: StoreState, traceId: string, rows: readonly number[]): ResourceSpans[] {
  const groups = new Map<
    number,
    { resource: Resource | undefined; scope: Scope | undefined; spans: OtlpSpan[] }
  >();
  for (const row of rows) {
    const segment = segmentOf(state, row);
    const k = indexOf(state, row);
    const code = segment.context(k);
    let group = groups.get(code);
    if (group === undefined) {
      const context = state.contexts.at(code);
      group = {
        resource: context.resourceBytes.length > 0 ? resourceOf(context) : undefined,
        scope: context.scopeBytes.length > 0 ? scopeOf(context) : undefined,
        spans: [],
      };
      groups.set(code, group);
    }
    group.spans.push(decodeRow(segment, k) ?? bareSpan(state, traceId, segment, k));
  }
  return [...groups.values()].map(({ resource, scope, spans }) => ({
    resource,
    scopeSpans: [{ scope, spans, schemaUrl: '' }],
    schemaUrl: '',
  }));
}

/** What the columns know of a span in which something else is malformed. */
function bareSpan(state: StoreState, traceId: string, segment: Segment, k: number): OtlpSpan {
  const start = segment.start(k);
  return {
    traceId,
    spanId: spanIdText(segment.spanHigh(k), segment.spanLow(k)),
    traceState: '',
    parentSpanId: parentIdOf(segment, k),
    flags: 0,
    name: nameOf(state, segment, k),
    kind: 0,
    startTimeUnixNano: unixNano(state, start),
    endTimeUnixNano: unixNano(state, start + segment.duration(k)),
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: segment.flags(k) & FLAG.statusMask, message: '' },
  };
}
