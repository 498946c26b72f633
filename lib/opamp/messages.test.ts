import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsFullState } from './agent-session';
import { agentCan, agentCapabilities, agentCapabilityNames } from './capabilities';
import {
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  encodeServerToAgent,
  keyValues,
  textAttributes,
} from './messages';
import { AgentToServerSchema } from './opamp_pb';
import { INITIAL_DESIRED_STATE } from './remote-config';
import { configHash, desiredStateMessage, readDesiredState } from './remote-config-message';

const uid = new Uint8Array(16).fill(7);

/** First messages of two real agents, recorded from running engines (a Collector's over HTTP, an OTAP engine's). */
function recorded(name: string): Uint8Array[] {
  const file = path.join(import.meta.dirname, 'fixtures', `${name}.jsonl.gz`);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { agentToServer: string }).agentToServer)
    .map((text) => new Uint8Array(Buffer.from(text, 'base64')));
}

describe('messages of real agents', () => {
  it.each(['collector', 'otap'])('decode and encode to what was read (%s)', (name) => {
    for (const bytes of recorded(name)) {
      const message = fromBinary(AgentToServerSchema, bytes);
      const again = toBinary(AgentToServerSchema, message);
      expect(again.length).toBe(bytes.length);
      expect(fromBinary(AgentToServerSchema, again)).toEqual(message);
    }
  });

  it('say who they are, what they can do and what they run', () => {
    const [first] = recorded('collector');
    const message = decodeAgentToServer(first ?? new Uint8Array());
    if (!message.ok) throw new Error(message.error);
    const { agentDescription, capabilities, health } = message.value;
    expect(textAttributes(agentDescription?.identifyingAttributes ?? [])).toMatchObject({
      'service.name': 'edge-collector',
    });
    expect(agentCapabilityNames(capabilities)).toEqual(
      expect.arrayContaining(['ReportsStatus', 'ReportsEffectiveConfig', 'ReportsHealth']),
    );
    expect(agentCan(capabilities, 'AcceptsRemoteConfig')).toBe(false);
    expect(health?.status).toBe('StatusStarting');
  });

  it('hold the effective configuration of an OTAP engine under the name state', () => {
    const [first] = recorded('otap');
    const message = decodeAgentToServer(first ?? new Uint8Array());
    if (!message.ok) throw new Error(message.error);
    const file = message.value.effectiveConfig?.configMap?.configMap.state;
    expect(JSON.parse(new TextDecoder().decode(file?.body))).toHaveProperty('groups');
    expect(agentCan(message.value.capabilities, 'AcceptsRemoteConfig')).toBe(true);
  });
});

describe('a message', () => {
  it('survives the wire both ways', () => {
    const sent = encodeAgentToServer({
      instanceUid: uid,
      sequenceNum: 3n,
      capabilities: agentCapabilities(['ReportsStatus', 'ReportsHealth']),
      agentDescription: { identifyingAttributes: keyValues({ 'service.name': 'weir-engine' }) },
    });
    const read = decodeAgentToServer(sent);
    expect(read.ok && read.value.sequenceNum).toBe(3n);
    expect(read.ok && textAttributes(read.value.agentDescription?.identifyingAttributes ?? [])).toEqual({
      'service.name': 'weir-engine',
    });
    const answer = decodeServerToAgent(encodeServerToAgent({ instanceUid: uid, flags: 1n }));
    expect(answer.ok && answer.value.flags).toBe(1n);
  });

  it('without an identity is refused with the reason', () => {
    const read = decodeAgentToServer(encodeAgentToServer({ instanceUid: new Uint8Array(3) }));
    expect(read).toEqual({ ok: false, error: 'instance_uid has 3 bytes, not 16' });
  });

  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof decodeAgentToServer(bytes).ok).toBe('boolean');
        expect(typeof decodeServerToAgent(bytes).ok).toBe('boolean');
      }),
    );
  });
});

describe('a server that follows sequence numbers', () => {
  it.each([
    [null, 0n, true, false],
    [null, 9n, false, true],
    [4n, 5n, false, false],
    [4n, 6n, false, true],
    [4n, 0n, false, true],
    [4n, 0n, true, false],
  ] as const)('after %s, at %s, full %s: asks %s', (last, sequence, full, asks) => {
    expect(needsFullState(last, sequence, full)).toBe(asks);
  });
});

describe('the desired state', () => {
  it('comes out of the remote configuration that it was put into', () => {
    const sent = encodeServerToAgent({
      instanceUid: uid,
      remoteConfig: desiredStateMessage(INITIAL_DESIRED_STATE),
    });
    const read = decodeServerToAgent(sent);
    if (!read.ok || !read.value.remoteConfig) throw new Error('no remote config');
    const { remoteConfig } = read.value;
    expect(readDesiredState(remoteConfig)).toEqual({ ok: true, value: INITIAL_DESIRED_STATE });
    const body = remoteConfig.config?.configMap['weir.json']?.body ?? new Uint8Array();
    expect(remoteConfig.configHash).toEqual(configHash(body));
    expect(remoteConfig.configHash).toHaveLength(32);
  });

  it('names the path of what is wrong', () => {
    const bad = { ...INITIAL_DESIRED_STATE, tracing: { ...INITIAL_DESIRED_STATE.tracing, mode: 'half' } };
    const read = decodeServerToAgent(
      encodeServerToAgent({ instanceUid: uid, remoteConfig: desiredStateMessage(bad as never) }),
    );
    if (!read.ok || !read.value.remoteConfig) throw new Error('no remote config');
    const result = readDesiredState(read.value.remoteConfig);
    expect(result.ok ? '' : result.error).toMatch(/^weir\.json: tracing\.mode: /);
  });
});
