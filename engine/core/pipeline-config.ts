/** A pipeline that has been read and found valid: node types resolved, configurations parsed, edges by port. */
import type { FaultsConfig } from './control';
import type { NodeType } from './node';

/** Bounds of one pipeline. */
export const MAX_NODES = 1_000;
export const MAX_CONNECTIONS = 4_000;
export const DEFAULT_PDATA_CAPACITY = 128;
export const DEFAULT_CONTROL_CAPACITY = 256;
export const MAX_CAPACITY = 65_536;
export const MAX_CONCURRENCY = 1_024;
export const DEFAULT_DELAYED_AFTER_MS = 1_000;
export const MAX_FAULT_DELAY_MS = 600_000;

export interface PipelineConfig {
  /** Where it was read from, for messages. */
  readonly file: string;
  readonly id: string;
  readonly nodes: readonly NodeConfig[];
  readonly connections: readonly Connection[];
  readonly controlCapacity: number;
  readonly delayedAfterMs: number;
}

export interface NodeConfig {
  readonly id: string;
  readonly type: NodeType;
  /** As written, with defaults of the file's own; goes into the topology. */
  readonly rawConfig: Readonly<Record<string, unknown>>;
  readonly concurrency: number;
  readonly faults: FaultsConfig;
  /** Of its input channel. */
  readonly capacity: number;
}

export interface Connection {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}
