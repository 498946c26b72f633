/** From the whole desired state to the acts that reach it. Pure: what is there, what was wanted before, what is wanted now. */
import type { NodeChange } from './control';
import type { Act, DesiredPipeline } from './pipeline-api';

export interface PresentNode {
  readonly id: string;
  /** As the pipeline file has it. */
  readonly base: Required<Pick<NodeChange, 'concurrency' | 'faults'>> & {
    readonly config: Readonly<Record<string, unknown>>;
  };
  readonly now: PresentNode['base'];
}

export interface PresentChannel {
  readonly id: string;
  readonly base: number;
  readonly now: number;
}

type State = 'running' | 'drained' | 'stopped';

const STATE_ACTIONS = { running: 'restart', drained: 'drain', stopped: 'shutdown' } as const;

/**
 * Acts named in the desired state come under their own ids; what differs beside them under `rev-<revision>/<target>`.
 * A node's state is compared with what was desired before, not with what it is: a drain of the pipeline stays.
 */
export function actsFor(
  desired: DesiredPipeline,
  before: DesiredPipeline | null,
  nodes: readonly PresentNode[],
  channels: readonly PresentChannel[],
): readonly Act[] {
  const acts: Act[] = [];
  const covered = new Set<string>();
  const base = { origin: desired.origin, revision: desired.revision };
  const wholeMoved = desired.acts.some(({ target }) => target === 'pipeline');
  for (const { id, target, action, deadlineMs } of desired.acts) {
    const change = action === 'config_update' ? changeOf(target, desired, nodes, channels) : undefined;
    if (action === 'config_update') covered.add(target);
    else covered.add(stateKey(target));
    acts.push({
      ...base,
      id,
      target,
      action,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(change && { change }),
    });
  }
  for (const { id } of [...nodes, ...channels]) {
    const change = changeOf(id, desired, nodes, channels);
    if (covered.has(id) || !change || Object.keys(change).length === 0) continue;
    acts.push({ ...base, id: `rev-${desired.revision}/${id}`, target: id, action: 'config_update', change });
  }
  for (const { id } of nodes) {
    const wanted = stateOf(desired, id);
    if (wanted === stateOf(before, id) || wholeMoved || covered.has(stateKey(id))) continue;
    acts.push({
      ...base,
      id: `rev-${desired.revision}/${id}/${wanted}`,
      target: id,
      action: STATE_ACTIONS[wanted],
    });
  }
  return acts;
}

/** The configuration that a node would have: the file's, with what is desired laid over it. */
export function desiredConfig(
  desired: DesiredPipeline,
  node: PresentNode,
): Readonly<Record<string, unknown>> {
  return { ...node.base.config, ...desired.nodes[node.id]?.config };
}

function changeOf(
  target: string,
  desired: DesiredPipeline,
  nodes: readonly PresentNode[],
  channels: readonly PresentChannel[],
): Act['change'] {
  const channel = channels.find(({ id }) => id === target);
  if (channel) {
    const capacity = desired.channels[target]?.capacity ?? channel.base;
    return capacity === channel.now ? {} : { capacity };
  }
  const node = nodes.find(({ id }) => id === target);
  if (!node) return undefined;
  const config = desiredConfig(desired, node);
  const concurrency = desired.nodes[target]?.concurrency ?? node.base.concurrency;
  const faults = desired.nodes[target]?.faults ?? node.base.faults;
  return {
    ...(same(config, node.now.config) ? {} : { config }),
    ...(concurrency === node.now.concurrency ? {} : { concurrency }),
    ...(same(faults, node.now.faults) ? {} : { faults }),
  };
}

function stateOf(desired: DesiredPipeline | null, id: string): State {
  return desired?.nodes[id]?.state ?? 'running';
}

function stateKey(target: string): string {
  return `state ${target}`;
}

/** Equal as JSON, whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
