import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { countItems } from './count-items';
import { decodeTraces } from './decode-traces';
import { encodeTraces } from './encode-traces';
import {
  decodeExportResponse,
  encodeExportResponse,
  exportResponseFromJson,
  exportResponseToJson,
} from './export-response';
import { MAX_VALUE_DEPTH } from './malformed';
import { decodeRpcStatus, encodeRpcStatus, RPC_CODE, rpcStatusToJson } from './rpc-status';
import { oracle } from './testing/oracle';
import type { AnyValue } from './types';

const { root } = protobuf.parse(`
syntax = "proto3";
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
message Any { string type_url = 1; bytes value = 2; }
message RetryInfo { Duration retry_delay = 1; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message Response { Partial partial_success = 1; }
message Partial { int64 rejected = 1; string error_message = 2; }
`);

describe('export responses', () => {
  it('are empty on full success', () => {
    expect(encodeExportResponse('traces', null)).toHaveLength(0);
    expect(exportResponseToJson('traces', null)).toEqual({});
    expect(decodeExportResponse('logs', new Uint8Array(0))).toEqual({ ok: true, value: null });
  });

  it.each(['traces', 'logs', 'metrics'] as const)('tell %s how many were rejected and why', (signal) => {
    const partial = { rejected: 3, errorMessage: 'bad ids' };
    const bytes = encodeExportResponse(signal, partial);
    const theirs = root.lookupType('Response').decode(bytes).toJSON();
    expect(theirs).toEqual({ partialSuccess: { rejected: '3', errorMessage: 'bad ids' } });
    expect(decodeExportResponse(signal, bytes)).toEqual({ ok: true, value: partial });
    expect(exportResponseFromJson(signal, exportResponseToJson(signal, partial))).toEqual({
      ok: true,
      value: partial,
    });
  });

  it('name the rejected items as the signal does in JSON', () => {
    const partial = { rejected: 1, errorMessage: '' };
    expect(exportResponseToJson('traces', partial)).toEqual({ partialSuccess: { rejectedSpans: '1' } });
    expect(exportResponseToJson('logs', partial)).toEqual({ partialSuccess: { rejectedLogRecords: '1' } });
    expect(exportResponseToJson('metrics', partial)).toEqual({ partialSuccess: { rejectedDataPoints: '1' } });
  });
});

describe('google.rpc.Status', () => {
  it('carries a code, a message and when to come again', () => {
    const status = { code: RPC_CODE.unavailable, message: 'busy', retryDelayMs: 1500 };
    const bytes = encodeRpcStatus(status);
    const theirs = root.lookupType('Status').decode(bytes).toJSON() as { details: { value: string }[] };
    expect(theirs).toMatchObject({ code: 14, message: 'busy' });
    const info = root.lookupType('RetryInfo').decode(Buffer.from(theirs.details[0]?.value ?? '', 'base64'));
    expect(info.toJSON()).toEqual({ retryDelay: { seconds: '1', nanos: 500000000 } });
    expect(decodeRpcStatus(bytes)).toEqual({ ok: true, value: { code: 14, message: 'busy' } });
    expect(rpcStatusToJson(status)).toMatchObject({ code: 14, details: [{ retryDelay: '1.5s' }] });
  });
});

describe('counting items', () => {
  it('counts spans and points without decoding', () => {
    const traces = oracle.traces.encode({
      resourceSpans: [{ scopeSpans: [{ spans: [{}, {}] }, { spans: [{}] }] }, { scopeSpans: [{}] }],
    });
    expect(countItems('traces', traces.finish())).toEqual({ ok: true, value: 3 });
    const metrics = oracle.metrics.encode({
      resourceMetrics: [
        {
          scopeMetrics: [
            { metrics: [{ sum: { dataPoints: [{}, {}] } }, { histogram: { dataPoints: [{}] } }, {}] },
          ],
        },
      ],
    });
    expect(countItems('metrics', metrics.finish())).toEqual({ ok: true, value: 3 });
    expect(countItems('logs', Uint8Array.of(0x0a, 9))).toMatchObject({ ok: false });
  });
});

describe('values from the wire', () => {
  it('are refused when nested too deep', () => {
    let value: AnyValue = { stringValue: 'bottom' };
    for (let i = 0; i <= MAX_VALUE_DEPTH; i++) value = { arrayValue: { values: [value] } };
    const resource = { attributes: [{ key: 'deep', value }], droppedAttributesCount: 0 };
    const bytes = encodeTraces({ resourceSpans: [{ resource, scopeSpans: [], schemaUrl: '' }] });
    expect(decodeTraces(bytes)).toMatchObject({ ok: false });
  });
});
