/** Whether an act can be done at all: its target is there and what it sets is valid. One line why not. */

import type { z } from 'zod';
import { capacitySchema, concurrencySchema, faultsSchema } from '@/lib/opamp/remote-config';
import type { Act } from './pipeline-api';
import type { NodeConfig } from './pipeline-config';

export interface ActProblem {
  /** Below the target: `config.delayMs`. */
  readonly path: string;
  readonly reason: string;
}

export function checkAct(
  act: Act,
  nodes: readonly NodeConfig[],
  channelIds: readonly string[],
): readonly ActProblem[] {
  const { target, action, change } = act;
  if (target === 'pipeline') {
    return action === 'config_update'
      ? [{ path: '', reason: 'a pipeline as a whole takes no config_update' }]
      : [];
  }
  if (channelIds.includes(target)) {
    if (action !== 'config_update') return [{ path: '', reason: `a channel takes no ${action}` }];
    return change?.capacity === undefined ? [] : issues('capacity', capacitySchema, change.capacity);
  }
  const node = nodes.find(({ id }) => id === target);
  if (!node) return [{ path: '', reason: `there is no node or channel "${target}"` }];
  if (!change) return [];
  return [
    ...(change.config ? issues('config', node.type.config, change.config) : []),
    ...(change.concurrency === undefined ? [] : issues('concurrency', concurrencySchema, change.concurrency)),
    ...(change.concurrency !== undefined && node.type.kind === 'receiver'
      ? [{ path: 'concurrency', reason: 'a receiver has no workers' }]
      : []),
    ...(change.faults ? issues('faults', faultsSchema, change.faults) : []),
    ...portProblems(node, change.config),
  ];
}

/** A change of configuration may not change the ports: they are wired. */
function portProblems(node: NodeConfig, config: unknown): readonly ActProblem[] {
  if (!config) return [];
  const after = declaredPorts(node, config);
  const before = declaredPorts(node, node.rawConfig);
  if (after === null || before === null || after === before) return [];
  return [{ path: 'config', reason: `output ports would become ${after}, they are wired as ${before}` }];
}

function declaredPorts(node: NodeConfig, raw: unknown): string | null {
  const parsed = node.type.config.safeParse(raw);
  if (!parsed.success) return null;
  const ports = node.type.ports(parsed.data);
  return ports === 'any' ? null : [...ports].sort().join(', ');
}

/** What a schema finds wrong, by path. */
export function issues(path: string, schema: z.ZodType, value: unknown): readonly ActProblem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({
    path: [path, ...issue.path.map(String)].join('.'),
    reason: issue.message,
  }));
}
