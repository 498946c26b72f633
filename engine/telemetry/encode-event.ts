/** An event of the arena as attributes: what its numbers and its text mean, by kind. See `event-kinds.ts`. */
import type { PipelineLayout } from '@/engine/core/telemetry';
import { nanosToMs } from '@/lib/base/time';
import { ATTR } from '@/lib/semconv/attributes';
import { E_ATTRS, E_KIND, EVENT_INTS, EVENT_NUMBERS, K_CUSTOM } from './arena-columns';
import type { EventArena } from './arenas';
import { EVENT_NAMES } from './event-kinds';

export type EventAttributes = readonly (readonly [string, unknown])[];

export const BLOCKED_MS = 'blocked.ms';

export function eventName(events: EventArena, event: number): string {
  const kind = events.ints[event * EVENT_INTS + E_KIND] as number;
  return kind === K_CUSTOM ? (events.texts[event] ?? '') : (EVENT_NAMES[kind] ?? '');
}

/** Attributes of events by the core; those of a node author's stand in the attribute arena. */
export function eventAttributes(events: EventArena, event: number, layout: PipelineLayout): EventAttributes {
  const ints = event * EVENT_INTS;
  const a = events.numbers[event * EVENT_NUMBERS + 1] as number;
  const b = events.numbers[event * EVENT_NUMBERS + 2] as number;
  const text = events.texts[event] ?? '';
  switch (EVENT_NAMES[events.ints[ints + E_KIND] as number]) {
    case 'control/nack':
      return [
        ['reason', text],
        ['permanent', a === 1],
        // Counted from one; 0 where the core does not say, and then it is not told.
        ['cause', layout.nodes[b - 1]?.id],
      ];
    case 'port_selected': {
      const edge = layout.edges[events.ints[ints + E_ATTRS] as number];
      return [
        [ATTR.outPort, edge?.port ?? ''],
        [ATTR.sendQueueDepth, a],
        [BLOCKED_MS, asDouble(nanosToMs(b))],
      ];
    }
    case 'backpressure':
      return [
        [BLOCKED_MS, asDouble(nanosToMs(a))],
        [ATTR.queueDepth, b],
        [ATTR.channelId, text],
      ];
    case 'batch_flush':
    case 'batch_drop':
      return [
        ['reason', text],
        ['items', a],
      ];
    case 'batch_full':
      return [['items', a]];
    case 'batch_absorbed':
      return [['into', text]];
    case 'retry':
      return [['attempt', a]];
    case 'export_success':
      return [['status', text]];
    case 'export_failure':
      return [
        ['status', a === 0 ? 'error' : String(a)],
        ['error', text],
      ];
    case 'control/config_update':
      return [['revision', a]];
    case 'control/shutdown':
      return [['deadline', a]];
    default:
      return [];
  }
}

/** A number that is a double on the wire even where it is whole. */
export interface Double {
  readonly double: number;
}

function asDouble(double: number): Double {
  return { double };
}
