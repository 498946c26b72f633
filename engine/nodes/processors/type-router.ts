import { z } from 'zod';
import { DEFAULT_PORT, SIGNALS, type Signal } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';

const PORTS = [...SIGNALS, DEFAULT_PORT];
const port = z.enum([...SIGNALS, 'default']).optional();

const config = z.strictObject({
  /** Signals that leave by another port than their own. */
  routes: z.strictObject({ logs: port, metrics: port, traces: port, events: port }).default({}),
});

/**
 * Each batch to the port of its signal. Ports are `logs metrics traces events default`; not all have to be connected:
 * events without a port of their own go with the logs, and `default` takes the rest.
 */
export const typeRouter = defineProcessor({
  typeId: 'type_router',
  config,
  ports: () => 'any',
  create(initial, node) {
    const unknown = node.ports.find((name) => !PORTS.includes(name));
    if (unknown !== undefined) throw new Error(`no output port "${unknown}", but ${PORTS.join(', ')}`);
    let current = initial;
    return {
      process(hop) {
        const { signal } = hop.pdata;
        const chosen = current.routes[signal] ?? ownPort(signal, node.ports);
        if (chosen !== null) return hop.forward(chosen);
        hop.nack(`no output port for ${signal}`, { permanent: true });
      },
      control(message) {
        const next = configChange(config, message);
        const missing = Object.values(next?.routes ?? {}).find((name) => !node.ports.includes(name));
        if (missing) throw new Error(`output port "${missing}" is not connected`);
        current = next ?? current;
      },
    };
  },
});

function ownPort(signal: Signal, ports: readonly string[]): string | null {
  if (ports.includes(signal)) return signal;
  if (signal === 'events' && ports.includes('logs')) return 'logs';
  return ports.includes(DEFAULT_PORT) ? DEFAULT_PORT : null;
}
