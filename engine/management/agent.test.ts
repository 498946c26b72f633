import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { err, ok, type Result } from '@/lib/base/result';
import { createSystemClock } from '@/lib/base/system-clock';
import { agentCapabilityNames } from '@/lib/opamp/capabilities';
import { frame, unframe } from '@/lib/opamp/framing';
import {
  decodeAgentToServer,
  encodeServerToAgent,
  type ServerMessageInit,
  textAttributes,
} from '@/lib/opamp/messages';
import { type AgentToServer, RemoteConfigStatuses } from '@/lib/opamp/opamp_pb';
import { type DesiredState, INITIAL_DESIRED_STATE, REMOTE_CONFIG_FILE } from '@/lib/opamp/remote-config';
import { desiredStateMessage } from '@/lib/opamp/remote-config-message';
import { type Agent, createAgent, type LateRefusal } from './agent';
import { createInstanceUid, uuidText } from './instance-uid';
import { opampUrl } from './websocket-link';

const { RemoteConfigStatuses_APPLIED: APPLIED } = RemoteConfigStatuses;
const { RemoteConfigStatuses_APPLYING: APPLYING, RemoteConfigStatuses_FAILED: FAILED } = RemoteConfigStatuses;
const uid = createInstanceUid(1_700_000_000_000);

class FakeServer {
  readonly messages: AgentToServer[] = [];
  private sockets: WebSocket[] = [];
  private constructor(
    private readonly server: WebSocketServer,
    readonly port: number,
  ) {
    server.on('connection', (socket, request) => {
      expect(request.url).toBe('/v1/opamp');
      this.sockets.push(socket);
      socket.on('message', (data: Buffer) => {
        const message = unframe(data);
        const decoded = message.ok ? decodeAgentToServer(message.value) : message;
        if (!decoded.ok) throw new Error(decoded.error);
        this.messages.push(decoded.value);
      });
    });
  }

  static open(port = 0): Promise<FakeServer> {
    return new Promise((resolve) => {
      const server = new WebSocketServer({ port, host: '127.0.0.1' }, () => {
        const address = server.address();
        resolve(new FakeServer(server, typeof address === 'object' && address ? address.port : 0));
      });
    });
  }

  send(message: ServerMessageInit): void {
    this.sendRaw(frame(encodeServerToAgent({ instanceUid: uid, ...message })));
  }

  sendRaw(bytes: Uint8Array): void {
    for (const socket of this.sockets) socket.send(bytes);
  }

  offer(state: DesiredState): void {
    this.send({ remoteConfig: desiredStateMessage(state) });
  }

  statuses(): RemoteConfigStatuses[] {
    return this.messages.flatMap(({ remoteConfigStatus }) =>
      remoteConfigStatus?.status ? [remoteConfigStatus.status] : [],
    );
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const running: { server?: FakeServer | undefined; agent?: Agent | undefined } = {};

afterEach(async () => {
  await running.agent?.stop();
  await running.server?.close();
  running.agent = undefined;
  running.server = undefined;
});

async function start(
  apply: (state: DesiredState) => Result<LateRefusal, string> = () => ok(Promise.resolve(null)),
) {
  const server = await FakeServer.open();
  const applied: DesiredState[] = [];
  let revision = 1;
  const engine = {
    identifying: { 'service.name': 'weir-engine', 'service.instance.id': uuidText(uid) },
    nonIdentifying: { 'host.name': 'here' },
    health: () => ({
      healthy: true,
      status: 'running',
      lastError: '',
      components: { batch: { healthy: true, status: 'running' } },
    }),
    revision: () => revision,
    effectiveConfig: () => Buffer.from(`revision: ${revision}`),
    apply(state: DesiredState) {
      applied.push(state);
      const result = apply(state);
      if (result.ok) revision++;
      return result;
    },
  };
  const agent = createAgent({
    serverUrl: `http://127.0.0.1:${server.port}`,
    instanceUid: uid,
    clock: createSystemClock(),
    engine,
    log: () => undefined,
  });
  running.server = server;
  running.agent = agent;
  await vi.waitFor(() => expect(server.messages.length).toBeGreaterThan(0));
  return { server, agent, applied };
}

describe('the engine as an OpAMP agent', () => {
  it('says who it is, how it is and what it runs as soon as it is connected', async () => {
    const { server } = await start();
    const [first] = server.messages;
    expect(first?.sequenceNum).toBe(0n);
    expect(textAttributes(first?.agentDescription?.identifyingAttributes ?? [])).toMatchObject({
      'service.name': 'weir-engine',
      'service.instance.id': uuidText(uid),
    });
    expect(textAttributes(first?.agentDescription?.nonIdentifyingAttributes ?? [])).toEqual({
      'host.name': 'here',
    });
    expect(first?.health).toMatchObject({ healthy: true, status: 'running' });
    expect(first?.health?.componentHealthMap.batch).toMatchObject({ healthy: true });
    expect(
      Buffer.from(first?.effectiveConfig?.configMap?.configMap['pipeline.yaml']?.body ?? []).toString(),
    ).toBe('revision: 1');
    expect(agentCapabilityNames(first?.capabilities ?? 0n)).toEqual(
      expect.arrayContaining([
        'AcceptsRemoteConfig',
        'ReportsEffectiveConfig',
        'ReportsHealth',
        'ReportsRemoteConfig',
      ]),
    );
  });

  it('applies the desired state and says so, with the configuration as it then is', async () => {
    const { server, applied } = await start();
    const state = { ...INITIAL_DESIRED_STATE, revision: 4 };
    server.offer(state);
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, APPLIED]));
    expect(applied).toEqual([state]);
    const last = server.messages.at(-1);
    expect(last?.remoteConfigStatus?.lastRemoteConfigHash).toEqual(desiredStateMessage(state).configHash);
    expect(last?.effectiveConfig).toBeDefined();
    expect(server.messages.map(({ sequenceNum }) => sequenceNum)).toEqual(
      server.messages.map((_, at) => BigInt(at)),
    );
  });

