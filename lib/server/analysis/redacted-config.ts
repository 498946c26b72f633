/** Configurations that engines tell in their topology, as people may see them. Each is redacted once. */
import type { TopologyAnswer } from '@/lib/api/topology';
import { redactSecrets } from '@/lib/opamp/redact';

export interface ConfigRedactor {
  redacted(config: unknown): unknown;
  answer(answer: TopologyAnswer): TopologyAnswer;
}

export function createConfigRedactor(): ConfigRedactor {
  /** Keyed by the object as it was told, so an entry lives as long as its topology. */
  const known = new WeakMap<object, unknown>();
  const redacted = (config: unknown): unknown => {
    if (config === null || typeof config !== 'object') return redactSecrets(config);
    const before = known.get(config);
    if (before !== undefined) return before;
    const after = redactSecrets(config);
    known.set(config, after);
    return after;
  };
  return {
    redacted,
    answer: (answer) => ({
      ...answer,
      nodes: answer.nodes.map((node) => ({ ...node, config: redacted(node.config) })),
    }),
  };
}
