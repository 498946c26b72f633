/** A pipeline as text: `gen > batch:errors > exp`; receivers begin, exporters end. One line a chain. */
import type { TopologyFact } from '@/lib/model/facts';
import type { NodeKind } from '@/lib/semconv/signals';
import { pdataChannelId } from '@/lib/semconv/urn';

export function topologyOf(
  text: string,
  options: { pipeline?: string; time?: bigint; capacity?: number } = {},
): TopologyFact {
  const { pipeline = 'main', time = 1n, capacity = 64 } = options;
  const edges = new Map<string, TopologyFact['edges'][number]>();
  const ids = new Set<string>();
  for (const line of text.trim().split('\n')) {
    const steps = line.split('>').map((step) => step.trim());
    for (const [i, step] of steps.entries()) {
      const [id = '', port = 'default'] = step.split(':');
      ids.add(id);
      const to = steps[i + 1]?.split(':')[0];
      if (to === undefined) continue;
      const channel = pdataChannelId(to);
      edges.set(`${id} ${port} ${to}`, { kind: 'edge', from: id, port, to, channel, provenance: 'declared' });
    }
  }
  const list = [...edges.values()];
  const kindOf = (id: string): NodeKind => {
    if (!list.some((edge) => edge.to === id)) return 'receiver';
    return list.some((edge) => edge.from === id) ? 'processor' : 'exporter';
  };
  const nodes = [...ids].map((id) => ({
    kind: 'node' as const,
    id,
    component: id,
    pipeline,
    nodeKind: kindOf(id),
    type: `urn:otel:${kindOf(id)}:${id}`,
    stateful: false,
    ports: list.filter((edge) => edge.from === id).map((edge) => edge.port),
    concurrency: 1,
    state: 'running',
    config: null,
    configSchema: null,
    faults: null,
  }));
  const capacities = Object.fromEntries(list.map((edge) => [edge.channel, capacity]));
  return { kind: 'topology', timeNano: time, pipeline, revision: 1, nodes, edges: list, capacities };
}
