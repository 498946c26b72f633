import { describe, expect, it } from 'vitest';
import { desiredStateSchema, INITIAL_DESIRED_STATE } from './remote-config';
import { findScenario, SCENARIOS, type Scenario, withoutScenario, withScenario } from './scenarios';

function scenario(name: string): Scenario {
  const found = findScenario(name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
}

describe('scenarios', () => {
  it('are ten, each of its own name', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(10);
  });

  it.each(SCENARIOS.map((one) => [one.name, one] as const))('%s makes a valid desired state', (_, one) => {
    expect(desiredStateSchema.safeParse(withScenario(INITIAL_DESIRED_STATE, one)).success).toBe(true);
  });

  it.each(SCENARIOS.map((one) => [one.name, one] as const))('%s leaves nothing behind', (_, one) => {
    const played = withScenario(INITIAL_DESIRED_STATE, one);
    expect(withoutScenario(played, one, INITIAL_DESIRED_STATE)).toEqual(INITIAL_DESIRED_STATE);
  });

  it('give back what was set before, and keep what was set meanwhile', () => {
    const slow = scenario('slow-exporter');
    const before = {
      ...INITIAL_DESIRED_STATE,
      nodes: { 'exp-slow': { config: { delayMs: 30 }, concurrency: 2 } },
    };
    const played = withScenario(before, slow);
    expect(played.nodes['exp-slow']).toEqual({ config: { delayMs: 300, jitterMs: 30 }, concurrency: 2 });
    const meanwhile = { ...played, nodes: { ...played.nodes, batch: { concurrency: 3 } } };
    expect(withoutScenario(meanwhile, slow, before).nodes).toEqual({
      'exp-slow': { config: { delayMs: 30 }, concurrency: 2 },
      batch: { concurrency: 3 },
    });
  });
});
