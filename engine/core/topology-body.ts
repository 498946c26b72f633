import { z } from 'zod';
import type { EngineNode } from './engine-node';
import { endpointName } from './layout';
import type { NodeType } from './node';
import type { PipelineConfig } from './pipeline-config';
import type { PipelineLayout, TopologyBody } from './telemetry';

/** The body of the topology event: what is declared, as it is now. */
export function topologyBodyOf(
  config: PipelineConfig,
  layout: PipelineLayout,
  nodes: readonly EngineNode[],
  capacities: Float64Array,
): TopologyBody {
  return {
    pipeline: config.id,
    revision: layout.revision,
    nodes: nodes.map((node) => ({
      id: node.id,
      type: node.config.type.urn,
      kind: node.kind,
      stateful: node.config.type.stateful,
      ports: node.ports,
      concurrency: node.concurrency,
      state: node.state,
      config: node.rawConfig,
      configSchema: schemaOf(node.config.type),
      faults: node.faults.config,
    })),
    connections: config.connections.map(({ from, port, to }) => ({ from: endpointName(from, port), to })),
    channels: layout.channels.map(({ id, index }) => ({ id, capacity: capacities[index] ?? 0 })),
  };
}

const SCHEMAS = new WeakMap<NodeType, unknown>();

/** As one writes it: defaults are not required. What JSON Schema cannot say is left open. */
function schemaOf(type: NodeType): unknown {
  let schema = SCHEMAS.get(type);
  if (schema === undefined) {
    schema = z.toJSONSchema(type.config, { io: 'input', unrepresentable: 'any' });
    SCHEMAS.set(type, schema);
  }
  return schema;
}
