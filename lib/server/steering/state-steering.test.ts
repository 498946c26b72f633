import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ControlActionRow } from '@/lib/api/control';
import { levelPatch } from '@/lib/dialects/otap-steering';
import type { EngineId } from '@/lib/model/engine';
import {
  configFor,
  controlActionsFor,
  postControlAction,
  putConfig,
  putTracingSettings,
  undoControlAction,
} from '../answers/steering-answers';
import { connectOtapAgent, type OtapAgent, type OtapAgentOptions } from '../testing/otap-agent';
import { startTestServer, type TestServer, until } from '../testing/test-server';

const ID = 'otap-edge' as EngineId;
const SECRET = 'of-mine';
let STATE = '';
beforeAll(() => {
  const file = new URL('../../dialects/fixtures/otap-steering.yaml', import.meta.url);
  // Numbers that a double cannot hold, and spaces: what is sent back has them as they were.
  STATE = JSON.stringify({ ...parse(readFileSync(file, 'utf8')), big: 0 }, null, 1).replace(
    '"big": 0',
    '"big": 18446744073709551615',
  );
});

let server: TestServer;
let agents: OtapAgent[] = [];
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  for (const agent of agents) agent.socket.terminate();
  agents = [];
  await server.hub.close();
});

async function connect(options: Partial<OtapAgentOptions> = {}): Promise<OtapAgent> {
  const agent = await connectOtapAgent({ url: server.url, state: STATE, ...options });
  agents.push(agent);
  await until(() => server.hub.directory.isAgentConnected(ID));
  return agent;
}

const engine = () => server.hub.directory.list().find(({ id }) => id === ID);
const base = () => engine()?.configHash ?? '';
const trail = (): readonly ControlActionRow[] => {
  const answer = controlActionsFor(server.hub, { engine: ID, limit: 100 });
  return answer.ok ? answer.value.actions : [];
};
const toLevel = (level: 'none' | 'basic', from = base()) =>
  putConfig(server.hub, ID, { base: from, patch: levelPatch(JSON.parse(STATE), ['default/main'], level) });
const settled = (status: string) => until(() => engine()?.remoteConfig?.status === status);

