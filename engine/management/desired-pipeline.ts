import type { DesiredPipeline } from '@/engine/core/pipeline-api';
import { NANOS_PER_MS } from '@/lib/base/time';
import type { Act, DesiredState } from '@/lib/opamp/remote-config';

/** How long an act may wait for its engine where it says nothing itself. */
export const DEFAULT_ACT_DEADLINE_MS = 30_000;

export function isExpired(act: Act, nowUnixNano: bigint): boolean {
  const deadlineNs = BigInt(act.deadlineMs ?? DEFAULT_ACT_DEADLINE_MS) * BigInt(NANOS_PER_MS);
  return nowUnixNano > BigInt(act.issuedAtUnixNano) + deadlineNs;
}

/** What the desired state asks of the pipeline. An act whose deadline has passed is not done late. */
export function desiredPipeline(state: DesiredState, nowUnixNano: bigint): DesiredPipeline {
  return {
    revision: state.revision,
    origin: 'operator',
    nodes: Object.fromEntries(Object.entries(state.nodes).map(([id, node]) => [id, withoutUndefined(node)])),
    channels: state.channels,
    acts: state.actions
      .filter((act) => !isExpired(act, nowUnixNano))
      .map(({ id, target, action, deadlineMs }) => ({ id, target, action, deadlineMs })),
  };
}

/** A key without a value is one that is not there. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
