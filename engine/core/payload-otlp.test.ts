import { describe, expect, it } from 'vitest';
import type { LogsData } from '@/lib/otlp/types';
import { mergePayloads, payloadFromBytes, payloadFromData } from './payload-otlp';

const logs = (...bodies: readonly string[]): LogsData => ({
  resourceLogs: [
    {
      resource: undefined,
      schemaUrl: '',
      scopeLogs: [
        {
          scope: undefined,
          schemaUrl: '',
          logRecords: bodies.map((stringValue) => ({
            timeUnixNano: 1n,
            observedTimeUnixNano: 0n,
            severityNumber: 9,
            severityText: 'INFO',
            body: { stringValue },
            attributes: [],
            droppedAttributesCount: 0,
            flags: 0,
            traceId: '',
            spanId: '',
            eventName: '',
          })),
        },
      ],
    },
  ],
});

describe('a payload', () => {
  it('makes each form from the other once, and keeps it', () => {
    const made = payloadFromData({ signal: 'logs', data: logs('a') });
    expect(made.bytes()).toBe(made.bytes());
    const read = payloadFromBytes('logs', made.bytes());
    expect(read.decoded()).toEqual({ signal: 'logs', data: logs('a') });
    expect(read.decoded()).toBe(read.decoded());
  });

  it('is merged by joining bytes', () => {
    const parts = [logs('a', 'b'), logs('c')].map((data) => payloadFromData({ signal: 'logs', data }));
    expect(mergePayloads(parts).decoded().data).toEqual({
      resourceLogs: [...logs('a', 'b').resourceLogs, ...logs('c').resourceLogs],
    });
  });

  it('of another signal cannot be merged, and what is no OTLP cannot be decoded', () => {
    const one = payloadFromData({ signal: 'logs', data: logs('a') });
    const other = payloadFromBytes('traces', new Uint8Array([0xff]));
    expect(() => mergePayloads([one, other])).toThrow('cannot merge traces into logs');
    expect(() => other.decoded()).toThrow('payload is no OTLP');
  });
});
