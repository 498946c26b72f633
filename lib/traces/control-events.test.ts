import { describe, expect, it } from 'vitest';
import type { ControlActionRow } from '@/lib/api/control';
import { controlEvents } from './control-events';
import { rowMarks } from './row-marks';
import { eventOf as event, spanOf as span } from './testing/span-of';

const action: ControlActionRow = {
  id: 'c1',
  engine: 'e',
  timeUnixNano: '2000',
  action: 'config_update',
  target: 'exp',
  origin: 'operator',
  revision: 15,
  outcome: 'applied',
  message: '',
  tookMs: 1,
  affected: 1,
  traceId: 'k',
  spanId: 'k1',
  summary: '',
  undoable: true,
  after: null,
};

describe('the control lane', () => {
  it('shows an action and the event that it left in a span as one mark, with the spans it affected', () => {
    const spans = [span({ events: [event('control/config_update', '2001', { revision: 15 })] })];
    const marks = controlEvents(spans, [action], 1000n, 3000n);
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatchObject({ kind: 'config_update', label: 'config_update rev 15', spanIds: ['s1'] });
  });

  it('knows affected spans by the link of the control span too', () => {
    const link = {
      traceId: 'k',
      spanId: 'k1',
      type: 'control' as const,
      attributes: {},
      state: 'held' as const,
    };
    expect(controlEvents([span({ backlinks: [link] })], [action], 1000n, 3000n)[0]?.spanIds).toEqual(['s1']);
  });

  it('shows a drain where it was ordered, and one that hit the trace at its end in any case', () => {
    const link = {
      traceId: 'k',
      spanId: 'k1',
      type: 'control' as const,
      attributes: {},
      state: 'held' as const,
    };
    const hit = [span({ backlinks: [link] })];
    const long = { ...action, action: 'drain', timeUnixNano: '9000', tookMs: 0.0065 };
    expect(controlEvents(hit, [long], 1000n, 3000n)[0]?.timeUnixNano).toBe('2500');
    expect(controlEvents(hit, [{ ...long, tookMs: 0.001 }], 1000n, 3000n)[0]?.timeUnixNano).toBe('3000');
    expect(controlEvents([span({})], [{ ...long, tookMs: 0.001 }], 1000n, 3000n)).toEqual([]);
  });

  it('leaves to the messages what comes with every batch, and leaves out actions from before or after', () => {
    const events = [event('control/ack', '1500'), event('control/drain', '1700')];
    const marks = controlEvents([span({ events })], [{ ...action, timeUnixNano: '9000' }], 1000n, 3000n);
    expect(marks.map((mark) => [mark.kind, mark.folded])).toEqual([['drain', false]]);
  });
});

describe('what a span adds to its row', () => {
  it('is a note, why it failed, and its events on the time of the trace', () => {
    const marks = rowMarks(
      span({
        events: [
          event('export_failure', '1003000', { status: 503 }),
          event('control/nack', '1004000', { reason: 'busy', permanent: true }),
        ],
      }),
      1000n,
    );
    expect(marks).toMatchObject({ note: 'port a · 4 items', message: '503' });
    expect(marks.events.map((each) => [each.atMs, each.label])).toEqual([
      [1.002, 'export_failure 503'],
      [1.003, 'control/nack busy · permanent'],
    ]);
  });
});
