import { request } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import type { OpampEndpoint } from './agent-listener';
import { startAgentListener } from './agent-listener';
import { createOtlpEndpoint } from './otlp-endpoint';
import { createPressure } from './pressure';
import { createRequestLedger } from './request-ledger';

const noOpamp: OpampEndpoint = {
  handle: async () => undefined,
  upgrade: () => undefined,
  close: () => undefined,
};

describe('pressure', () => {
  it('lets one request in whatever its size, and others within the limit', () => {
    const pressure = createPressure(100);
    expect(pressure.reserve(500)).toBe(true);
    expect(pressure.reserve(1)).toBe(false);
    pressure.release(500);
    expect(pressure.reserve(60)).toBe(true);
    expect(pressure.reserve(40)).toBe(true);
    expect(pressure.reserve(1)).toBe(false);
    expect(pressure.bytesInFlight).toBe(100);
  });

  it('refuses with 503 and Retry-After before the body is read, and counts it', async () => {
    const requests = createRequestLedger();
    const pressure = createPressure(10);
    pressure.reserve(10);
    const took = { append: () => ({ ok: true, received: 0, rejected: 0, message: '' }) as const };
    const endpoint = createOtlpEndpoint(took, pressure, requests, () => 7);
    const listener = await startAgentListener({ host: '127.0.0.1', port: 0 }, endpoint, noOpamp);
    if (!listener.ok) throw new Error(listener.error);
    afterAll(() => listener.value.close());
    const answer = await new Promise<{ status: number | undefined; retry: string | undefined }>((resolve) => {
      const headers = { 'content-type': 'application/x-protobuf', 'content-length': 1_000_000 };
      const sent = request(
        `http://127.0.0.1:${listener.value.port}/v1/traces`,
        { method: 'POST', headers },
        (got) => resolve({ status: got.statusCode, retry: got.headers['retry-after'] }),
      );
      sent.on('error', () => undefined);
      sent.flushHeaders();
    });
    expect(answer).toEqual({ status: 503, retry: '1' });
    expect(requests).toMatchObject({ refused: 1, accepted: 0, rejected: 0, lastRefusedMs: 7 });
  });
});
