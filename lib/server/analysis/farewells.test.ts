import { describe, expect, it } from 'vitest';
import { createMembership } from '../engines/membership';
import { createFarewells } from './farewells';

const record = (instance: string, scope: string, text: string) => ({
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'edge' } },
          { key: 'service.instance.id', value: { stringValue: instance } },
        ],
      },
      scopeLogs: [{ scope: { name: scope }, logRecords: [{ body: { stringValue: text } }] }],
    },
  ],
});

const COLLECTOR = 'go.opentelemetry.io/collector/service';

function heard(body: unknown) {
  const membership = createMembership();
  const who = { service: 'edge', instance: 'a', version: '', host: '', pod: '', pipeline: '' };
  const id = membership.observeTelemetry(who, 0, true);
  const member = membership.members.get(id);
  if (!member) throw new Error('no member');
  const farewells = createFarewells({
    resolve: (identity) => membership.observeTelemetry(identity, 1_000, false),
    left: (engine, instance) => membership.left(engine, instance, 1_000),
  });
  farewells.look('json', new TextEncoder().encode(JSON.stringify(body)));
  return { membership, member };
}

describe('last words', () => {
  it('end an engine at once, and whoever comes next is its successor', () => {
    const { membership, member } = heard(record('a', COLLECTOR, 'Shutdown complete.'));
    expect(membership.isConnected(member, 1_001)).toBe(false);
    const next = { ...member.identity, instance: 'b' };
    expect(membership.observeTelemetry(next, 2_000, true)).toBe(member.id);
    expect(member.incarnation).toBe(2);
    expect(membership.isConnected(member, 2_001)).toBe(true);
  });

  it('are only the Collector’s own', () => {
    const { membership, member } = heard(record('a', 'some.application', 'Shutdown complete.'));
    expect(membership.isConnected(member, 1_001)).toBe(true);
  });

  it('of a predecessor say nothing of who is there now', () => {
    const { membership, member } = heard(record('a', COLLECTOR, 'Everything is ready.'));
    membership.left(member.id, 'an earlier one', 1_000);
    expect(membership.isConnected(member, 1_001)).toBe(true);
  });
});