  it('does not apply the same bytes twice, and says again what came of them', async () => {
    const { server, applied } = await start();
    server.offer(INITIAL_DESIRED_STATE);
    server.offer(INITIAL_DESIRED_STATE);
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, APPLIED, APPLIED]));
    expect(applied).toHaveLength(1);
  });

  it('says why it refuses', async () => {
    const { server } = await start(() => err('nodes.batch.config.timeout_ms: too small'));
    server.offer(INITIAL_DESIRED_STATE);
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, FAILED]));
    expect(server.messages.at(-1)?.remoteConfigStatus?.errorMessage).toContain('too small');
  });

  it('takes back that it applied a state where a node then refuses its part, and runs on as before', async () => {
    const refusals = [Promise.resolve(null), Promise.resolve('out: cannot open the file')];
    const { server } = await start(() => ok(refusals.shift() ?? Promise.resolve(null)));
    const runs = () =>
      server.messages.flatMap(({ effectiveConfig }) => {
        const body = effectiveConfig?.configMap?.configMap[REMOTE_CONFIG_FILE]?.body;
        return body ? [JSON.parse(Buffer.from(body).toString()).revision] : [];
      });
    server.offer({ ...INITIAL_DESIRED_STATE, revision: 1 });
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, APPLIED]));
    server.offer({ ...INITIAL_DESIRED_STATE, revision: 2 });
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, APPLIED, APPLYING, APPLIED, FAILED]));
    expect(server.messages.at(-1)?.remoteConfigStatus?.errorMessage).toBe('out: cannot open the file');
    expect(runs()).toEqual([1, 2, 1]);
  });

  it('refuses what is no desired state without asking the engine', async () => {
    const { server, applied } = await start();
    server.offer({ ...INITIAL_DESIRED_STATE, revision: -1 });
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, FAILED]));
    expect(server.messages.at(-1)?.remoteConfigStatus?.errorMessage).toContain('revision');
    expect(applied).toEqual([]);
  });

  it('tells everything again when it is asked to', async () => {
    const { server } = await start();
    server.send({ flags: 1n });
    await vi.waitFor(() =>
      expect(server.messages.filter(({ agentDescription }) => agentDescription)).toHaveLength(2),
    );
  });

  it('takes a new identity', async () => {
    const { server } = await start();
    const other = new Uint8Array(16).fill(9);
    server.send({ agentIdentification: { newInstanceUid: other }, flags: 1n });
    await vi.waitFor(() => expect(server.messages.at(-1)?.instanceUid).toEqual(other));
  });

  it('lives through bad frames, and ignores what is for another', async () => {
    const { server, applied } = await start();
    server.sendRaw(Uint8Array.of(1, 2, 3));
    server.sendRaw(Uint8Array.of(0, 255, 255));
    server.send({
      instanceUid: new Uint8Array(16),
      remoteConfig: desiredStateMessage(INITIAL_DESIRED_STATE),
    });
    server.offer({ ...INITIAL_DESIRED_STATE, revision: 2 });
    await vi.waitFor(() => expect(server.statuses()).toEqual([APPLYING, APPLIED]));
    expect(applied.map(({ revision }) => revision)).toEqual([2]);
  });

  it('comes back within a second when the server does, and tells everything again', async () => {
    const { server, agent } = await start();
    await server.close();
    await vi.waitFor(() => expect(agent.connected).toBe(false));
    const again = await FakeServer.open(server.port);
    running.server = again;
    await vi.waitFor(() => expect(again.messages.length).toBeGreaterThan(0), { timeout: 1_000 });
    expect(again.messages[0]?.agentDescription).toBeDefined();
    expect(again.messages[0]?.instanceUid).toEqual(uid);
  });

  it('says good-bye', async () => {
    const { server, agent } = await start();
    await agent.stop();
    await vi.waitFor(() => expect(server.messages.at(-1)?.agentDisconnect).toBeDefined());
  });
});

describe('identity and address', () => {
  it('is a UUID of version 7', () => {
    expect(uuidText(uid)).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['http://127.0.0.1:4318', 'ws://127.0.0.1:4318/v1/opamp'],
    ['https://weir.example/base/', 'wss://weir.example/base/v1/opamp'],
  ])('%s → %s', (server, socket) => {
    expect(opampUrl(server)).toBe(socket);
  });
});
