/**
 * What an event of the stream does to the page: a list of writes into the query cache and the live figures. Pure,
 * so that the order and the merging of events can be tested without a stream.
 */

import type { ControlActionRow, ControlActionsAnswer } from '@/lib/api/control';
import type { EngineInfo } from '@/lib/api/engines';
import type { StatsUpdate, StreamEvent } from '@/lib/api/stream';
import type { TopologyAnswer } from '@/lib/api/topology';
import { assertUnreachable } from '@/lib/base/assert';
import { queryKeys, type StreamScope } from './query-keys';

export type StreamWrite =
  | { readonly kind: 'set'; readonly key: readonly unknown[]; readonly value: unknown }
  | {
      readonly kind: 'update';
      readonly keyPrefix: readonly unknown[];
      readonly update: (before: unknown) => unknown;
    }
  | { readonly kind: 'topology'; readonly answer: TopologyAnswer }
  | { readonly kind: 'stats'; readonly update: StatsUpdate }
  | { readonly kind: 'new-traces'; readonly count: number; readonly total: number };

export function writesOf(event: StreamEvent, scope: StreamScope): readonly StreamWrite[] {
  switch (event.type) {
    case 'topology':
      return [
        { kind: 'set', key: queryKeys.topology(scope, null), value: event.data },
        { kind: 'topology', answer: event.data },
      ];
    case 'stats':
      return [{ kind: 'stats', update: event.data }];
    case 'traces':
      return [
        { kind: 'new-traces', count: event.data.traces.length + event.data.more, total: event.data.total },
      ];
    case 'control':
      return [
        {
          kind: 'update',
          keyPrefix: queryKeys.controlPrefix,
          update: (before) => mergeActions(before, event.data.actions),
        },
      ];
    case 'settings':
      return [
        { kind: 'set', key: queryKeys.engines, value: event.data.engines.map(coarse) },
        ...event.data.tracing.map(
          (tracing): StreamWrite => ({ kind: 'set', key: queryKeys.tracing(tracing.engine), value: tracing }),
        ),
      ];
    case 'health':
      return [{ kind: 'set', key: queryKeys.health, value: event.data }];
    default:
      return assertUnreachable(event);
  }
}

const SEEN_STEP_NANOS = 5_000_000_000n;

/** When an engine was last heard moves with every message; nobody reads it to the millisecond, and all would render. */
function coarse(engine: EngineInfo): EngineInfo {
  if (!engine.connected) return engine;
  const seen = BigInt(engine.lastSeenUnixNano);
  return { ...engine, lastSeenUnixNano: (seen - (seen % SEEN_STEP_NANOS)).toString() };
}

const MAX_ACTIONS = 1_000;

/** New actions first, known ones replaced in place by what is known of them now. */
export function mergeActions(before: unknown, actions: readonly ControlActionRow[]): unknown {
  if (!isActionsAnswer(before)) return before;
  const fresh = new Map(actions.map((action) => [action.id, action]));
  const kept = before.actions.map((action) => {
    const next = fresh.get(action.id);
    fresh.delete(action.id);
    return next ?? action;
  });
  const added = [...fresh.values()].sort((a, b) =>
    BigInt(a.timeUnixNano) < BigInt(b.timeUnixNano) ? 1 : -1,
  );
  return {
    ...before,
    actions: [...added, ...kept].slice(0, MAX_ACTIONS),
    total: before.total + added.length,
  };
}

function isActionsAnswer(value: unknown): value is ControlActionsAnswer {
  return typeof value === 'object' && value !== null && 'actions' in value && Array.isArray(value.actions);
}
