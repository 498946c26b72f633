/** What the server and its layout thread say to each other. */
import type { LayoutEdge, LayoutNode, Positions } from '@/lib/topology/elk-graph';

export interface LayoutOrder {
  readonly id: number;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

export type LayoutReply =
  | { readonly id: number; readonly positions: Positions }
  | { readonly id: number; readonly error: string };
