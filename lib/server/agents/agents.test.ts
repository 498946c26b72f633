import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { keyValues } from '@/lib/opamp/messages';
import { AgentToServerSchema } from '@/lib/opamp/opamp_pb';
import { createMembership } from '../engines/membership';
import { createSteering } from '../steering/steering';
import type { AgentConnection } from './agent-connection';
import { createAgents, MAX_AGENTS, MAX_CONFIG_BYTES_HELD } from './agents';

function createServer() {
  let nowMs = 0;
  const membership = createMembership();
  const steering = createSteering({
    nowMs: () => nowMs,
    nowUnixNano: () => 0n,
    onWish: () => undefined,
    onStateSettled: () => undefined,
  });
  const agents = createAgents({
    nowMs: () => nowMs,
    membership,
    steering,
    controlOf: () => ({ kind: 'none', why: 'of a test' }),
    onConfig: () => undefined,
  });
  const connection = (): AgentConnection => ({
    transport: 'ws',
    remote: 'here',
    push: () => undefined,
    isAlive: () => undefined,
    close: () => undefined,
  });
  const message = (n: number, body?: Uint8Array) => {
    const instanceUid = new Uint8Array(16);
    new DataView(instanceUid.buffer).setUint32(0, n);
    const configMap = { configMap: { '': { body: body ?? new Uint8Array(0) } } };
    return create(AgentToServerSchema, {
      instanceUid,
      capabilities: 7n,
      agentDescription: {
        identifyingAttributes: keyValues({ 'service.name': 's', 'service.instance.id': `i${n}` }),
      },
      ...(body ? { effectiveConfig: { configMap } } : {}),
    });
  };
  return { agents, membership, connection, message, pass: (ms: number) => (nowMs += ms) };
}

describe('bounds on agents', () => {
  it('turn away who comes when all places are taken by the living, and say so', () => {
    const { agents, connection, message } = createServer();
    const first = connection();
    agents.receive(message(0), first);
    for (let n = 1; n < MAX_AGENTS; n++) agents.receive(message(n), connection());
    const answer = agents.receive(message(MAX_AGENTS), connection());
    expect(answer.errorResponse?.errorMessage).toContain(`${MAX_AGENTS} agents are connected`);
    expect(agents.stats()).toMatchObject({ held: MAX_AGENTS, connected: MAX_AGENTS, turnedAway: 1 });
    // The dead make room.
    agents.connectionClosed(first);
    expect(agents.receive(message(MAX_AGENTS), connection()).errorResponse).toBeUndefined();
    expect(agents.stats()).toMatchObject({ held: MAX_AGENTS, connected: MAX_AGENTS, turnedAway: 1 });
  });

  it('hold configurations within a budget for all, and name whose is beyond it', () => {
    const { agents, connection, message } = createServer();
    const size = 4 * 1024 * 1024 - 100;
    const fit = Math.floor(MAX_CONFIG_BYTES_HELD / size);
    for (let n = 0; n <= fit; n++) agents.receive(message(n, new Uint8Array(size)), connection());
    expect(agents.stats().configBytes).toBe(fit * size);
    expect(agents.problems.list()).toHaveLength(1);
    expect(agents.problems.list()[0]?.message).toContain('all agents take more than 64 MiB');
    // Who then sends a small one is read again, and what a smaller one frees can be used.
    agents.receive(message(0, new Uint8Array(10)), connection());
  });
});
