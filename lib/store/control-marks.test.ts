import { describe, expect, it } from 'vitest';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { OtlpSpan } from '@/lib/otlp/types';
import { otlpSpan, spanId, T0, traceId } from './testing/spans';
import { testStore } from './testing/test-store';

const at = (ms: number) => T0 + BigInt(ms) * 1_000_000n;
const event = (name: string, ms: number) => ({
  timeUnixNano: at(ms),
  name,
  attributes: [],
  droppedAttributesCount: 0,
});

function traces(spans: readonly OtlpSpan[]): Uint8Array {
  const scopeSpans = [{ scope: undefined, spans: [...spans], schemaUrl: '' }];
  return encodeTraces({ resourceSpans: [{ resource: undefined, scopeSpans, schemaUrl: '' }] });
}

describe('the control messages of a trace', () => {
  it('are those of all its spans by time, in both encodings and by any name, and which spans were linked to', async () => {
    const store = testStore();
    const acked = {
      ...otlpSpan({ trace: 1, span: 1 }),
      events: [event('port_selected', 1), event('control/ack', 9)],
    };
    const aliased = {
      ...otlpSpan({ trace: 1, span: 2, parent: 1 }),
      events: [event('otelcol.node.drain', 5)],
    };
    const many = Array.from({ length: 9_000 }, (_, i) => ({
      ...otlpSpan({ trace: 1, span: 10 + i, parent: 1, startMs: i }),
      events: [event('control/ack', 100 + i)],
    }));
    const control = otlpSpan({ trace: 2, span: 1, links: [{ trace: 1, span: 2, type: 'control' }] });
    store.appendTraces(traces([acked, aliased, control, ...many]));
    store.appendLogs(
      encodeLogs({
        resourceLogs: [
          {
            resource: undefined,
            schemaUrl: '',
            scopeLogs: [
              {
                scope: undefined,
                schemaUrl: '',
                logRecords: [
                  {
                    timeUnixNano: at(7),
                    observedTimeUnixNano: 0n,
                    severityNumber: 0,
                    severityText: '',
                    body: undefined,
                    attributes: [],
                    droppedAttributesCount: 0,
                    flags: 0,
                    traceId: traceId(1),
                    spanId: spanId(1),
                    eventName: 'control/nack',
                  },
                ],
              },
            ],
          },
        ],
      }),
    );
    const marks = await store.controlMarks(traceId(1));
    expect(marks?.length).toBe(9_003);
    const first = [0, 1, 2, 3].map((i) => [
      marks?.kinds[marks.kind[i] ?? 0],
      (marks?.epochUnixNano ?? 0n) + BigInt(marks?.atNs[i] ?? 0),
      marks?.spanIdAt(i),
    ]);
    expect(first).toEqual([
      ['drain', at(5), spanId(2)],
      ['nack', at(7), spanId(1)],
      ['ack', at(9), spanId(1)],
      ['ack', at(100), spanId(10)],
    ]);
    expect(marks?.linked).toEqual([spanId(2)]);
    expect(await store.controlMarks(traceId(3))).toBeNull();
  });
});
