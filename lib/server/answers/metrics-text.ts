/** `GET /metrics`: the dashboard's own state, and the current figures of every engine's map. */
import type { TopologyAnswer } from '@/lib/api/topology';
import type { EngineId } from '@/lib/model/engine';
import type { Hub } from '../hub';
import { ITEMS_WAYS } from '../ports';
import { healthAnswer } from './health-answer';
import { ownMetrics } from './own-metrics';
import { type PrometheusMetric, prometheusText } from './prometheus-text';

export function metricsText(hub: Hub): string {
  return prometheusText(metricFamilies(hub));
}

/** Everything that is exposed, those included that have no sample now. */
export function metricFamilies(hub: Hub): readonly PrometheusMetric[] {
  const engines = hub.directory.list();
  const maps = engines.map(({ id }) =>
    hub.analysis.topology({ engine: id as EngineId, pipeline: null, window: '1m', atUnixNano: null }),
  );
  const connected: PrometheusMetric = {
    name: 'weir_engine_connected',
    help: '1 while the engine is connected.',
    type: 'gauge',
    samples: engines.map(({ id, connected }) => ({ labels: { engine: id }, value: connected ? 1 : 0 })),
  };
  const own = ownMetrics({ health: healthAnswer(hub), vitals: hub.vitals.read(), cpuSeconds: cpuSeconds() });
  return [...own, connected, ...mapMetrics(hub, maps)];
}

function mapMetrics(hub: Hub, maps: readonly TopologyAnswer[]): PrometheusMetric[] {
  const ofNodes = (
    name: string,
    help: string,
    read: (stats: TopologyAnswer['nodes'][number]['stats']) => number | null,
  ): PrometheusMetric => ({
    name,
    help,
    type: 'gauge',
    samples: maps.flatMap(({ engine, nodes }) =>
      nodes.map(({ id, stats }) => ({ labels: { engine, node: id }, value: read(stats) })),
    ),
  });
  const ofEdges = (
    name: string,
    help: string,
    read: (stats: TopologyAnswer['edges'][number]['stats']) => number | null,
  ): PrometheusMetric => ({
    name,
    help,
    type: 'gauge',
    samples: maps.flatMap(({ engine, edges }) =>
      edges.map(({ from, port, to, channel, stats }) => ({
        labels: { engine, client: from, server: to, port, channel },
        value: read(stats),
      })),
    ),
  });
  return [
    ofNodes('weir_node_items_in_per_second', 'Items a second into the node.', (s) => s.inPerSec),
    ofNodes('weir_node_items_out_per_second', 'Items a second out of the node.', (s) => s.outPerSec),
    ofNodes('weir_node_work_p99_milliseconds', 'Working time, 99th percentile.', (s) => s.p99Ms),
    ofNodes('weir_node_busy_ratio', 'Share of the time that it works.', (s) => s.busyRatio),
    ofNodes('weir_node_blocked_ratio', 'Share of the time that it is blocked.', (s) => s.blockedRatio),
    ofNodes('weir_node_error_ratio', 'Share of batches that fail.', (s) => s.errorRatio),
    ofNodes('weir_node_items_lost_per_second', 'Items a second lost.', (s) => s.lostPerSec),
    {
      name: 'weir_node_items_total',
      help: 'Items in, out, delivered, lost and taken out by design, since the engine started or was first heard.',
      type: 'counter',
      samples: maps.flatMap(({ engine, nodes }) =>
        nodes.flatMap(({ id }) =>
          ITEMS_WAYS.map((way) => ({
            labels: { engine, node: id, way },
            value: hub.analysis.itemsTotal(engine as EngineId, id, way),
          })),
        ),
      ),
    },
    ofEdges('weir_channel_utilization_ratio', 'Occupancy over capacity.', (s) => s.utilization),
    ofEdges('weir_channel_depth', 'Messages in the channel.', (s) => s.depth),
    ofEdges(
      'weir_channel_wait_p99_milliseconds',
      'Wait in the channel, 99th percentile.',
      (s) => s.waitP99Ms,
    ),
    {
      name: 'weir_items_lost_total',
      help: 'Items lost at a node since the server heard of it, by reason; what filters and samplers take out is not lost.',
      type: 'counter',
      samples: maps.flatMap(({ engine }) =>
        hub.analysis
          .lostTotals(engine as EngineId)
          .map(({ node, reason, items }) => ({ labels: { engine, node, reason }, value: items })),
      ),
    },
    {
      name: 'traces_service_graph_request_total',
      help: 'Messages over each edge since the server heard of it.',
      type: 'counter',
      samples: maps.flatMap(({ engine, edges }) =>
        edges.map((edge) => ({
          labels: { client: edge.from, server: edge.to, engine, port: edge.port },
          value: hub.analysis.edgeTotal(engine as EngineId, edge),
        })),
      ),
    },
    {
      name: 'weir_finding',
      help: '1 while the finding is open.',
      type: 'gauge',
      samples: maps.flatMap(({ engine, findings }) =>
        findings.map(({ kind, node, edge }) => ({
          labels: { engine, kind, node: node ?? '', edge: edge ?? '' },
          value: 1,
        })),
      ),
    },
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
