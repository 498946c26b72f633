/** The peers: protobufjs decoding, and the store that one writes first: protobufjs objects in a Map of arrays. */
import { oracle } from '@/lib/otlp/testing/oracle';

interface PeerSpan {
  readonly traceId: Uint8Array;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly startTimeUnixNano: unknown;
  readonly endTimeUnixNano: unknown;
}

interface PeerRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly PeerSpan[] }[];
  }[];
}

export function protobufjsDecode(bytes: Uint8Array): unknown {
  return oracle.traces.decode(bytes);
}

export interface NaivePeer {
  append(bytes: Uint8Array): void;
  readonly traces: Map<string, unknown[]>;
}

/** Keeps at most `limit` traces, oldest out. */
export function createNaivePeer(limit: number): NaivePeer {
  const traces = new Map<string, unknown[]>();
  const durations = new Map<string, number[]>();
  return {
    traces,
    append(bytes) {
      const request = oracle.traces.toObject(oracle.traces.decode(bytes), { longs: String }) as PeerRequest;
      for (const { scopeSpans } of request.resourceSpans) {
        for (const { spans } of scopeSpans) for (const span of spans) keep(span);
      }
    },
  };

  function keep(span: PeerSpan): void {
    const traceId = Buffer.from(span.traceId).toString('hex');
    const attributes = Object.fromEntries(span.attributes.map(({ key, value }) => [key, value]));
    const list = traces.get(traceId);
    if (list) list.push({ ...span, attributes });
    else traces.set(traceId, [{ ...span, attributes }]);
    if (traces.size > limit) {
      const oldest = traces.keys().next().value;
      if (oldest !== undefined) traces.delete(oldest);
    }
    const node = String(attributes['node.id']);
    const list2 = durations.get(node) ?? [];
    list2.push(Number(span.endTimeUnixNano) - Number(span.startTimeUnixNano));
    durations.set(node, list2.length > 1_000 ? [] : list2);
  }
}
