'use client';
import type { TopologyNode } from '@/lib/api/topology';
import { formatCompact, formatRate, UNKNOWN } from '@/lib/base/format';
import { useControlChannel } from '@/lib/client/live-stats';

/** The control channel of each node, over its card: how much stands in it, and how much goes through. */
export function ControlOverlay({ nodes }: { readonly nodes: readonly TopologyNode[] }) {
  return nodes.map((node) => <ControlTag key={node.id} node={node} />);
}

function ControlTag({ node }: { readonly node: TopologyNode }) {
  const channel = useControlChannel(node.id);
  const fill = channel ? `${formatCompact(channel.depth)}/${formatCompact(channel.capacity)}` : UNKNOWN;
  const rate = channel?.ratePerSec == null ? '' : ` · ${formatRate(channel.ratePerSec)}`;
  return (
    <span
      title={`Control channel of ${node.id}: depth of capacity, messages a second`}
      style={{ transform: `translate(${node.position.x + 8}px, ${node.position.y - 10}px)` }}
      className="num absolute whitespace-nowrap rounded-s border border-control/60 bg-bg px-1 text-2xs leading-[14px] text-control"
    >
      {`ctl ${fill}${rate}`}
    </span>
  );
}
