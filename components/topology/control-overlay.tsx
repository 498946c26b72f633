'use client';
import { useQuery } from '@tanstack/react-query';
import type { TopologyAnswer, TopologyNode } from '@/lib/api/topology';
import { formatCompact, formatRate, UNKNOWN } from '@/lib/base/format';
import { fetchJson } from '@/lib/client/fetch-json';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useScope } from '@/lib/client/url-state';

const REFETCH_MS = 2_000;

/** The control channel of each node, over its card: how much stands in it, and how much goes through. */
export function ControlOverlay({ nodes }: { readonly nodes: readonly TopologyNode[] }) {
  const scope = useScope();
  const { atUnixNano } = useTimeCursor();
  const { data } = useQuery({
    queryKey: ['control-channels', scope, atUnixNano],
    queryFn: ({ signal }) =>
      fetchJson<TopologyAnswer>('/api/v1/topology', { query: { ...scope, at: atUnixNano }, signal }),
    select: (answer) => answer.control,
    refetchInterval: atUnixNano === null ? REFETCH_MS : false,
  });
  const channels = new Map((data ?? []).map((channel) => [channel.node, channel]));
  return nodes.map((node) => {
    const channel = channels.get(node.id);
    const fill = channel ? `${formatCompact(channel.depth)}/${formatCompact(channel.capacity)}` : UNKNOWN;
    const rate = channel?.ratePerSec == null ? '' : ` · ${formatRate(channel.ratePerSec)}`;
    return (
      <span
        key={node.id}
        title={`Control channel of ${node.id}: depth of capacity, messages a second`}
        style={{ transform: `translate(${node.position.x + 8}px, ${node.position.y - 10}px)` }}
        className="num absolute whitespace-nowrap rounded-s border border-control/60 bg-bg px-1 text-2xs leading-[14px] text-control"
      >
        {`ctl ${fill}${rate}`}
      </span>
    );
  });
}
