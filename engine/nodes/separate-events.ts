import type { Payload } from '@/engine/core/payload';
import { payloadFromData } from '@/engine/core/payload-otlp';
import type { Signal } from '@/lib/semconv/signals';
import { selectItems, visitItems } from './items';

export interface SignalPart {
  readonly signal: Signal;
  readonly payload: Payload;
  readonly items: number;
}

/** A logs request as plain records and events (records that have an event name); whole where it holds one kind. */
export function separateEvents(payload: Payload): SignalPart[] {
  const data = payload.decoded();
  const isEvent: boolean[] = [];
  visitItems(data, (item) => isEvent.push(item.name !== ''));
  const events = isEvent.filter(Boolean).length;
  const logs = isEvent.length - events;
  if (events === 0) return [{ signal: 'logs', payload, items: logs }];
  if (logs === 0) return [{ signal: 'events', payload, items: events }];
  const only = (wanted: boolean) => payloadFromData(selectItems(data, (at) => isEvent[at] === wanted));
  return [
    { signal: 'logs', payload: only(false), items: logs },
    { signal: 'events', payload: only(true), items: events },
  ];
}
