/** Of each merge of a journey: whether its contributors add up as far as they are known, and whom it waited for. */
import type { LineageAnswer } from '@/lib/api/traces';

export interface MergeAccount {
  readonly batch: string;
  readonly items: number;
  /** Items of the contributors that are on this journey. */
  readonly counted: number;
  readonly contributors: number;
  readonly shown: number;
  readonly state: 'adds up' | 'does not add up' | 'in part';
  /** The contributor that came last, held the shortest; null where held times are not told. */
  readonly last: HeldBatch | null;
  /** The others, longest held first. */
  readonly held: readonly HeldBatch[];
}

export interface HeldBatch {
  readonly batch: string;
  readonly heldMs: number;
}

export function mergeAccounts(lineage: LineageAnswer): MergeAccount[] {
  return lineage.batches
    .filter((batch) => batch.contributors > 0 && batch.items !== null)
    .map((batch) => {
      const edges = lineage.edges.filter((edge) => edge.to === batch.id && edge.type === 'merge');
      const counted = edges.reduce((sum, edge) => sum + (edge.items ?? 0), 0);
      const items = batch.items ?? 0;
      const whole = edges.length >= batch.contributors && edges.every((edge) => edge.items !== null);
      const held = edges
        .flatMap(({ from, heldMs }) => (heldMs === null ? [] : [{ batch: from, heldMs }]))
        .sort((a, b) => b.heldMs - a.heldMs);
      return {
        batch: batch.id,
        items,
        counted,
        contributors: batch.contributors,
        shown: edges.length,
        state: whole ? (counted === items ? 'adds up' : 'does not add up') : 'in part',
        last: whole ? (held.at(-1) ?? null) : null,
        held: whole ? held.slice(0, -1) : held,
      };
    });
}
