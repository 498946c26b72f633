/** What a detector says of one moment, before hysteresis makes a finding of it. */
import type { Evidence, FindingKind, Remedy } from '@/lib/api/topology';

export interface Candidate {
  readonly kind: FindingKind;
  readonly place: Place;
  /** How much it harms, for ranking: items a second that are lost, fail, or do not come through. */
  readonly weight: number;
  /** Beyond doubt already: said at once. */
  readonly certain?: boolean;
  /** Seconds to be there before it is said, where those of its kind are too few. */
  readonly opensAfter?: number;
  /** Not lost for good, but turned away by a full queue. */
  readonly turnedAway?: boolean;
  /** It follows from another that is said too, and comes after that. */
  readonly follows?: boolean;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly advice?: string;
  readonly remedy?: Remedy;
}

export type Place =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'edge'; readonly edge: string };

export function placeOf(place: Place): string {
  return place.kind === 'node' ? place.node : place.edge;
}

/** An item that is `seconds` late harms as much as this share of one that does not come: ten seconds are all of it. */
export function lateness(seconds: number): number {
  return Math.max(0, seconds) / 10;
}

export function nodeEvidence(node: string, text: string, value: number | null, unit: string): Evidence {
  return { text, value, unit, link: `node:${node}` };
}

export function edgeEvidence(edge: string, text: string, value: number | null, unit: string): Evidence {
  return { text, value, unit, link: `edge:${edge}` };
}

export function percent(share: number): string {
  const shown = share * 100;
  return shown > 0 && shown < 1 ? `${shown.toFixed(1)} %` : `${Math.round(shown)} %`;
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(0)} s`;
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

export function rate(perSec: number): string {
  return perSec >= 10 ? `${Math.round(perSec)}/s` : `${perSec.toFixed(1)}/s`;
}
