/** Where an arrow key leads in a graph of batches: back along an edge, on along one, or to the next beside it. */
import type { LineageAnswer } from '@/lib/api/traces';

export type LineageStep = 'back' | 'on' | 'up' | 'down';

type Graph = Pick<LineageAnswer, 'batches' | 'edges'>;

/** Id of the batch to go to; the same where there is none. A link from a batch to itself leads nowhere. */
export function lineageStep({ batches, edges }: Graph, from: string, step: LineageStep): string {
  const known = new Set(batches.map((batch) => batch.id));
  if (step === 'back' || step === 'on') {
    const [here, there] = step === 'back' ? (['to', 'from'] as const) : (['from', 'to'] as const);
    const ways = edges.filter(
      (edge) => edge[here] === from && edge[there] !== from && known.has(edge[there]),
    );
    // The way with most items, as that is the main stream.
    const main = [...ways].sort((a, b) => (b.items ?? -1) - (a.items ?? -1))[0];
    return main ? main[there] : from;
  }
  const own = batches.find((batch) => batch.id === from);
  const beside = batches.filter((batch) => batch.distance === own?.distance);
  const at = beside.findIndex((batch) => batch.id === from);
  return beside[at + (step === 'up' ? -1 : 1)]?.id ?? from;
}
