/** What the composer holds before it is sent, what it would change, and the request that it becomes. */
import type { ControlRequest } from '@/lib/api/control';
import type { EngineInfo } from '@/lib/api/engines';
import type { TopologyAnswer, TopologyNode } from '@/lib/api/topology';
import { mergePatchOf } from '@/lib/opamp/merge-patch';
import { REDACTED } from '@/lib/opamp/redact';
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

/** How an engine can be changed decides what can be edited and what becomes of it. */
export type ControlKind = EngineInfo['control']['kind'];

/** The engine's own telemetry leaves by it: what is in it is not for changing from here. */
const OWN_PIPELINE = 'system/observability';

/** Everything that can be acted on, in the order of the map. */
export function targetsOf(
  topology: TopologyAnswer,
  control: ControlKind = 'actions',
): readonly { readonly id: string; readonly target: Target }[] {
  const all = everyTarget(topology);
  if (control === 'actions') return all;
  const own = new Set(topology.nodes.filter((node) => node.pipeline === OWN_PIPELINE).map((node) => node.id));
  const isOwn = (id: string) => own.has(id) || own.has(id.slice(id.indexOf(':') + 1));
  return all.filter(({ id, target }) => {
    // A capacity of a Collector's queue is part of its exporter's configuration.
    if (target.kind === 'channel') return control === 'state' && !isOwn(id);
    return target.kind === 'node' && !isOwn(id);
  });
}

function everyTarget(topology: TopologyAnswer): readonly { readonly id: string; readonly target: Target }[] {
  const channels = new Map(topology.edges.map((edge) => [edge.channel, edge.stats.capacity]));
  return [
    { id: 'pipeline', target: { kind: 'pipeline' } },
    ...topology.nodes.map((node) => ({ id: node.id, target: { kind: 'node', node } as const })),
    ...[...channels].map(([id, capacity]) => ({ id, target: { kind: 'channel', id, capacity } as const })),
  ];
}

/** What can be done to it; a channel only has a capacity, a pipeline no configuration of its own. */
export function actionsFor(target: Target, control: ControlKind = 'actions'): readonly OperatorAction[] {
  if (control !== 'actions') return ['config_update'];
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

/** The request to an engine that takes its whole configuration: what changed, as a merge patch onto what the hash is of. */
export function stateRequestOf(
  draft: Draft,
  target: Target,
  engine: string,
  base: string | null,
): ControlRequest {
  const request = {
    engine,
    target: draft.target,
    action: 'config_update' as const,
    ...(base === null ? {} : { base }),
  };
  if (target.kind === 'channel')
    return { ...request, ...(draft.capacity === null ? {} : { capacity: draft.capacity }) };
  const now = freshDraft(draft.target, target, 'config_update');
  return { ...request, config: mergePatchOf(now.config, draft.config) };
}

/** True where sending it would put a redaction in the place of what it hides. */
export function holdsRedacted(request: Pick<ControlRequest, 'config'>): boolean {
  return JSON.stringify(request.config ?? {}).includes(REDACTED);
}

/** What confirming will do, in a sentence, where the whole configuration is sent. */
export function stateConsequence(target: Target): string {
  const whole =
    'The engine is sent its own configuration with this change in it, and says whether it takes it.';
  return target.kind === 'channel'
    ? `${whole} It has one capacity for all channels of a pipeline: each of them gets it.`
    : `${whole} Where it does not, it runs on as before.`;
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
