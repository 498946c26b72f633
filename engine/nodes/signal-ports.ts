import { SIGNALS, type Signal } from '@/lib/semconv/signals';

export const SIGNAL_PORTS: readonly string[] = SIGNALS;

/**
 * The connected port for a signal: its own, `logs` for events that nobody keeps apart, else `default`; `null` where
 * none of them leads anywhere.
 */
export function portForSignal(signal: Signal, ports: readonly string[]): string | null {
  if (ports.includes(signal)) return signal;
  if (signal === 'events' && ports.includes('logs')) return 'logs';
  return ports.includes('default') ? 'default' : null;
}
