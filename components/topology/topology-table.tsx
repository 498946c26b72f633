'use client';
import { Table, Td, Th } from '@/components/ui/table';
import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { formatCompact, formatMs, formatPercent, formatRate } from '@/lib/base/format';
import { useEdgeStats, useNodeStats } from '@/lib/client/live-stats';
import { edgeLabel, measureOf } from './measures';
import { shortType } from './node-figures';

interface Props {
  readonly topology: TopologyAnswer;
  readonly onSelectNode: (id: string) => void;
  readonly onSelectEdge: (id: string) => void;
}

/** The same map as two tables, for those who read rather than look. */
export function TopologyTable({ topology, onSelectNode, onSelectEdge }: Props) {
  return (
    <div className="absolute inset-0 overflow-auto px-3 pb-4 pt-14">
      <h2 className="eyebrow px-2 pb-1">NODES · {topology.nodes.length}</h2>
      <Table label="Nodes">
        <thead>
          <tr>
            <Th>node</Th>
            <Th>kind</Th>
            <Th>type</Th>
            <Th figure>in</Th>
            <Th figure>out</Th>
            <Th figure>p50</Th>
            <Th figure>p99</Th>
            <Th figure>failed</Th>
            <Th figure>working</Th>
            <Th figure>blocked</Th>
            <Th figure>in flight</Th>
          </tr>
        </thead>
        <tbody>
          {topology.nodes.map((node) => (
            <NodeRow key={node.id} node={node} onSelect={onSelectNode} />
          ))}
        </tbody>
      </Table>
      <h2 className="eyebrow px-2 pb-1 pt-5">CHANNELS · {topology.edges.length}</h2>
      <Table label="Channels">
        <thead>
          <tr>
            <Th>from</Th>
            <Th>port</Th>
            <Th>to</Th>
            <Th figure>fill</Th>
            <Th figure>rate</Th>
            <Th figure>waited</Th>
            <Th figure>wait p50</Th>
            <Th figure>wait p99</Th>
            <Th figure>drain</Th>
            <Th>known</Th>
          </tr>
        </thead>
        <tbody>
          {topology.edges.map((edge) => (
            <EdgeRow key={edge.id} edge={edge} onSelect={onSelectEdge} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function NodeRow({
  node,
  onSelect,
}: {
  readonly node: TopologyNode;
  readonly onSelect: (id: string) => void;
}) {
  const stats = useNodeStats(node.id);
  return (
    <tr className="hover:bg-free/40">
      <NameCell name={node.id} onOpen={() => onSelect(node.id)} />
      <Td>{node.kind}</Td>
      <Td className="num">{shortType(node.type)}</Td>
      <Td figure>{formatRate(stats?.inPerSec)}</Td>
      <Td figure>{formatRate(stats?.outPerSec)}</Td>
      <Td figure>{formatMs(stats?.p50Ms)}</Td>
      <Td figure>{formatMs(stats?.p99Ms)}</Td>
      <Td figure>{formatPercent(stats?.errorRatio)}</Td>
      <Td figure>{formatPercent(stats?.busyRatio)}</Td>
      <Td figure>{formatPercent(stats?.blockedRatio)}</Td>
      <Td figure>{formatCompact(stats?.inFlight)}</Td>
    </tr>
  );
}

function NameCell({ name, onOpen }: { readonly name: string; readonly onOpen: () => void }) {
  return (
    <Td>
      <button type="button" className="font-medium text-ink hover:text-accent" onClick={onOpen}>
        {name}
      </button>
    </Td>
  );
}

function EdgeRow({
  edge,
  onSelect,
}: {
  readonly edge: TopologyEdge;
  readonly onSelect: (id: string) => void;
}) {
  const stats = useEdgeStats(edge.id);
  return (
    <tr className="hover:bg-free/40">
      <NameCell name={edge.from} onOpen={() => onSelect(edge.id)} />
      <Td className="num">{edge.port}</Td>
      <Td>{edge.to}</Td>
      <Td figure>{edgeLabel(stats, measureOf('utilization'))}</Td>
      <Td figure>{formatRate(stats?.ratePerSec)}</Td>
      <Td figure>{formatPercent(stats?.blockedRatio)}</Td>
      <Td figure>{formatMs(stats?.waitP50Ms)}</Td>
      <Td figure>{formatMs(stats?.waitP99Ms)}</Td>
      <Td figure>{formatMs(stats?.drainMs)}</Td>
      <Td>{edge.provenance}</Td>
    </tr>
  );
}
