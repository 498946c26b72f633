import type { SchemaField } from './schema-fields';

/** Faults that any node takes, as fields; names and bounds are those of the remote configuration. */
export const FAULT_FIELDS: readonly SchemaField[] = [
  {
    kind: 'number',
    path: 'latencyMs',
    label: 'latency',
    help: 'ms added to each batch',
    integer: false,
    min: 0,
    max: 600_000,
  },
  {
    kind: 'number',
    path: 'jitterMs',
    label: 'jitter',
    help: 'ms around it',
    integer: false,
    min: 0,
    max: 600_000,
  },
  {
    kind: 'number',
    path: 'errorRate',
    label: 'error rate',
    help: 'share nacked, 0 to 1',
    integer: false,
    min: 0,
    max: 1,
  },
  {
    kind: 'number',
    path: 'dropRate',
    label: 'drop rate',
    help: 'share dropped silently, 0 to 1',
    integer: false,
    min: 0,
    max: 1,
  },
  { kind: 'text', path: 'errorMessage', label: 'error message', help: '' },
  { kind: 'flag', path: 'permanent', label: 'errors are permanent', help: '' },
  { kind: 'flag', path: 'stall', label: 'stalled', help: '' },
];
