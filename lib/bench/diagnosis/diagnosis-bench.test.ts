/** A small part of the benchmark, the same each time: what is named there must stay named. */
import { describe, expect, it } from 'vitest';
import { createEventQueue } from './event-queue';
import { FAULT_TYPES, type Fault, names } from './faults';
import { runPlan } from './judged-run';
import { keyed, mix } from './keyed-random';
import type { NodeSpec, PipelineSpec } from './pipeline-spec';
import { randomPipeline } from './random-pipeline';
import { score, shareOf } from './score';
import { runTrial } from './trials';
import { visibleFrom } from './twins';

const NODE: NodeSpec = {
  id: '',
  role: 'pass',
  outputs: [],
  workers: 1,
  capacity: 32,
  serviceMs: 10,
  usualItems: 20,
  perItem: 0,
  cv: 0.2,
  failing: 0,
  reduces: 0,
  flushItems: 100,
  flushMs: 300,
};

/** src ─▶ work ─▶ exp */
function chain(serviceMs: number, style: PipelineSpec['style'] = 'weir'): PipelineSpec {
  return {
    seed: 7,
    style,
    shape: 'chain',
    load: 0.4,
    nodes: [
      { ...NODE, id: 'src', role: 'source', outputs: ['work'], serviceMs: 0.1 },
      { ...NODE, id: 'work', outputs: ['exp'] },
      { ...NODE, id: 'exp', role: 'export', serviceMs },
    ],
    sources: [{ node: 'src', perSec: 20, items: 20, shape: { kind: 'poisson' }, signals: [1, 0, 0] }],
  };
}

function fault(label: string, node: string, at = 70.5): Fault {
  const type = FAULT_TYPES.find((one) => one.label === label);
  if (!type) throw new Error(`no fault is called ${label}`);
  return { ...type, node, at };
}

describe('events in virtual time', () => {
  it('run in order of time, ties in order of their coming, and not beyond the moment asked for', () => {
    const queue = createEventQueue();
    const ran: string[] = [];
    for (const [time, name] of [
      [2, 'c'],
      [1, 'a'],
      [1, 'b'],
      [3, 'd'],
    ] as const) {
      queue.at(time, () => ran.push(name));
    }
    queue.runUntil(2);
    expect(ran).toEqual(['a', 'b', 'c']);
    expect(queue.now).toBe(2);
  });
});

describe('chance by key', () => {
  it('is the same for the same key, and even over keys', () => {
    expect(keyed(3, 5, 1)).toBe(keyed(3, 5, 1));
    expect(mix(1, 2)).not.toBe(mix(2, 1));
    const mean = Array.from({ length: 5_000 }, (_, i) => keyed(9, i, 1)).reduce((a, b) => a + b, 0) / 5_000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });
});

describe('the simulated pipeline', () => {
  it('works as much as its load says: 20 batches a second of 20 ms are two fifths of a worker', () => {
    const { figures } = runPlan({ spec: chain(20), seconds: 40, faults: [], control: [], judgedFrom: null });
    // Figures of `exp` come last; its busy seconds stand four places before the end, before blocked, in hand, reduced, depth.
    const busy = figures.slice(10).map((second) => second.at(-5) as number);
    expect(busy.reduce((a, b) => a + b, 0) / busy.length).toBeCloseTo(0.4, 1);
  });

  it('delivers what it admits, but for what is inside, and loses nothing when healthy', () => {
    const spec = chain(20);
    const run = runPlan({
      spec,
      seconds: 60,
      faults: [fault('slow × 1.5', 'work', 0)],
      control: [],
      judgedFrom: null,
    });
    expect(run.lost.at(-1)).toBe(0);
    expect(run.delivered.get('exp') ?? 0).toBeGreaterThan(0.98 * 60 * 20 * 19);
  });

  it('is its own twin until the fault, and differs only by what follows from it', () => {
    const spec = chain(20);
    const plan = { spec, seconds: 90, control: [], judgedFrom: null };
    const twin = runPlan({ ...plan, faults: [] });
    const run = runPlan({ ...plan, faults: [fault('slow × 3', 'exp')] });
    for (let second = 0; second < 70; second++) expect(run.figures[second]).toEqual(twin.figures[second]);
    expect(visibleFrom(twin, twin, 1)).toBeNull();
    expect(visibleFrom(run, twin, 70)).toBe(71);
  });

  it('makes the same pipeline of the same seed, with 5 to about 40 nodes', () => {
    expect(randomPipeline(5)).toEqual(randomPipeline(5));
    for (let seed = 1; seed <= 10; seed++) {
      const { nodes } = randomPipeline(seed);
      expect(nodes.length).toBeGreaterThanOrEqual(4);
      expect(nodes.length).toBeLessThanOrEqual(60);
    }
  });
});

describe('the diagnosis of a simulated fault', () => {
  const first = (spec: PipelineSpec, injected: Fault) => {
    const run = runPlan({ spec, seconds: 78, faults: [injected], control: [], judgedFrom: 65 });
    return run.said[77]?.[0] ?? null;
  };

  it.each([
    ['slow × 3', 'exp'],
    ['slow × 10', 'work'],
    ['failing 50 % permanent', 'exp'],
    ['error burst 20 %', 'work'],
    ['silent drop 10 %', 'work'],
    ['stall 30 s', 'exp'],
    ['channel cut to 2', 'exp'],
    ['bad config pushed', 'exp'],
  ])('names “%s” at %s first', (label, node) => {
    const spec = chain(30);
    const injected = fault(label, node);
    const said = first(spec, injected);
    expect(said && names(spec, injected, said) ? 'right' : JSON.stringify(said)).toBe('right');
  });

  it('is silent when nothing is wrong', () => {
    const { said } = runPlan({ spec: chain(30), seconds: 80, faults: [], control: [], judgedFrom: 1 });
    expect(said.flat()).toEqual([]);
  });
});

describe('the benchmark', () => {
  it('keeps what it reached on a few pipelines', { timeout: 120_000 }, () => {
    const scored = score([9_101, 9_104, 9_107].map(runTrial));
    expect(scored.one.of + scored.one.neverVisible).toBe(scored.trials);
    expect(shareOf(scored.one)).toBeGreaterThanOrEqual(0.6);
    expect(shareOf(scored.healthy)).toBeGreaterThanOrEqual(0.8);
  });
});
