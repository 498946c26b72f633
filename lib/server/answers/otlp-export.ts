/** A trace as OTLP JSON, streamed a page at a time, so that one of any size leaves without being in memory twice. */
import type { Attributes, AttributeValue, SpanDetail } from '@/lib/model/span';
import type { TelemetryStore } from '@/lib/store/telemetry-store';

const PAGE = 500;
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

/** Null where the trace is not held. */
export async function otlpExport(
  store: TelemetryStore,
  traceId: string,
): Promise<ReadableStream<Uint8Array> | null> {
  if ((await store.traceState(traceId)) !== 'held') return null;
  const encoder = new TextEncoder();
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('{"resourceSpans":[')),
    async pull(controller) {
      const spans = await store.traceSpans(traceId, offset, PAGE);
      if (spans.length === 0) {
        controller.enqueue(encoder.encode(']}\n'));
        controller.close();
        return;
      }
      const groups = resourceSpansOf(traceId, spans).map((group) => JSON.stringify(group));
      controller.enqueue(encoder.encode(`${offset > 0 ? ',' : ''}${groups.join(',')}`));
      offset += spans.length;
    },
  });
}

/** Neighbours of the same resource and scope go together. */
function resourceSpansOf(traceId: string, spans: readonly SpanDetail[]): unknown[] {
  const groups = new Map<string, { head: SpanDetail; spans: unknown[] }>();
  for (const span of spans) {
    const key = JSON.stringify([span.resource, span.scope]);
    const group = groups.get(key) ?? { head: span, spans: [] };
    group.spans.push(otlpSpan(traceId, span));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ head, spans: members }) => ({
    resource: { attributes: keyValues(head.resource) },
    scopeSpans: [
      {
        scope: {
          name: head.scope.name,
          version: head.scope.version,
          attributes: keyValues(head.scope.attributes),
        },
        spans: members,
      },
    ],
  }));
}

function otlpSpan(traceId: string, span: SpanDetail): unknown {
  const start = BigInt(span.startUnixNano);
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === '' ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KINDS.indexOf(span.kind),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(Math.round(span.durationMs * 1e6))),
    attributes: keyValues(span.attributes),
    events: span.events
      .filter(({ encoding }) => encoding === 'span_event')
      .map(({ name, timeUnixNano, attributes }) => ({
        name,
        timeUnixNano,
        attributes: keyValues(attributes),
      })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: keyValues(link.attributes),
    })),
    status: { code: STATUS_CODES[span.status], message: span.statusMessage },
  };
}

function keyValues(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** Whole numbers go as integers: a decoded span no longer tells a double that happens to be whole. */
function anyValue(value: AttributeValue): unknown {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value as Attributes) } };
}
