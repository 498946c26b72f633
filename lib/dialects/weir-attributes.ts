/** What splits a figure, by the contract's names. `from`, `channel.id`, `node.id`, `direction` are in the entity. */
import type { FactAttributes } from '@/lib/model/facts';
import { ATTR } from '@/lib/semconv/attributes';

export type Known = keyof FactAttributes;

export const ATTRIBUTE_NAMES: Readonly<Record<string, Known>> = {
  [ATTR.signalType]: 'signal',
  [ATTR.outPort]: 'port',
  [ATTR.channelKind]: 'kind',
  [ATTR.controlOutcome]: 'outcome',
  [ATTR.controlOrigin]: 'origin',
  signal: 'signal',
  outcome: 'outcome',
  reason: 'reason',
  mode: 'mode',
  state: 'state',
};
