/** Makes the nodes of a pipeline and wires them: one channel into each worker, an edge for each output port. */
import { pdataChannelId } from '@/lib/semconv/urn';
import type { EngineNode } from './engine-node';
import { type Edge, PdataChannel } from './pdata-channel';
import type { PipelineConfig } from './pipeline-config';
import { ReceiverEngineNode } from './receiver-node';
import type { Runtime } from './runtime';
import type { PipelineLayout } from './telemetry';
import { WorkerNode } from './worker-node';

export function buildNodes(
  config: PipelineConfig,
  layout: PipelineLayout,
  runtime: Runtime,
  seeds: readonly number[],
): EngineNode[] {
  // Edges need channels and channels need their consumers: the wake-up finds its node when it is called.
  const nodes: EngineNode[] = [];
  const inputs = new Map<number, PdataChannel>();
  for (const [index, node] of config.nodes.entries()) {
    const channel = layout.nodes[index]?.channel ?? -1;
    if (channel < 0) continue;
    const wake = () => nodes[index]?.wake();
    inputs.set(channel, new PdataChannel(channel, pdataChannelId(node.id), node.capacity, runtime, wake));
  }
  for (const [index, nodeConfig] of config.nodes.entries()) {
    const edges = new Map<string, Edge>();
    for (const edge of layout.edges) {
      const target = inputs.get(edge.channel);
      if (edge.from === index && target) edges.set(edge.port, { ...edge, target });
    }
    const control = layout.channels.find(({ kind, node }) => kind === 'control' && node === index);
    const parts = {
      index,
      config: nodeConfig,
      edges,
      controlIndex: control?.index ?? -1,
      controlCapacity: config.controlCapacity,
      seed: seeds[index] ?? 0,
    };
    const input = inputs.get(layout.nodes[index]?.channel ?? -1);
    nodes.push(input ? new WorkerNode(runtime, { ...parts, input }) : new ReceiverEngineNode(runtime, parts));
  }
  return nodes;
}
