/**
 * Events of the core by number, as the event arena keeps them, and what their two numbers and their text mean:
 *
 *   ack               –                          nack            text reason, a permanent 0/1, b index of the cause + 1, 0 unknown
 *   port_selected     a depth at send, b edge     backpressure    a depth, b edge
 *   batch_full        a items                     batch_flush     text reason, a items
 *   batch_drop        text reason, a items        batch_absorbed  text the batch
 *   retry             a attempt                   export_success  text status
 *   export_failure    text error, a status        timer_tick      text timer
 *   config_update     a revision                  drain           a deadline (ns)
 *   shutdown          a deadline (ns), text reason
 */

import type { CoreEvent } from '@/engine/core/telemetry';
import { EVENT } from '@/lib/semconv/events';
import { K_CUSTOM } from './arena-columns';

export const CORE_EVENTS: readonly CoreEvent[] = [
  'ack',
  'nack',
  'port_selected',
  'backpressure',
  'batch_full',
  'batch_flush',
  'batch_drop',
  'batch_absorbed',
  'retry',
  'export_success',
  'export_failure',
  'timer_tick',
  'config_update',
  'drain',
  'shutdown',
];

export const EVENT_NAMES: readonly string[] = [
  EVENT.ack,
  EVENT.nack,
  EVENT.portSelected,
  EVENT.backpressure,
  EVENT.batchFull,
  EVENT.batchFlush,
  EVENT.batchDrop,
  EVENT.batchAbsorbed,
  EVENT.retry,
  EVENT.exportSuccess,
  EVENT.exportFailure,
  EVENT.timerTick,
  EVENT.configUpdate,
  EVENT.drain,
  EVENT.shutdown,
];

const KIND_BY_EVENT = new Map<CoreEvent, number>(CORE_EVENTS.map((event, kind) => [event, kind]));

export function eventKind(event: CoreEvent): number {
  return KIND_BY_EVENT.get(event) ?? K_CUSTOM;
}
