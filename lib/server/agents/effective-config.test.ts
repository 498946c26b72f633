import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineId } from '@/lib/model/engine';
import { encodeAgentToServer, keyValues } from '@/lib/opamp/messages';
import { startTestServer, type TestServer } from '../testing/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

const CONFIG = `
receivers: {otlp: {}}
processors: {batch: {}}
exporters: {otlp_http/primary: {headers: {authorization: Bearer hush-hush}, sending_queue: {queue_size: 40}}}
service: {pipelines: {traces: {receivers: [otlp], processors: [batch], exporters: [otlp_http/primary]}}}
`;

async function report(service: string, uid: number, sequence: number, body: string): Promise<void> {
  const message = encodeAgentToServer({
    instanceUid: new Uint8Array(16).fill(uid),
    sequenceNum: BigInt(sequence),
    capabilities: 7n,
    agentDescription: { identifyingAttributes: keyValues({ 'service.name': service }) },
    effectiveConfig: {
      configMap: { configMap: { '': { body: Buffer.from(body), contentType: 'text/yaml' } } },
    },
  });
  const answer = await fetch(`${server.url}/v1/opamp`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(message),
  });
  expect(answer.status).toBe(200);
}

const mapOf = (service: string) =>
  server.hub.analysis.topology({
    engine: service as EngineId,
    pipeline: null,
    window: '10s',
    atUnixNano: null,
  });

describe('an effective configuration that an agent reports', () => {
  it('is the map from then on, with a new revision where it changed, and no credential in it', async () => {
    await report('edge', 1, 0, CONFIG);
    const first = mapOf('edge');
    expect(first.nodes.map(({ id }) => id)).toEqual(['batch@traces', 'otlp', 'otlp_http/primary']);
    expect(first.edges.map(({ from, to, provenance }) => [from, to, provenance])).toEqual([
      ['batch@traces', 'otlp_http/primary', 'declared'],
      ['otlp', 'batch@traces', 'declared'],
    ]);
    expect(JSON.stringify(first)).not.toContain('hush-hush');
    await report('edge', 1, 1, CONFIG);
    expect(mapOf('edge').revision).toBe(first.revision);
    await report('edge', 1, 2, CONFIG.replace('processors: [batch], ', ''));
    const next = mapOf('edge');
    expect(next.revision).toBeGreaterThan(first.revision);
    expect(next.edges.map(({ from, to }) => [from, to])).toEqual([['otlp', 'otlp_http/primary']]);
  });

  it('that cannot be read says so in what is missing, and nothing else changes', async () => {
    await report('broken', 2, 0, '{"exporters": {"token": "hush-hush"');
    const { missing } = server.hub.analysis.describe('broken' as EngineId);
    expect(missing.map(({ how }) => how).join()).toContain('neither JSON nor YAML');
    expect(JSON.stringify(missing)).not.toContain('hush-hush');
    expect(mapOf('edge').nodes.length).toBeGreaterThan(0);
  });
});
