/** A pipeline as the simulation runs it: what an operator would know, and the service times that nobody tells. */
import type { NodeKind } from '@/lib/semconv/signals';

/**
 * `weir` blocks and tells everything; `otap` blocks and does not tell it, nor that it is at work; `collector` has
 * queues before its exporters only, refuses or loses when one is full, and retries within the exporter.
 */
export type EngineStyle = 'weir' | 'otap' | 'collector';

export const STYLES: readonly EngineStyle[] = ['weir', 'otap', 'collector'];
export const SIGNALS = ['logs', 'metrics', 'traces'] as const;

export type Role =
  | 'source'
  | 'pass'
  | 'filter'
  | 'type_router'
  | 'content_router'
  | 'fanout'
  | 'batch'
  | 'retry'
  | 'export';

export interface NodeSpec {
  readonly id: string;
  readonly role: Role;
  /** Ids of the nodes behind its ports, in the order of ports. */
  readonly outputs: readonly string[];
  readonly workers: number;
  /** Places in its input channel; unused in a source. */
  readonly capacity: number;
  /** Mean working time of a batch of `usualItems`. */
  readonly serviceMs: number;
  readonly usualItems: number;
  /** Share of the working time that grows with the items. */
  readonly perItem: number;
  /** Coefficient of variation of working times. */
  readonly cv: number;
  /** Share of batches that fails without any fault, and may be tried again. */
  readonly failing: number;
  /** Share of items taken out as meant. */
  readonly reduces: number;
  /** Of a batch: items and milliseconds after which it flushes. */
  readonly flushItems: number;
  readonly flushMs: number;
}

export type Shape =
  | { readonly kind: 'steady' }
  | { readonly kind: 'poisson' }
  /** Alternates between two rates around the mean. */
  | { readonly kind: 'bursty'; readonly onMs: number; readonly offMs: number; readonly swing: number }
  | { readonly kind: 'wave'; readonly periodMs: number; readonly swing: number };

export interface SourceSpec {
  readonly node: string;
  readonly perSec: number;
  readonly items: number;
  readonly shape: Shape;
  /** Weights of the signals, in the order of `SIGNALS`. */
  readonly signals: readonly number[];
}

export interface PipelineSpec {
  readonly seed: number;
  readonly style: EngineStyle;
  readonly shape: string;
  readonly load: number;
  readonly nodes: readonly NodeSpec[];
  readonly sources: readonly SourceSpec[];
}

export const MAX_ATTEMPTS = 4;

export function kindOf(role: Role): NodeKind {
  if (role === 'source') return 'receiver';
  return role === 'export' ? 'exporter' : 'processor';
}

export function portName(index: number): string {
  return index === 0 ? 'default' : `p${index}`;
}

/** Whether a channel into the node is there, bounded and told. */
export function hasChannel(style: EngineStyle, role: Role): boolean {
  if (role === 'source') return false;
  return style !== 'collector' || role === 'export';
}
