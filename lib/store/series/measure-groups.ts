/**
 * Figures that a source tells together. A counter that is absent while its group was told is 0; where the group was
 * not told (tracing off, a lower metrics level, no connection) it is unknown.
 */
import type { Measure } from '@/lib/model/facts';

export type MeasureGroup = 'direct' | 'timed' | 'tracing' | 'process' | 'control';

const TIMED: ReadonlySet<Measure> = new Set([
  'occupancy',
  'wait',
  'send_blocked',
  'duration',
  'until_ack',
  'busy',
  'blocked',
  'delayed',
  'batch_size',
  'held',
  'path_duration',
]);
const TRACING: ReadonlySet<Measure> = new Set([
  'export_lost',
  'spans',
  'overhead',
  'tracing_cpu',
  'tracing_bytes',
]);
const PROCESS: ReadonlySet<Measure> = new Set(['cpu', 'memory', 'uptime']);

export function measureGroup(measure: Measure): MeasureGroup {
  if (TIMED.has(measure)) return 'timed';
  if (TRACING.has(measure)) return 'tracing';
  if (PROCESS.has(measure)) return 'process';
  // Ticks and collections go on while nothing flows.
  return measure === 'control_actions' || measure === 'control_duration' ? 'control' : 'direct';
}
