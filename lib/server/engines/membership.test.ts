import { describe, expect, it } from 'vitest';
import type { ResourceIdentity } from '@/lib/model/engine';
import { createMembership, MAX_ENGINES } from './membership';

function who(service: string, instance: string, more: Partial<ResourceIdentity> = {}): ResourceIdentity {
  return { service, instance, version: '', host: '', pod: '', pipeline: '', ...more };
}

/** Reports every 250 ms over `[fromMs, toMs]`. */
function report(m: ReturnType<typeof createMembership>, id: ResourceIdentity, fromMs: number, toMs: number) {
  let engine = m.observeTelemetry(id, fromMs, true);
  for (let t = fromMs + 250; t <= toMs; t += 250) engine = m.observeTelemetry(id, t, true);
  return engine;
}

describe('membership', () => {
  it('joins telemetry and an agent of the same instance', () => {
    const m = createMembership();
    const telemetry = m.observeTelemetry(who('weir', 'a'), 0, true);
    expect(m.attachAgent('uid1', who('weir', 'a'), 10)).toBe(telemetry);
    expect(m.members.size).toBe(1);
  });

  it('keeps the page of an engine that restarts after its agent left, and counts the incarnation', () => {
    const m = createMembership();
    m.attachAgent('uid1', who('weir', 'a'), 0);
    const before = report(m, who('weir', 'a'), 0, 5_000);
    m.detachAgent('uid1', 5_010);
    const after = m.observeTelemetry(who('weir', 'b'), 6_000, true);
    expect(after).toBe(before);
    expect(m.members.get(after)?.incarnation).toBe(2);
  });

  it('takes a new instance beside a live one as another member', () => {
    const m = createMembership();
    const first = report(m, who('weir', 'a'), 0, 5_000);
    const second = m.observeTelemetry(who('weir', 'b'), 5_100, true);
    expect(second).not.toBe(first);
    expect(m.members.size).toBe(2);
  });

  it('takes a source that was silent for three of its own intervals as gone', () => {
    const m = createMembership();
    const first = report(m, who('col', 'a'), 0, 5_000);
    const member = m.members.get(first);
    if (!member) throw new Error('no member');
    expect(m.isConnected(member, 6_000)).toBe(true);
    expect(m.isConnected(member, 6_600)).toBe(false);
    expect(m.observeTelemetry(who('col', 'b'), 7_000, true)).toBe(first);
  });

  it('asks whose an agent is that no telemetry agrees with, and keeps to the answer', () => {
    const m = createMembership();
    const telemetry = report(m, who('col', 'a'), 0, 12_000);
    const agent = m.attachAgent('uid1', who('col', 'b'), 0);
    const asked = m.members.get(agent);
    if (!asked) throw new Error('no member');
    expect(m.mayBe(asked, 5_000)).toEqual([]);
    expect(m.mayBe(asked, 12_000)).toEqual([telemetry]);
    expect(m.join(agent, agent, 12_000)).toBe(false);
    expect(m.join(agent, telemetry, 12_000)).toBe(true);
    expect([...m.members.keys()]).toEqual([telemetry]);
    expect(m.members.get(telemetry)).toMatchObject({ agentUid: 'uid1', agentConnected: true });
    // When it comes again, it is not asked again.
    m.detachAgent('uid1', 12_100);
    expect(m.attachAgent('uid1', who('col', 'b'), 12_200)).toBe(telemetry);
    expect(m.members.size).toBe(1);
  });

  it('asks nothing of an agent that has telemetry of its own, or of another host', () => {
    const m = createMembership();
    report(m, who('col', 'a', { host: 'one' }), 0, 12_000);
    const agent = m.members.get(m.attachAgent('uid1', who('col', 'b', { host: 'two' }), 0));
    const whole = m.members.get(m.attachAgent('uid2', who('col', 'c'), 0));
    if (!agent || !whole) throw new Error('no member');
    report(m, who('col', 'c'), 100, 12_000);
    expect(m.mayBe(agent, 12_000)).toEqual([]);
    expect(m.mayBe(whole, 12_000)).toEqual([]);
  });

  it('does not take an engine on another host for a restart', () => {
    const m = createMembership();
    const first = report(m, who('col', 'a', { host: 'one' }), 0, 1_000);
    expect(m.observeTelemetry(who('col', 'b', { host: 'two' }), 60_000, true)).not.toBe(first);
  });

  it('joins what tells no instance with the only candidate', () => {
    const m = createMembership();
    const first = m.observeTelemetry(who('app', 'a'), 0, false);
    expect(m.observeTelemetry(who('app', ''), 10, false)).toBe(first);
  });

  it('says disconnected at once when the agent leaves, though its last requests still arrive', () => {
    const m = createMembership();
    const id = m.attachAgent('uid1', who('weir', 'a'), 0);
    report(m, who('weir', 'a'), 0, 5_000);
    m.detachAgent('uid1', 5_010);
    m.observeTelemetry(who('weir', 'a'), 5_020, true);
    const member = m.members.get(id);
    expect(member && m.isConnected(member, 5_030)).toBe(false);
  });

  it('counts late telemetry of a predecessor to the same engine without making it alive', () => {
    const m = createMembership();
    m.attachAgent('uid1', who('weir', 'a'), 0);
    const id = report(m, who('weir', 'a'), 0, 2_000);
    m.detachAgent('uid1', 2_010);
    m.observeTelemetry(who('weir', 'b'), 3_000, true);
    expect(m.observeTelemetry(who('weir', 'a'), 3_100, true)).toBe(id);
    expect(m.members.get(id)?.incarnation).toBe(2);
  });

  it('takes nobody for a restart of one who reports once a minute and was heard once, or in pieces', () => {
    const m = createMembership();
    const first = m.observeTelemetry(who('col', 'a'), 0, true);
    // One report as several requests: their gaps are not its interval.
    for (const t of [40, 90, 150]) m.observeTelemetry(who('col', 'a'), t, true);
    const second = m.observeTelemetry(who('col', 'b'), 59_000, true);
    expect(second).not.toBe(first);
    m.observeTelemetry(who('col', 'a'), 60_000, true);
    expect(m.observeTelemetry(who('col', 'c'), 150_000, true)).not.toBe(first);
    // Three of its own minutes later it is.
    expect(m.observeTelemetry(who('col', 'd'), 60_000 + 181_000, true)).toBe(first);
  });

  it('keeps agents of one service apart that tell no instance, each by its own identity', () => {
    const m = createMembership();
    const first = m.attachAgent('uid1', who('otap', ''), 0);
    const second = m.attachAgent('uid2', who('otap', ''), 10);
    expect(second).not.toBe(first);
    for (let t = 20; t < 100; t += 10) {
      expect(m.attachAgent('uid1', who('otap', ''), t)).toBe(first);
      expect(m.attachAgent('uid2', who('otap', ''), t)).toBe(second);
    }
    expect(m.members.size).toBe(2);
  });

  it('holds a bounded number of members and counts what it could not list', () => {
    const m = createMembership();
    for (let i = 0; i < MAX_ENGINES; i++) m.attachAgent(`uid${i}`, who(`s${i}`, 'a'), 0);
    expect(m.observeTelemetry(who('more', 'a'), 1, true)).toBe('other');
    expect(m.overflow).toBe(1);
    m.detachAgent('uid7', 2);
    expect(m.observeTelemetry(who('more', 'a'), 60_000, true)).toBe('more');
    expect(m.members.size).toBe(MAX_ENGINES);
  });
});
