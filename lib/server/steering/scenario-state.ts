/** Whether a scenario is laid over a desired state. Read from the state itself, so that it survives a restart here. */
import type { DesiredState } from '@/lib/opamp/remote-config';
import { type Scenario, withScenario } from '@/lib/opamp/scenarios';

export function isPlaying(state: DesiredState, scenario: Scenario): boolean {
  return contentOf(withScenario(state, scenario)) === contentOf(state);
}

function contentOf({ nodes, channels }: DesiredState): string {
  return JSON.stringify(sorted({ nodes, channels }));
}

/** Objects with their keys in order, so that equal content is equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
