/** What a detector says of one moment, before hysteresis makes a finding of it. */
import type { Evidence, FindingKind } from '@/lib/api/topology';

export interface Candidate {
  readonly kind: FindingKind;
  readonly place: Place;
  /** How much it harms, for ranking within a kind: items a second, or a share. */
  readonly weight: number;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly advice?: string;
  /** Seconds of being there before it is said, where its kind's do not fit. */
  readonly opensAfter?: number;
}

export type Place =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'edge'; readonly edge: string };

export function placeOf(place: Place): string {
  return place.kind === 'node' ? place.node : place.edge;
}

export function nodeEvidence(node: string, text: string, value: number | null, unit: string): Evidence {
  return { text, value, unit, link: `node:${node}` };
}

export function edgeEvidence(edge: string, text: string, value: number | null, unit: string): Evidence {
  return { text, value, unit, link: `edge:${edge}` };
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(0)} s`;
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

export function rate(perSec: number): string {
  return perSec >= 10 ? `${Math.round(perSec)}/s` : `${perSec.toFixed(1)}/s`;
}
