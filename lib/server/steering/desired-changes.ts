/**
 * What an operator's wish does to the desired state of an engine. Pure: each takes the state and gives the next one,
 * a revision later.
 */
import type { ControlRequest } from '@/lib/api/control';
import type { TracingSettings } from '@/lib/api/settings';
import { err, ok, type Result } from '@/lib/base/result';
import { type Act, type DesiredNode, type DesiredState, MAX_PENDING_ACTS } from '@/lib/opamp/remote-config';
import { pdataChannelId } from '@/lib/semconv/urn';

export const PIPELINE_TARGET = 'pipeline';

/** What a target was told before a change, to put back on undo. Absent: nothing was told. */
export interface TargetBefore {
  readonly node: DesiredNode | null;
  readonly capacity: number | null;
}

export function withTracing(state: DesiredState, settings: TracingSettings): DesiredState {
  return { ...state, revision: state.revision + 1, tracing: settings };
}

/** Refuses what says nothing, or asks of a channel or the pipeline what only a node can do. */
export function withRequest(
  state: DesiredState,
  request: ControlRequest,
  act: Act,
): Result<DesiredState, string> {
  if (state.actions.length >= MAX_PENDING_ACTS) return err(`${MAX_PENDING_ACTS} actions are still pending`);
  const next = { ...state, revision: state.revision + 1, actions: [...state.actions, act] };
  if (request.action === 'config_update') return withUpdate(next, request);
  if (isChannel(request.target)) return err(`a channel cannot be told to ${request.action}`);
  if (request.target === PIPELINE_TARGET) return ok(next);
  const before = state.nodes[request.target];
  if (request.action === 'drain') return ok(withNode(next, request.target, { ...before, state: 'drained' }));
  if (request.action === 'shutdown')
    return ok(withNode(next, request.target, { ...before, state: 'stopped' }));
  // A restart leaves nothing behind, but a node that was told to rest runs again.
  if (!before?.state || before.state === 'running') return ok(next);
  return ok(withNode(next, request.target, { ...before, state: 'running' }));
}

function withUpdate(state: DesiredState, request: ControlRequest): Result<DesiredState, string> {
  const { target, config, concurrency, faults, capacity } = request;
  if (config === undefined && concurrency === undefined && faults === undefined && capacity === undefined) {
    return err('config_update needs config, concurrency, faults or capacity');
  }
  const ofNode = config !== undefined || concurrency !== undefined || faults !== undefined;
  if (ofNode && (isChannel(target) || target === PIPELINE_TARGET)) {
    return err('config, concurrency and faults belong to a node: give a node id as target');
  }
  let next = state;
  if (ofNode) {
    const before = state.nodes[target];
    next = withNode(next, target, {
      ...before,
      ...(config === undefined ? {} : { config: { ...before?.config, ...config } }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(faults === undefined ? {} : { faults }),
    });
  }
  if (capacity === undefined) return ok(next);
  if (target === PIPELINE_TARGET)
    return err('a capacity belongs to a channel: give a channel or node id as target');
  return ok({ ...next, channels: { ...next.channels, [channelOf(target)]: { capacity } } });
}

export function targetBefore(state: DesiredState, target: string): TargetBefore {
  return {
    node: state.nodes[target] ?? null,
    capacity: state.channels[channelOf(target)]?.capacity ?? null,
  };
}

/** Puts back what the target was told before; an absent wish means what the pipeline file says. */
export function withUndo(state: DesiredState, target: string, before: TargetBefore, act: Act): DesiredState {
  const { [target]: _node, ...nodes } = state.nodes;
  const { [channelOf(target)]: _channel, ...channels } = state.channels;
  return {
    ...state,
    revision: state.revision + 1,
    actions: [...state.actions, act],
    nodes: before.node ? { ...nodes, [target]: before.node } : nodes,
    channels:
      before.capacity === null
        ? channels
        : { ...channels, [channelOf(target)]: { capacity: before.capacity } },
  };
}

/** Acts whose outcome is known are carried no longer. Not a new wish, so no new revision. */
export function withoutActs(state: DesiredState, ids: ReadonlySet<string>): DesiredState {
  const actions = state.actions.filter((act) => !ids.has(act.id));
  return actions.length === state.actions.length ? state : { ...state, actions };
}

function withNode(state: DesiredState, id: string, node: DesiredNode): DesiredState {
  return { ...state, nodes: { ...state.nodes, [id]: node } };
}

function isChannel(target: string): boolean {
  return target.startsWith('pdata:') || target.startsWith('control:');
}

function channelOf(target: string): string {
  return isChannel(target) ? target : pdataChannelId(target);
}
