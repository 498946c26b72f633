/** One decoded span for tests, of which only what matters is given. */
import type { SpanDetail, SpanEvent } from '@/lib/model/span';

export function eventOf(
  name: string,
  timeUnixNano: string,
  attributes: SpanEvent['attributes'] = {},
): SpanEvent {
  return { name, timeUnixNano, attributes, encoding: 'span_event' };
}

export function spanOf(over: Partial<SpanDetail>): SpanDetail {
  return {
    spanId: 's1',
    parentSpanId: '',
    name: 'exporter/otlp_http/exp',
    nodeId: 'exp',
    nodeType: 'urn:otel:exporter:otlp_http',
    kind: 'client',
    startUnixNano: '1000',
    durationMs: 1,
    waitMs: 1,
    workMs: 1,
    blockedMs: 0,
    outcomeWaitMs: 0,
    heldMs: null,
    status: 'error',
    statusMessage: '503',
    signal: 'logs',
    items: 4,
    itemsOut: null,
    batchId: 'b1',
    attributes: { 'out.port': 'a' },
    resource: {},
    scope: { name: '', version: '', attributes: {} },
    events: [],
    links: [],
    backlinks: [],
    orphan: false,
    ...over,
  };
}
