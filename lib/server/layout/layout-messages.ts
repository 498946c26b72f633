/** What the server asks of its layout thread; the answer is `Positions`. */
import type { LayoutEdge, LayoutNode } from '@/lib/topology/elk-graph';

export interface LayoutOrder {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}
