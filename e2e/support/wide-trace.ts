/**
 * A trace of any size, as OTLP JSON requests: a receiver, splits below it, and below each of them a hundred hops of
 * twenty nodes, all of other lengths and few of them alike, so that a waterfall has to show nearly every one.
 */
const BELOW = 99;
const NODES = 20;
const SPANS_A_REQUEST = 4_000;

export interface WideTrace {
  readonly traceId: string;
  readonly batch: string;
  readonly spans: number;
  /** Bodies for `POST /v1/traces`. */
  readonly requests: readonly string[];
}

export function wideTrace(number: number, spans: number, startUnixMs: number): WideTrace {
  const traceId = hex(0xabc000 + number, 32);
  const batch = `batch-wide-${number}`;
  const start = BigInt(startUnixMs) * 1_000_000n;
  const all = Array.from({ length: spans }, (_, i) => spanOf(traceId, batch, i, spans, start));
  const requests: string[] = [];
  for (let from = 0; from < spans; from += SPANS_A_REQUEST) {
    requests.push(
      JSON.stringify({
        resourceSpans: [
          {
            resource: {
              attributes: [attribute('service.name', 'wide'), attribute('service.instance.id', 'wide-1')],
            },
            scopeSpans: [
              { scope: { name: 'otel.processor.wide' }, spans: all.slice(from, from + SPANS_A_REQUEST) },
            ],
          },
        ],
      }),
    );
  }
  return { traceId, batch, spans, requests };
}

function spanOf(traceId: string, batch: string, i: number, spans: number, start: bigint) {
  const isSplit = i % (BELOW + 1) === 1;
  const splitOf = i - (i % (BELOW + 1)) + 1;
  const parent = i === 0 ? 0 : isSplit || splitOf > i ? 1 : splitOf + 1;
  const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  const node = i === 0 ? 'recv' : isSplit ? 'split' : `node-${mixed % NODES}`;
  const kind = i === 0 ? 'receiver' : isSplit ? 'processor' : 'exporter';
  const from = start + BigInt(i) * 20_000n;
  const last = start + BigInt(spans) * 20_000n + 30_000_000n;
  const to = i === 0 ? last : from + BigInt(50_000 + (mixed % 20_000_000));
  const failed = mixed % 997 === 0;
  return {
    traceId,
    spanId: hex(i + 1, 16),
    ...(i === 0 ? {} : { parentSpanId: hex(parent, 16) }),
    name: `${kind}/wide/${node}`,
    kind: i === 0 ? 2 : 1,
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(to),
    attributes: [
      attribute('node.id', node),
      attribute('pdata.id', batch),
      { key: 'pdata.batch.size', value: { intValue: String((mixed % 900) + 1) } },
      { key: 'channel.wait.ms', value: { doubleValue: (mixed % 3_000) / 1_000 } },
    ],
    ...(mixed % 3 === 0
      ? { events: [{ timeUnixNano: String(from + 10_000n), name: 'port_selected', attributes: [] }] }
      : {}),
    ...(failed ? { status: { code: 2, message: 'refused' } } : {}),
  };
}

function attribute(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
