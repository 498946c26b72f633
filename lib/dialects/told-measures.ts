/** What each kind of source tells whenever there is something to tell: absent is then 0, and not unknown. */
import type { DialectName } from '@/lib/model/engine';
import type { Measure } from '@/lib/model/facts';

const FLOW: readonly Measure[] = ['items_in', 'items_out'];

export const TOLD_MEASURES: Readonly<Record<DialectName, readonly Measure[]>> = {
  weir: [
    ...FLOW,
    'items_created',
    'items_delivered',
    'items_returned',
    'batches_in',
    'batches_out',
    'batches_created',
    'batches_delivered',
    'batches_returned',
    'dropped',
    'reduced',
    'sent',
    'received',
    'blocked_sends',
    'busy',
    'blocked',
    'delayed',
    'export_lost',
  ],
  otap: ['sent', 'received'],
  // Counters of losses come into being with the first one.
  collector: ['dropped', 'reduced'],
  spans: [...FLOW, 'batches_in', 'busy'],
};
