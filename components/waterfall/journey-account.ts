/** Whether the items of a journey add up, batch by batch, as far as all contributors are known. */
import type { LineageAnswer } from '@/lib/api/traces';

export interface MergeAccount {
  readonly batch: string;
  readonly items: number;
  /** Items of the contributors that are on this journey. */
  readonly counted: number;
  readonly contributors: number;
  readonly shown: number;
  readonly state: 'adds up' | 'does not add up' | 'in part';
}

export function mergeAccounts(lineage: LineageAnswer): MergeAccount[] {
  return lineage.batches
    .filter((batch) => batch.contributors > 0 && batch.items !== null)
    .map((batch) => {
      const edges = lineage.edges.filter((edge) => edge.to === batch.id && edge.type === 'merge');
      const counted = edges.reduce((sum, edge) => sum + (edge.items ?? 0), 0);
      const items = batch.items ?? 0;
      const whole = edges.length >= batch.contributors && edges.every((edge) => edge.items !== null);
      return {
        batch: batch.id,
        items,
        counted,
        contributors: batch.contributors,
        shown: edges.length,
        state: whole ? (counted === items ? 'adds up' : 'does not add up') : 'in part',
      };
    });
}
