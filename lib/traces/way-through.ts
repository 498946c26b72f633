/**
 * The tree as the way of the data. Rows that a receiver's events tell of all hang below the receiver, as that is who
 * told them; the data went through them one after another.
 *
 *   rows      otlp ─┬─ memory_limiter        way      otlp ▶ memory_limiter ▶ attributes/tag
 *                   └─ attributes/tag
 */
import type { SpanColumns } from '@/lib/store/span-columns';
import { isReceiverSpan } from './collector-spans';
import type { SpanTree } from './span-tree';

const PROCESSOR = 'processor/';

export function wayThrough(columns: SpanColumns, tree: SpanTree): SpanTree {
  const nameOf = (row: number) => columns.names[columns.name[row] as number] ?? '';
  if (!columns.names.some(isReceiverSpan)) return tree;
  const parent = tree.parent.slice();
  const last = new Map<number, number>();
  // Rows are in order of their start.
  for (let row = 0; row < columns.length; row++) {
    const receiver = tree.parent[row] as number;
    if (receiver < 0 || !nameOf(row).startsWith(PROCESSOR) || !isReceiverSpan(nameOf(receiver))) continue;
    parent[row] = last.get(receiver) ?? receiver;
    last.set(receiver, row);
  }
  return { ...tree, parent };
}
