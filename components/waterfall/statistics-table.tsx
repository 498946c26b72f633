'use client';
import { useState } from 'react';
import { Table, Td, Th } from '@/components/ui/table';
import { TimeSplitBar } from '@/components/ui/time-split-bar';
import type { NodeTimes } from '@/lib/api/traces';
import { formatCount, formatMs } from '@/lib/base/format';
import { nodeColor } from '@/lib/client/node-color';

const COLUMNS = [
  { key: 'spans', name: 'Spans', show: formatCount },
  { key: 'errors', name: 'Errors', show: formatCount },
  { key: 'items', name: 'Items', show: formatCount },
  { key: 'waitMs', name: 'Waiting', show: formatMs },
  { key: 'workMs', name: 'Working', show: formatMs },
  { key: 'selfMs', name: 'Own', show: formatMs },
  { key: 'blockedMs', name: 'Blocked', show: formatMs },
  { key: 'heldMs', name: 'Held', show: formatMs },
  { key: 'outcomeWaitMs', name: 'Outcome', show: formatMs },
  { key: 'maxMs', name: 'Longest span', show: formatMs },
] as const;
type Key = (typeof COLUMNS)[number]['key'];

/** What each node did, in sums over all spans of the trace; any column sorts. */
export function StatisticsTable({ nodes }: { readonly nodes: readonly NodeTimes[] }) {
  const [sort, setSort] = useState<Key | null>(null);
  const sorted = sort ? [...nodes].sort((a, b) => (b[sort] ?? 0) - (a[sort] ?? 0)) : nodes;
  const most = Math.max(...nodes.map((node) => node.waitMs + node.workMs + node.blockedMs), 0);
  return (
    <div className="h-full overflow-auto bg-bg">
      <Table label="Times by node" className="[&_tr>*:first-child]:pl-4 [&_tr>*:last-child]:pr-4">
        <thead>
          <tr>
            <Th aria-sort={sort === null ? 'ascending' : 'none'}>
              <button type="button" onClick={() => setSort(null)} className="hover:text-ink">
                Node, by first span
              </button>
            </Th>
            <Th className="w-56">Split</Th>
            {COLUMNS.map((column) => (
              <Th key={column.key} figure aria-sort={sort === column.key ? 'descending' : 'none'}>
                <button
                  type="button"
                  onClick={() => setSort(column.key)}
                  className={sort === column.key ? 'text-accent' : 'hover:text-ink'}
                >
                  {column.name}
                </button>
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((node) => (
            <tr key={node.node} className="hover:bg-free/40">
              <Td>
                <span className="flex items-center gap-1.5 font-medium">
                  <i className="size-2 rounded-[2px]" style={{ background: nodeColor(node.node) }} />
                  {node.node}
                </span>
              </Td>
              <Td>
                <TimeSplitBar split={node} totalMs={most} />
              </Td>
              {COLUMNS.map((column) => (
                <Td
                  key={column.key}
                  figure
                  className={column.key === 'errors' && node.errors > 0 ? 'text-bad' : 'text-ink-2'}
                >
                  {node[column.key] === 0 ? '–' : column.show(node[column.key])}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
