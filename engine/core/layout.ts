/** Numbers the nodes, channels and edges of a pipeline: a node's pdata channel first, then its control channel. */
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { controlChannelId, parseUrn, pdataChannelId } from '@/lib/semconv/urn';
import type { PipelineConfig } from './pipeline-config';
import type { LayoutChannel, LayoutEdge, LayoutNode, PipelineLayout } from './telemetry';

export function layoutOf(config: PipelineConfig, revision: number): PipelineLayout {
  const channels: LayoutChannel[] = [];
  const inputs = new Map<string, number>();
  const nodes = config.nodes.map((node, index): LayoutNode => {
    const { type, id } = node;
    if (type.kind !== 'receiver') {
      inputs.set(id, channels.length);
      channels.push({ index: channels.length, id: pdataChannelId(id), kind: 'pdata', node: index });
    }
    channels.push({ index: channels.length, id: controlChannelId(id), kind: 'control', node: index });
    return {
      index,
      id,
      urn: type.urn,
      kind: type.kind,
      typeId: parseUrn(type.urn)?.typeId ?? type.urn,
      stateful: type.stateful,
      waitsForOutcome: type.kind === 'receiver' || (type.waitsForOutcome ?? false),
      changesUnit: type.changesUnit ?? false,
      ports: config.connections.filter(({ from }) => from === id).map(({ port }) => port),
      channel: inputs.get(id) ?? -1,
    };
  });
  const indexOf = new Map(nodes.map(({ id, index }) => [id, index]));
  const edges = config.connections.map(
    ({ from, port, to }, index): LayoutEdge => ({
      index,
      from: indexOf.get(from) ?? -1,
      port,
      channel: inputs.get(to) ?? -1,
    }),
  );
  return { pipelineId: config.id, revision, nodes, channels, edges, delayedAfterMs: config.delayedAfterMs };
}

/** `a:port`, or `a` where the port has no name. */
export function endpointName(node: string, port: string): string {
  return port === DEFAULT_PORT ? node : `${node}:${port}`;
}
