import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineId } from '@/lib/model/engine';
import { frame, unframe } from '@/lib/opamp/framing';
import { decodeServerToAgent } from '@/lib/opamp/messages';
import { configFor } from '../answers/steering-answers';
import { connectOtapAgent } from '../testing/otap-agent';
import { startTestServer, type TestServer, until } from '../testing/test-server';
import { MAX_MESSAGE_BYTES } from './opamp-endpoint';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.hub.close());

const STATE =
  '{"groups":{"g":{"pipelines":{"p":{"nodes":{"in":{"type":"receiver:otlp"}},"connections":[]}}}}}';
const problems = () => server.hub.directory.fleet().agents.problems;
const infoOf = (id: string) => server.hub.directory.list().find((engine) => engine.id === id);
const missingOf = (id: string) =>
  infoOf(id)
    ?.missing.map(({ how }) => how)
    .join(' ') ?? '';
let uid = 100;

async function agentOf(service: string, state = STATE) {
  uid++;
  const agent = await connectOtapAgent({ url: server.url, service, state, uid });
  await until(() => server.hub.directory.isAgentConnected(service as EngineId));
  return agent;
}

function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

describe('what agents send that cannot be taken', () => {
  it('is answered with an error and named by who sent it, and the connection goes on', async () => {
    const agent = await agentOf('babbler');
    const errors = () => agent.received.filter(({ errorResponse }) => errorResponse?.errorMessage).length;
    agent.socket.send(Buffer.from([0, 0xff, 0xff, 0xff]));
    agent.socket.send(Buffer.from([7]));
    agent.socket.send(Buffer.alloc(0));
    await until(() => errors() === 3);
    expect(infoOf('babbler')?.agent?.problem?.message).toMatch(/empty frame/);
    expect(problems().filter((one) => one.agent.startsWith('babbler ('))).toHaveLength(3);
    const before = agent.received.length;
    agent.say({});
    await until(() => agent.received.length > before);
    expect([agent.received.at(-1)?.errorResponse, errors()]).toEqual([undefined, 3]);
    agent.socket.terminate();
  });

  it('before an identity is named by where it came from', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/opamp`);
    await new Promise((resolve) => socket.once('open', resolve));
    const answer = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)));
    // A message with a sequence number and nobody's instance_uid.
    socket.send(frame(Uint8Array.from([0x10, 0x01])));
    const message = unframe(await answer);
    const decoded = message.ok ? decodeServerToAgent(message.value) : message;
    expect(decoded.ok && decoded.value.errorResponse?.errorMessage).toMatch(/instance_uid has 0 bytes/);
    expect(problems()[0]).toMatchObject({ agent: expect.stringMatching(/^an agent at 127\.0\.0\.1:/) });
    socket.terminate();
  });

  it('in a frame that is too large closes its connection alone, and says whose it was', async () => {
    const [loud, quiet] = [await agentOf('loud'), await agentOf('quiet')];
    const gone = closed(loud.socket);
    loud.socket.send(Buffer.alloc(MAX_MESSAGE_BYTES + 1));
    expect(await gone).toBe(1009);
    await until(() => !server.hub.directory.isAgentConnected('loud' as EngineId));
    expect(problems()[0]).toMatchObject({ agent: expect.stringMatching(/^loud \(/) });
    expect(problems()[0]?.message).toContain('larger than 16 MiB');
    expect(server.hub.directory.isAgentConnected('quiet' as EngineId)).toBe(true);
    quiet.socket.terminate();
  });

  it('in a malformed frame closes its connection with the protocol’s own code', async () => {
    const raw = connect(server.hub.agentPort, '127.0.0.1');
    const head = [
      'GET /v1/opamp HTTP/1.1',
      'Host: 127.0.0.1',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const bytes: Buffer[] = [];
    raw.on('data', (data) => bytes.push(data));
    const ended = new Promise((resolve) => raw.once('close', resolve));
    raw.write(`${head.join('\r\n')}\r\n\r\n`);
    await until(() => Buffer.concat(bytes).includes('101 Switching'));
    // A reserved opcode, unmasked.
    raw.write(Buffer.from([0x8b, 0x01, 0x00]));
    await ended;
    expect(problems()[0]?.message).toMatch(/malformed WebSocket frame/);
  });
});

describe('effective configurations that cannot be drawn', () => {
  it('of 10 MB are known by their size and not held, and their agent is named', async () => {
    const big = `{"groups":{},"pad":"${'x'.repeat(10_000_000)}"}`;
    const agent = await agentOf('huge', big);
    await until(() => missingOf('huge').includes('MiB'));
    expect(missingOf('huge')).toContain('9.5 MiB');
    expect(infoOf('huge')).toMatchObject({ connected: true, control: { kind: 'none' } });
    expect(problems().some((one) => one.agent.startsWith('huge (') && one.message.includes('9.5 MiB'))).toBe(
      true,
    );
    expect(server.hub.directory.fleet().agents.configBytes).toBeLessThan(1_000_000);
    agent.moveTo(STATE);
    await until(() => infoOf('huge')?.control.kind === 'state');
    expect(missingOf('huge')).not.toContain('MiB');
    agent.socket.terminate();
  });

  it('say why where they do not parse, with nothing of their text', async () => {
    const agent = await agentOf('torn', '{"groups": {"token": "hunter2"');
    expect(missingOf('torn')).toContain('neither JSON nor YAML');
    expect(JSON.stringify(server.hub.directory.list())).not.toContain('hunter2');
    agent.socket.terminate();
  });

  it('with cycles, unknown kinds and nodes that nothing knows are drawn as far as they say', async () => {
    const nodes = {
      a: { type: 'receiver:otlp', config: {} },
      b: { type: 'processor:unheard_of', config: { token: 'hunter2' } },
      c: { type: 'nonsense', config: 7 },
    };
    const connections = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'b' },
      { from: 'c["x"]', to: 'nobody' },
      { from: 5, to: [null] },
    ];
    const agent = await agentOf(
      'odd',
      JSON.stringify({ groups: { g: { pipelines: { p: { nodes, connections } } } } }),
    );
    const map = server.hub.analysis.topology({
      engine: 'odd' as EngineId,
      pipeline: null,
      window: '10s',
      atUnixNano: null,
    });
    expect(map.nodes.map(({ id }) => id).sort()).toEqual(['a@g/p', 'b@g/p', 'c@g/p']);
    expect(map.edges.map(({ from, to }) => `${from}>${to}`).sort()).toEqual([
      'a@g/p>b@g/p',
      'b@g/p>c@g/p',
      'c@g/p>b@g/p',
    ]);
    expect(missingOf('odd')).toContain('names a node that is not there');
    expect(JSON.stringify(map)).not.toContain('hunter2');
    agent.socket.terminate();
  });

  it('that hold themselves, as aliases of YAML can, are not drawn, and shown up to there', async () => {
    const text =
      'receivers: {otlp: &a {again: *a, token: hunter2}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: []}}}';
    const agent = await agentOf('circle', text);
    expect(missingOf('circle')).toContain('stands inside of what it names');
    const shown = configFor(server.hub, 'circle');
    expect(shown.ok && shown.value.files[0]?.body).toContain('[circular]');
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    agent.socket.terminate();
  });

  it('with more nodes than are drawn say that the rest is not', async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 10_001 }, (_, n) => [`n${n}`, { type: 'processor:x' }]),
    );
    const agent = await agentOf('wide', JSON.stringify({ groups: { g: { pipelines: { p: { nodes } } } } }));
    expect(missingOf('wide')).toContain('more than 10000 nodes');
    agent.socket.terminate();
  });
});

describe('two connections with one identity', () => {
  it('the older keeps it while it answers; the newer takes another one, and both are listed', async () => {
    const first = await agentOf('twin');
    const second = await connectOtapAgent({ url: server.url, service: 'twin', state: STATE, uid });
    await until(() => second.received.some(({ agentIdentification }) => agentIdentification));
    await until(
      () =>
        server.hub.directory.list().filter(({ service, connected }) => service === 'twin' && connected)
          .length === 2,
    );
    expect(infoOf('twin')?.agent?.conflict).toMatch(/another agent claims its identity/);
    expect(server.hub.directory.isAgentConnected('twin' as EngineId)).toBe(true);
    expect(first.socket.readyState).toBe(WebSocket.OPEN);
    for (const { socket } of [first, second]) socket.terminate();
  });

  it('the newer is the agent where nobody answers on the older', async () => {
    const first = await agentOf('revenant');
    first.socket.removeAllListeners('ping');
    // As if the cable were pulled: nothing is read any more, so no ping is answered.
    first.socket.pause();
    const second = await connectOtapAgent({ url: server.url, service: 'revenant', state: STATE, uid });
    await until(() => second.received.some(({ flags }) => flags === 1n));
    await until(() => server.hub.directory.isAgentConnected('revenant' as EngineId));
    expect(infoOf('revenant')).toMatchObject({ connected: true, incarnation: 1, agent: { conflict: null } });
    expect(server.hub.directory.list().filter(({ service }) => service === 'revenant')).toHaveLength(1);
    second.socket.terminate();
    first.socket.terminate();
  });

  it('two that poll with one are seen by their numbering', async () => {
    const { encodeAgentToServer, keyValues } = await import('@/lib/opamp/messages');
    const poll = (sequenceNum: number) =>
      fetch(`${server.url}/v1/opamp`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: Buffer.from(
          encodeAgentToServer({
            instanceUid: new Uint8Array(16).fill(250),
            sequenceNum: BigInt(sequenceNum),
            capabilities: 1n,
            agentDescription: { identifyingAttributes: keyValues({ 'service.name': 'polled' }) },
          }),
        ),
      });
    for (const n of [0, 1, 2]) await poll(n);
    expect(infoOf('polled')?.agent?.conflict).toBeNull();
    for (const n of [0, 3, 1, 4, 2]) await poll(n);
    expect(infoOf('polled')?.agent?.conflict).toMatch(/two agents poll with one identity/);
  });
});
