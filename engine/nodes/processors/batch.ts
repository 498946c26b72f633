import { z } from 'zod';
import type { FlushOutput } from '@/engine/core/node';
import { DEFAULT_PORT, type Signal } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { createHeldItems, type HeldItems } from './held-items';

const config = z
  .strictObject({
    /** Flushes once so many items of a signal are held. */
    send_batch_size: z.number().int().min(1).max(1_000_000).default(8_192),
    /** No batch is larger than this; what is over is split off. 0: no limit. */
    send_batch_max_size: z.number().int().min(0).max(1_000_000).default(0),
    /** Flushes what is held at least this often, milliseconds. */
    timeout_ms: z.number().int().min(1).max(600_000).default(200),
  })
  .refine(
    (value) => value.send_batch_max_size === 0 || value.send_batch_max_size >= value.send_batch_size,
    'send_batch_max_size is smaller than send_batch_size',
  );

const TIMER = 'flush';

/** Merges batches of one signal by size and time. */
export const batch = defineProcessor({
  typeId: 'batch',
  stateful: true,
  config,
  ports: () => [DEFAULT_PORT],
  create(initial, node) {
    let current = initial;
    let stopTimer = node.startTimer(TIMER, current.timeout_ms);
    const bySignal = new Map<Signal, HeldItems>();

    const heldOf = (signal: Signal): HeldItems => {
      const held = bySignal.get(signal) ?? createHeldItems();
      bySignal.set(signal, held);
      return held;
    };
    /** Flushes until fewer than `least` items are held; waits while the output is full. */
    const flush = async (signal: Signal, least: number, reason: FlushOutput['reason']): Promise<void> => {
      const held = heldOf(signal);
      while (held.items >= least) {
        const cut = held.cut(current.send_batch_max_size || Number.POSITIVE_INFINITY);
        if (!cut) return;
        const { pieces, payload, items } = cut;
        const sent = node.flush(pieces, { port: DEFAULT_PORT, payload, items, signal, reason });
        if (sent) await sent;
      }
    };
    const flushAll = async (reason: FlushOutput['reason']): Promise<void> => {
      for (const signal of bySignal.keys()) await flush(signal, 1, reason);
    };

    return {
      process(hop) {
        const { signal, payload, items } = hop.pdata;
        const held = heldOf(signal);
        held.add(hop.absorb(), payload, items);
        if (held.items >= current.send_batch_size) return flush(signal, current.send_batch_size, 'size');
      },
      control(message) {
        if (message.kind === 'timer_tick' && message.timer === TIMER) return flushAll('timer');
        const next = configChange(config, message);
        if (!next) return;
        if (next.timeout_ms !== current.timeout_ms) {
          stopTimer();
          stopTimer = node.startTimer(TIMER, next.timeout_ms);
        }
        current = next;
      },
      drain: () => flushAll('shutdown'),
      stop: () => stopTimer(),
    };
  },
});
