/** What the composer holds before it is sent, what it would change, and the request that it becomes. */
import type { ControlRequest } from '@/lib/api/control';
import type { TopologyAnswer, TopologyNode } from '@/lib/api/topology';
import type { OperatorAction } from '@/lib/semconv/control';
import { type Config, type ConfigChange, changedConfig, configChanges, isRecord } from './schema-fields';

export interface Draft {
  readonly target: string;
  readonly action: OperatorAction;
  readonly config: Config;
  readonly concurrency: number | null;
  readonly faults: Config;
  readonly capacity: number | null;
  readonly deadlineMs: number;
}

export type Target =
  | { readonly kind: 'pipeline' }
  | { readonly kind: 'node'; readonly node: TopologyNode }
  | { readonly kind: 'channel'; readonly id: string; readonly capacity: number | null };

export const DEFAULT_DEADLINE_MS = 5_000;

/** Everything that can be acted on, in the order of the map. */
export function targetsOf(
  topology: TopologyAnswer,
): readonly { readonly id: string; readonly target: Target }[] {
  const channels = new Map(topology.edges.map((edge) => [edge.channel, edge.stats.capacity]));
  return [
    { id: 'pipeline', target: { kind: 'pipeline' } },
    ...topology.nodes.map((node) => ({ id: node.id, target: { kind: 'node', node } as const })),
    ...[...channels].map(([id, capacity]) => ({ id, target: { kind: 'channel', id, capacity } as const })),
  ];
}

/** What can be done to it; a channel only has a capacity, a pipeline no configuration of its own. */
export function actionsFor(target: Target): readonly OperatorAction[] {
  switch (target.kind) {
    case 'pipeline':
      return ['drain', 'shutdown', 'restart'];
    case 'node':
      return ['config_update', 'drain', 'shutdown', 'restart'];
    case 'channel':
      return ['config_update'];
  }
}

/** A draft that changes nothing yet. */
export function freshDraft(id: string, target: Target, action?: OperatorAction): Draft {
  const node = target.kind === 'node' ? target.node : null;
  const possible = actionsFor(target);
  return {
    target: id,
    action: action && possible.includes(action) ? action : (possible[0] ?? 'restart'),
    config: isRecord(node?.config) ? node.config : {},
    concurrency: node?.stats.concurrency ?? null,
    faults: isRecord(node?.faults) ? node.faults : {},
    capacity: target.kind === 'channel' ? target.capacity : null,
    deadlineMs: DEFAULT_DEADLINE_MS,
  };
}

/** What differs from what runs, line by line; empty where nothing would change. */
export function draftChanges(draft: Draft, target: Target): readonly ConfigChange[] {
  const now = freshDraft(draft.target, target, draft.action);
  if (draft.action !== 'config_update') return [];
  if (target.kind === 'channel')
    return configChanges({ capacity: now.capacity }, { capacity: draft.capacity });
  return [
    ...configChanges(now.config, draft.config),
    ...configChanges({ concurrency: now.concurrency }, { concurrency: draft.concurrency }),
    ...configChanges({ faults: now.faults }, { faults: draft.faults }),
  ];
}

export function requestOf(draft: Draft, target: Target, engine: string): ControlRequest {
  const base = { engine, target: draft.target, action: draft.action };
  if (draft.action === 'restart') return base;
  if (draft.action !== 'config_update') return { ...base, deadlineMs: draft.deadlineMs };
  if (target.kind === 'channel')
    return { ...base, ...(draft.capacity === null ? {} : { capacity: draft.capacity }) };
  const now = freshDraft(draft.target, target, draft.action);
  const config = changedConfig(now.config, draft.config);
  const faultsChanged = configChanges(now.faults, draft.faults).length > 0;
  return {
    ...base,
    ...(Object.keys(config).length > 0 ? { config } : {}),
    ...(draft.concurrency !== null && draft.concurrency !== now.concurrency
      ? { concurrency: draft.concurrency }
      : {}),
    ...(faultsChanged ? { faults: draft.faults } : {}),
  };
}

/** What confirming will do, in a sentence. */
export function consequence(draft: Draft): string {
  const deadline = `${draft.deadlineMs / 1_000} s`;
  const what = draft.target === 'pipeline' ? 'the whole pipeline' : draft.target;
  switch (draft.action) {
    case 'config_update':
      return `${what} takes the new values between two batches. What is in its hands is finished with the old ones.`;
    case 'drain':
      return draft.target === 'pipeline'
        ? `Ingress stops, every node finishes what it holds, and the channels empty. After ${deadline} the rest is given up and counted as lost.`
        : `${what} finishes what it holds and takes nothing more. Its input channel fills, and those before it wait. After ${deadline} the rest is given back.`;
    case 'shutdown':
      return `${what} is drained for at most ${deadline}, then stopped. It stays stopped until it is restarted.`;
    case 'restart':
      return `${what} is stopped and created anew from its configuration. What it holds is finished first; its input waits in the channel.`;
  }
}