describe('an engine that takes its whole configuration', () => {
  it('is sent its own state with the one change in it, every other byte as it was', async () => {
    const agent = await connect();
    expect(engine()?.control).toEqual({
      kind: 'state',
      levels: [
        { pipeline: 'default/main', level: 'detailed' },
        { pipeline: 'default/side', level: 'basic' },
      ],
    });
    expect(toLevel('basic')).toMatchObject({ ok: true, value: { revision: 1 } });
    await settled('applied');
    expect(agent.offers).toEqual([STATE.replace('"detailed"', '"basic"')]);
    expect(engine()?.control).toMatchObject({ levels: [{ level: 'basic' }, { level: 'basic' }] });
    expect(trail()).toMatchObject([
      {
        action: 'config_update',
        target: 'pipeline',
        origin: 'operator',
        outcome: 'applied',
        summary: 'policies.telemetry.runtime_metrics detailed → basic',
        revision: 1,
        undoable: true,
        affected: null,
      },
    ]);
  });

  it('shows no credential in any answer, and sends back every one', async () => {
    const agent = await connect({
      refuses: (body) => (body.includes('"none"') ? `bad header "Bearer ${SECRET}"` : null),
    });
    toLevel('none');
    await settled('failed');
    const { hub } = server;
    const shown = [hub.directory.list(), configFor(hub, ID), trail(), mapOf()];
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(engine()?.remoteConfig).toEqual({
      revision: 1,
      status: 'failed',
      error: 'bad header "[redacted]"',
    });
    expect(agent.offers[0]?.split(SECRET)).toHaveLength(STATE.split(SECRET).length);
  });

  const mapOf = () =>
    server.hub.analysis.topology({ engine: ID, pipeline: null, window: '10s', atUnixNano: null });

  it('keeps running as before where it refuses, which stands in the trail and can be put back', async () => {
    const agent = await connect({ refuses: (body) => (body.includes('"none"') ? 'unknown level' : null) });
    toLevel('basic');
    await settled('applied');
    toLevel('none');
    await settled('failed');
    const [refused, applied] = trail();
    expect(refused).toMatchObject({ outcome: 'failed', message: 'unknown level', undoable: true });
    expect(applied).toMatchObject({ outcome: 'applied', undoable: true });
    // What runs is sent once more, so that nothing refused stays wished.
    expect(undoControlAction(server.hub, refused?.id ?? '').ok).toBe(true);
    await settled('applied');
    expect(agent.offers[2]).toBe(agent.offers[0]);
    expect(undoControlAction(server.hub, applied?.id ?? '').ok).toBe(true);
    await until(() => agent.offers.length === 4);
    await settled('applied');
    expect(agent.offers[3]).toBe(STATE);
    expect(trail()[0]?.summary).toContain('undo: policies.telemetry.runtime_metrics');
  });

  it('refuses what was made for another configuration than runs', async () => {
    const agent = await connect();
    const old = base();
    agent.moveTo(STATE.replace('"client_pool_size": 2', '"client_pool_size": 3'));
    await until(() => base() !== old);
    expect(toLevel('basic', old)).toMatchObject({ ok: false, error: { status: 409, code: 'moved_on' } });
    expect(agent.offers).toEqual([]);
  });

  it('refuses what would cut the engine off, what is redacted, what changes nothing, and a second change at once', async () => {
    const agent = await connect({ hangs: true });
    const put = (patch: Readonly<Record<string, unknown>>) =>
      putConfig(server.hub, ID, { base: base(), patch });
    expect(put({ engine: null })).toMatchObject({
      ok: false,
      error: { status: 409, code: 'cuts_itself_off' },
    });
    expect(put({ note: '[redacted]' })).toMatchObject({
      ok: false,
      error: { status: 400, code: 'bad_request' },
    });
    expect(put({ version: 'otel_dataflow/v1' })).toMatchObject({
      ok: false,
      error: { code: 'nothing_to_change' },
    });
    expect(toLevel('basic').ok).toBe(true);
    expect(toLevel('none')).toMatchObject({ ok: false, error: { status: 409, code: 'in_flight' } });
    await settled('applying');
    expect(agent.offers).toHaveLength(1);
  });

  it('takes changes of one node and of a capacity as control actions, and no acts', async () => {
    const agent = await connect();
    const order = (rest: object) =>
      postControlAction(server.hub, {
        engine: ID,
        target: 'out@default/main',
        action: 'config_update',
        ...rest,
      });
    expect(order({ config: { client_pool_size: 8 }, base: base() }).ok).toBe(true);
    await settled('applied');
    expect(agent.offers[0]).toBe(STATE.replace('"client_pool_size": 2', '"client_pool_size": 8'));
    expect(order({ target: 'pdata:out@default/main', capacity: 64 }).ok).toBe(true);
    await until(() => agent.offers.length === 2);
    await settled('applied');
    expect(JSON.parse(agent.offers[1] ?? '')).toMatchObject({
      groups: { default: { pipelines: { main: { policies: { channel_capacity: { pdata: 64 } } } } } },
    });
    expect(trail().map(({ target, summary }) => [target, summary])).toEqual([
      ['pdata:out@default/main', 'policies.channel_capacity.pdata 32 → 64'],
      ['out@default/main', 'config.client_pool_size 2 → 8'],
    ]);
    expect(order({ action: 'restart' })).toMatchObject({ ok: false, error: { status: 400 } });
    const tracing = putTracingSettings(server.hub, ID, {
      mode: 'full',
      tailSampling: { policies: [], maxWaitMs: 1_000 },
    });
    expect(tracing).toMatchObject({ ok: false, error: { status: 409, code: 'takes_no_config' } });
  });

  it('is offered again what a cut connection kept from it, while it runs what that was made for', async () => {
    const first = await connect({ hangs: true });
    first.socket.terminate();
    await until(() => !server.hub.directory.isAgentConnected(ID));
    expect(toLevel('basic')).toMatchObject({ ok: false, error: { status: 409, code: 'not_connected' } });
    const second = await connect({ hangs: true });
    expect(toLevel('basic').ok).toBe(true);
    await settled('applying');
    second.socket.terminate();
    await until(() => !server.hub.directory.isAgentConnected(ID));
    expect(engine()).toMatchObject({ connected: false, remoteConfig: { status: 'applying' } });
    const third = await connect();
    await settled('applied');
    expect(third.offers).toEqual([STATE.replace('"detailed"', '"basic"')]);
  });

  it('tells a server that was restarted what runs, and what it thought of the last change', async () => {
    const agent = await connect({ refuses: () => 'not today' });
    toLevel('basic');
    await settled('failed');
    const lastRemoteConfigHash = agent.received.find(({ remoteConfig }) => remoteConfig)?.remoteConfig
      ?.configHash;
    await server.hub.close();
    server = await startTestServer();
    const again = await connect();
    again.say({
      remoteConfigStatus: {
        lastRemoteConfigHash: lastRemoteConfigHash ?? new Uint8Array(1),
        status: 3,
        errorMessage: 'not today',
      },
    });
    await settled('failed');
    expect(engine()).toMatchObject({ connected: true, remoteConfig: { revision: 0, error: 'not today' } });
    expect(toLevel('basic').ok).toBe(true);
    await settled('applied');
  });
});

describe('a Collector that only reports', () => {
  it('is not offered anything, and why is said', async () => {
    const collector = await connectOtapAgent({
      url: server.url,
      service: 'edge-collector',
      state: 'receivers: {otlp: {}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: []}}}',
    });
    agents.push(collector);
    const id = 'edge-collector' as EngineId;
    await until(() => server.hub.directory.isAgentConnected(id));
    const info = server.hub.directory.list().find((one) => one.id === id);
    expect(info).toMatchObject({ control: { kind: 'none' }, remoteConfig: null, tracing: null });
    const put = putConfig(server.hub, id, { base: info?.configHash ?? '', patch: { a: 1 } });
    expect(put).toMatchObject({ ok: false, error: { status: 409, code: 'takes_no_config' } });
  });
});
