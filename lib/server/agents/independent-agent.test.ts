import { createOpAMPClient, RemoteConfigStatuses } from '@elastic/opamp-client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineId } from '@/lib/model/engine';
import { agentCapabilities } from '@/lib/opamp/capabilities';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import { startTestServer, type TestServer, until } from '../testing/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

describe('an agent that others wrote', () => {
  it('joins, takes what is wished of it, and its status comes back', async () => {
    const id = 'elastic' as EngineId;
    const offers: string[] = [];
    const client = createOpAMPClient({
      endpoint: `${server.url}/v1/opamp`,
      heartbeatIntervalSeconds: 0.1,
      capabilities: agentCapabilities(['AcceptsRemoteConfig', 'ReportsRemoteConfig']),
      onMessage({ remoteConfig }) {
        const file = remoteConfig?.config?.configMap['weir.json'];
        if (!remoteConfig || !file) return;
        offers.push(Buffer.from(file.body).toString());
        client.setRemoteConfigStatus({
          lastRemoteConfigHash: remoteConfig.configHash,
          status: RemoteConfigStatuses.RemoteConfigStatuses_APPLIED,
        });
      },
    });
    client.setAgentDescription({ identifyingAttributes: { 'service.name': 'elastic' } });
    client.start();
    try {
      await until(() => server.hub.directory.isAgentConnected(id));
      server.hub.steering.setTracing(id, { mode: 'none', tailSampling: DEFAULT_TAIL_SAMPLING });
      await until(() => server.hub.steering.stateOf(id).status === 'applied', 20_000);
    } finally {
      await client.shutdown();
    }
    expect(offers).toHaveLength(1);
    expect(JSON.parse(offers[0] ?? '')).toMatchObject({ revision: 1, tracing: { mode: 'none' } });
    await until(() => !server.hub.directory.isAgentConnected(id));
  });
});
