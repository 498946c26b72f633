import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineId } from '@/lib/model/engine';
import { agentCapabilities } from '@/lib/opamp/capabilities';
import { frame, unframe } from '@/lib/opamp/framing';
import {
  type AgentMessageInit,
  decodeServerToAgent,
  encodeAgentToServer,
  keyValues,
} from '@/lib/opamp/messages';
import { RemoteConfigStatuses, type ServerToAgent } from '@/lib/opamp/opamp_pb';
import { readDesiredState } from '@/lib/opamp/remote-config-message';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import { startTestServer, type TestServer, until } from '../testing/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

const TAKES = agentCapabilities(['ReportsStatus', 'AcceptsRemoteConfig', 'ReportsEffectiveConfig']);

function describeAgent(service: string, instance: string): AgentMessageInit {
  const identifyingAttributes = keyValues({ 'service.name': service, 'service.instance.id': instance });
  return { agentDescription: { identifyingAttributes }, capabilities: TAKES };
}

/** An agent by hand: says what it is told to, and keeps what comes. */
async function connectAgent(uid: number) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/opamp`);
  const received: ServerToAgent[] = [];
  let sequence = -1n;
  socket.on('message', (data: Buffer) => {
    const message = unframe(data);
    const decoded = message.ok ? decodeServerToAgent(message.value) : message;
    if (!decoded.ok) throw new Error(decoded.error);
    received.push(decoded.value);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    socket,
    received,
    async say(fields: AgentMessageInit) {
      const before = received.length;
      sequence++;
      const instanceUid = new Uint8Array(16).fill(uid);
      socket.send(frame(encodeAgentToServer({ ...fields, instanceUid, sequenceNum: sequence })));
      await until(() => received.length > before);
      return received[before] as ServerToAgent;
    },
  };
}

function offered(message: ServerToAgent | undefined) {
  if (!message?.remoteConfig) return null;
  const state = readDesiredState(message.remoteConfig);
  if (!state.ok) throw new Error(state.error);
  return state.value;
}

const FULL = { mode: 'full', tailSampling: DEFAULT_TAIL_SAMPLING } as const;

describe('the OpAMP server', () => {
  it('asks an agent that it knows nothing of for its full state', async () => {
    const agent = await connectAgent(1);
    expect((await agent.say({ capabilities: TAKES })).flags).toBe(1n);
    expect((await agent.say(describeAgent('asked', 'a'))).flags).toBe(0n);
    agent.socket.close();
  });

  it('pushes a setting at once, and follows its status from pending to applied', async () => {
    const agent = await connectAgent(2);
    await agent.say(describeAgent('steered', 'a'));
    const id = 'steered' as EngineId;
    expect(server.hub.directory.isAgentConnected(id)).toBe(true);
    const revision = server.hub.steering.setTracing(id, FULL);
    const status = () => server.hub.directory.list().find((one) => one.id === id)?.remoteConfig?.status;
    expect(status()).toBe('pending');
    await until(() => agent.received.length > 1);
    const message = agent.received[1];
    expect(offered(message)).toMatchObject({ revision, tracing: { mode: 'full' } });
    const lastRemoteConfigHash = message?.remoteConfig?.configHash ?? new Uint8Array(0);
    const say = (status: RemoteConfigStatuses) =>
      agent.say({ remoteConfigStatus: { lastRemoteConfigHash, status, errorMessage: '' } });
    await say(RemoteConfigStatuses.RemoteConfigStatuses_APPLYING);
    expect(status()).toBe('applying');
    await say(RemoteConfigStatuses.RemoteConfigStatuses_APPLIED);
    expect(status()).toBe('applied');
    expect(server.hub.directory.list().find((one) => one.id === id)?.tracing?.mode).toBe('full');
    agent.socket.close();
    await until(() => !server.hub.directory.isConnected(id));
  });

  it('keeps apart what failed: its acts fail with the engine’s words and the next wish goes without it', async () => {
    const agent = await connectAgent(3);
    await agent.say(describeAgent('refusing', 'a'));
    const id = 'refusing' as EngineId;
    const request = { engine: id, target: 'exp', action: 'config_update', config: { delayMs: -1 } } as const;
    const issued = server.hub.steering.order(request, id, { delayMs: 5 });
    if (!issued.ok) throw new Error(issued.error);
    expect(issued.value.summary).toBe('config.delayMs 5 → -1');
    await until(() => agent.received.length > 1);
    const lastRemoteConfigHash = agent.received[1]?.remoteConfig?.configHash ?? new Uint8Array(0);
    const status = RemoteConfigStatuses.RemoteConfigStatuses_FAILED;
    await agent.say({ remoteConfigStatus: { lastRemoteConfigHash, status, errorMessage: 'below 0' } });
    expect(issued.value).toMatchObject({ outcome: 'failed', message: 'below 0' });
    server.hub.steering.setTracing(id, FULL);
    await until(() => agent.received.some((message) => offered(message)?.revision === 2));
    expect(offered(agent.received.at(-1))).toMatchObject({ revision: 2, nodes: {}, actions: [] });
    agent.socket.close();
  });

  it('tells a restarted engine again what is wished of it, on the same page', async () => {
    const first = await connectAgent(4);
    await first.say(describeAgent('phoenix', 'a'));
    const id = 'phoenix' as EngineId;
    server.hub.steering.setTracing(id, FULL);
    first.socket.terminate();
    await until(() => !server.hub.directory.isConnected(id));
    const second = await connectAgent(5);
    const answer = await second.say(describeAgent('phoenix', 'b'));
    expect(offered(answer)).toMatchObject({ revision: 1, tracing: { mode: 'full' } });
    const info = server.hub.directory.list().find((one) => one.id === id);
    expect(info).toMatchObject({ incarnation: 2, instance: 'b', connected: true });
    second.socket.close();
  });

  it('adopts what an engine runs when the server knows less, and sends nothing', async () => {
    const agent = await connectAgent(6);
    const running = {
      revision: 9,
      tracing: FULL,
      nodes: { exp: { concurrency: 4 } },
      channels: {},
      actions: [],
    };
    const body = new TextEncoder().encode(JSON.stringify(running));
    const configMap = { configMap: { 'weir.json': { body, contentType: 'application/json' } } };
    const answer = await agent.say({ ...describeAgent('elder', 'a'), effectiveConfig: { configMap } });
    expect(answer.remoteConfig).toBeUndefined();
    const id = 'elder' as EngineId;
    expect(server.hub.steering.stateOf(id).state).toMatchObject({
      revision: 9,
      nodes: { exp: { concurrency: 4 } },
    });
    expect(server.hub.steering.setTracing(id, FULL)).toBe(10);
    agent.socket.close();
  });

  it('serves an agent that polls over plain HTTP', async () => {
    const poll = async (sequenceNum: bigint, fields: AgentMessageInit) => {
      const body = encodeAgentToServer({ ...fields, instanceUid: new Uint8Array(16).fill(7), sequenceNum });
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await fetch(`${server.url}/v1/opamp`, {
        method: 'POST',
        headers,
        body: Buffer.from(body),
      });
      expect(answer.status).toBe(200);
      const decoded = decodeServerToAgent(new Uint8Array(await answer.arrayBuffer()));
      if (!decoded.ok) throw new Error(decoded.error);
      return decoded.value;
    };
    await poll(0n, describeAgent('poller', 'a'));
    server.hub.steering.setTracing('poller' as EngineId, FULL);
    expect(offered(await poll(1n, {}))).toMatchObject({ revision: 1 });
    expect(offered(await poll(2n, {}))).toBeNull();
    expect((await poll(5n, {})).flags).toBe(1n);
  });

  it('answers what is no OpAMP with an error, and goes on', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${server.url}/v1/opamp`, { method: 'POST', headers, body: 'nonsense' });
    expect(answer.status).toBe(400);
    const decoded = decodeServerToAgent(new Uint8Array(await answer.arrayBuffer()));
    expect(decoded.ok && decoded.value.errorResponse?.errorMessage).toBeTruthy();
  });
});
