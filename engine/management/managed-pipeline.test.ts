import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startPipeline } from '@/engine/nodes/testing/harness';
import { generated } from '@/engine/nodes/testing/payloads';
import { type DesiredState, INITIAL_DESIRED_STATE } from '@/lib/opamp/remote-config';
import { isExpired } from './desired-pipeline';
import { effectiveConfig, redactedBody } from './effective-config';
import { applyDesiredState, healthOf } from './managed-pipeline';

const PIPELINE = `
pipeline: { id: test }
nodes:
  in: { type: receiver:door }
  slow: { type: processor:delay, config: { delayMs: 10 } }
  out: { type: exporter:shelf, capacity: 8 }
connections: [{ from: in, to: slow }, { from: slow, to: out }]
`;

async function start() {
  const run = await startPipeline(PIPELINE);
  const set: DesiredState['tracing'][] = [];
  const tracing = { check: (): string | null => null, set: (one: DesiredState['tracing']) => set.push(one) };
  const apply = (state: Partial<DesiredState>) =>
    applyDesiredState({ ...INITIAL_DESIRED_STATE, ...state }, run.pipeline, tracing, run.clock);
  return { run, set, tracing, apply };
}

describe('the desired state of a pipeline', () => {
  it('sets mode, node configurations, concurrency, faults and capacities', async () => {
    const { run, set, apply } = await start();
    const applied = apply({
      revision: 3,
      tracing: { ...INITIAL_DESIRED_STATE.tracing, mode: 'full' },
      nodes: { slow: { config: { delayMs: 50 }, concurrency: 2, faults: { errorRate: 0.5 } } },
      channels: { 'pdata:out': { capacity: 3 } },
    });
    await run.settle();
    expect(applied.ok).toBe(true);
    expect(set.map(({ mode }) => mode)).toEqual(['full']);
    const { nodes, channels } = run.pipeline.topologyBody();
    expect(nodes.find(({ id }) => id === 'slow')).toMatchObject({
      config: { delayMs: 50 },
      concurrency: 2,
      faults: { errorRate: 0.5 },
    });
    expect(channels).toContainEqual({ id: 'pdata:out', capacity: 3 });
  });

  it('says later what a node refuses only when it gets it, which then runs as before', async () => {
    const { run, apply } = await start();
    const good = apply({ revision: 1, nodes: { slow: { config: { delayMs: 20 } } } });
    const bad = apply({ revision: 2, nodes: { out: { config: { refused: 'no such shelf' } } } });
    await run.settle();
    expect(good.ok && (await good.value)).toBeNull();
    expect(bad.ok && (await bad.value)).toBe('out: no such shelf');
    expect(run.pipeline.topologyBody().nodes.find(({ id }) => id === 'out')?.config).toEqual({});
  });

  it('changes nothing where a part of it is invalid', async () => {
    const { run, set, tracing, apply } = await start();
    const bad = apply({
      nodes: { slow: { config: { delayMs: -1 } }, nowhere: {} },
      channels: { 'pdata:out': { capacity: 3 } },
    });
    expect(bad.ok ? '' : bad.error).toMatch(/nowhere|delayMs/);
    tracing.check = () => 'no such policy';
    expect(apply({ channels: { 'pdata:out': { capacity: 3 } } })).toEqual({
      ok: false,
      error: 'tracing: no such policy',
    });
    await run.settle();
    expect(set).toEqual([]);
    expect(run.pipeline.topologyBody().channels).toContainEqual({ id: 'pdata:out', capacity: 8 });
  });

  it('does an act once, however often it is carried, and not after its deadline', async () => {
    const { run, apply } = await start();
    const now = run.clock.epoch;
    const act = { id: 'a', target: 'slow', action: 'config_update', issuedAtUnixNano: String(now) } as const;
    const late = {
      ...act,
      id: 'b',
      action: 'drain',
      issuedAtUnixNano: String(now - 40_000_000_000n),
    } as const;
    const state = { nodes: { slow: { config: { delayMs: 20 } } }, actions: [act, late] };
    apply({ ...state, revision: 1 });
    await run.settle();
    const { revision } = run.pipeline;
    apply({ ...state, revision: 2 });
    await run.settle();
    expect(run.pipeline.revision).toBe(revision);
    expect(healthOf(run.pipeline).components.slow).toEqual({ healthy: true, status: 'running' });
    expect(isExpired({ ...late, deadlineMs: 60_000 }, now)).toBe(false);
  });

  it('drains a node, keeps it so, and sets it running again', async () => {
    const { run, apply } = await start();
    apply({ revision: 1, nodes: { out: { state: 'drained' } } });
    await run.settle();
    expect(healthOf(run.pipeline).components.out).toEqual({ healthy: false, status: 'drained' });
    const outcome = run.admit(generated('logs', 3));
    await run.pass(100);
    expect(run.arrived('out')).toBe(0);
    apply({ revision: 2, nodes: {} });
    await run.pass(100);
    expect(await outcome).toEqual({ kind: 'ack' });
  });
});

describe('the effective configuration', () => {
  it('is the pipeline as it runs, without credentials', async () => {
    const { run } = await start();
    const body = run.pipeline.topologyBody();
    const secret = {
      ...body,
      nodes: body.nodes.map((node) => ({ ...node, config: { headers: { authorization: 'Bearer x' } } })),
    };
    const text = Buffer.from(effectiveConfig(secret)).toString();
    expect(text).not.toContain('Bearer');
    expect(JSON.stringify(redactedBody(secret))).not.toContain('Bearer');
    expect(parse(Buffer.from(effectiveConfig(body)).toString())).toMatchObject({
      pipeline: 'test',
      nodes: { slow: { type: 'urn:otel:processor:delay', config: { delayMs: 10 } } },
      connections: [
        { from: 'in', to: 'slow' },
        { from: 'slow', to: 'out' },
      ],
      capacities: { 'pdata:out': 8 },
    });
  });
});
