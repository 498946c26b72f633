/** What a pdata carries. `events` are log records with an event name, where a receiver keeps them apart. */
export const SIGNALS = ['logs', 'metrics', 'traces', 'events'] as const;
export type Signal = (typeof SIGNALS)[number];

export const NODE_KINDS = ['receiver', 'processor', 'exporter', 'connector'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export const TRACING_MODES = ['none', 'tail', 'full'] as const;
export type TracingMode = (typeof TRACING_MODES)[number];

export const DEFAULT_PORT = 'default';
