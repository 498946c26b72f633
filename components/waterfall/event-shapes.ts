/** How each kind of event looks on a bar: few shapes, told apart without their colours. */
import { EVENT } from '@/lib/semconv/events';

export type MarkerKind =
  | 'flush'
  | 'port'
  | 'blocked'
  | 'control'
  | 'failed'
  | 'done'
  | 'absorbed'
  | 'drop'
  | 'other';

export interface MarkerShape {
  readonly color: string;
  /** Path around 0,0, within 6 pixels. */
  readonly path: string;
  readonly stroked: boolean;
  readonly name: string;
}

export const MARKERS: Readonly<Record<MarkerKind, MarkerShape>> = {
  flush: { color: 'var(--work)', path: 'M0 -5L5 0L0 5L-5 0Z', stroked: false, name: 'batch flushed' },
  port: { color: 'var(--text-2)', path: 'M-3.5 -3.5H3.5V3.5H-3.5Z', stroked: false, name: 'port selected' },
  blocked: { color: 'var(--blocked)', path: 'M0 -5L5 4H-5Z', stroked: false, name: 'backpressure' },
  control: { color: 'var(--control)', path: 'M0 -6L6 0L0 6L-6 0Z', stroked: false, name: 'control' },
  failed: { color: 'var(--bad)', path: 'M-4 -4L4 4M4 -4L-4 4', stroked: true, name: 'failure or nack' },
  done: { color: 'var(--ok)', path: 'M-4 0L-1 4L5 -4', stroked: true, name: 'success or ack' },
  absorbed: {
    color: 'var(--text-2)',
    path: 'M-4 -3H3L0 3H-7Z',
    stroked: false,
    name: 'absorbed into a batch',
  },
  drop: { color: 'var(--bad)', path: 'M-5 -4H5L0 5Z', stroked: false, name: 'dropped' },
  other: {
    color: 'var(--text-3)',
    path: 'M0 -3A3 3 0 1 1 0 3A3 3 0 1 1 0 -3Z',
    stroked: false,
    name: 'event',
  },
};

const KINDS: Readonly<Record<string, MarkerKind>> = {
  [EVENT.ack]: 'done',
  [EVENT.exportSuccess]: 'done',
  [EVENT.nack]: 'failed',
  [EVENT.exportFailure]: 'failed',
  [EVENT.exception]: 'failed',
  [EVENT.batchFull]: 'flush',
  [EVENT.batchFlush]: 'flush',
  [EVENT.batchAbsorbed]: 'absorbed',
  [EVENT.batchDrop]: 'drop',
  [EVENT.portSelected]: 'port',
  [EVENT.backpressure]: 'blocked',
};

export function markerKind(eventName: string): MarkerKind {
  return KINDS[eventName] ?? (eventName.startsWith('control/') ? 'control' : 'other');
}
