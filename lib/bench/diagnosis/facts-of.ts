/**
 * What an engine of a style tells of one second, as facts of its dialect: nothing here knows of a fault, and what a
 * style does not count is not in it. Waits in channels and on sends are left out: no detector reads them.
 *
 *            in/out  failed  lost   busy  blocked  depth    working time
 *   weir     yes     yes     yes    yes   yes      yes      histogram
 *   otap     yes     yes     no     no    no       yes      count, sum, max; of exporters a histogram
 *   collector items  items   items  no    no       exporter of processors; of exporters requests in flight
 */
import { HistogramCell } from '@/lib/histogram/cell';
import { SECONDS_RANGE } from '@/lib/histogram/histogram-set';
import type { Entity, Fact, FactAttributes, Measure, TopologyFact } from '@/lib/model/facts';
import { formatUrn, pdataChannelId } from '@/lib/semconv/urn';
import { hasChannel, kindOf, type PipelineSpec, portName, SIGNALS } from './pipeline-spec';
import type { Node } from './queue-state';
import { sum } from './tally';

export const EPOCH_SECONDS = 1_700_000_000;
const NANOS = 1_000_000_000n;
const NO_ATTRIBUTES: FactAttributes = {};
const SUCCESS: FactAttributes = { outcome: 'success' };
const FAILURE: FactAttributes = { outcome: 'failure' };
const TIMER: FactAttributes = { reason: 'timer' };
const SIZE: FactAttributes = { reason: 'size' };
const BY_SIGNAL: readonly FactAttributes[] = SIGNALS.map((signal) => ({ signal }));

export function nanosAt(second: number): bigint {
  return BigInt(Math.round((EPOCH_SECONDS + second) * 1_000)) * (NANOS / 1_000n);
}

export function channelOf(id: string): string {
  return pdataChannelId(id);
}

export interface Teller {
  topology(second: number, revision: number): TopologyFact;
  /** Of the second that ended at `second`. */
  facts(nodes: ReadonlyMap<string, Node>, second: number): Fact[];
}

export function createTeller(spec: PipelineSpec): Teller {
  const cell = new HistogramCell(SECONDS_RANGE);
  const byPort: readonly (readonly FactAttributes[])[] = Array.from({ length: 8 }, (_, port) =>
    SIGNALS.map((signal): FactAttributes => ({ signal, port: portName(port) })),
  );

  const facts = (nodes: ReadonlyMap<string, Node>, second: number): Fact[] => {
    const told: Fact[] = [];
    const timeNano = nanosAt(second);
    const startNano = nanosAt(second - 1);
    const count = (entity: Entity, measure: Measure, delta: number, attributes = NO_ATTRIBUTES) => {
      if (delta > 0) told.push({ kind: 'counter', entity, measure, attributes, timeNano, startNano, delta });
    };
    const gauge = (entity: Entity, measure: Measure, value: number, at = timeNano) => {
      told.push({ kind: 'gauge', entity, measure, attributes: NO_ATTRIBUTES, timeNano: at, value });
    };
    const durations = (
      entity: Entity,
      measure: Measure,
      values: readonly number[],
      attributes = NO_ATTRIBUTES,
      bare = false,
    ) => {
      if (values.length === 0) return;
      for (const value of values) cell.record(value);
      const taken = cell.take();
      const histogram = bare ? { ...taken, offset: 0, buckets: [], zeroCount: 0 } : taken;
      told.push({ kind: 'duration', entity, measure, attributes, timeNano, startNano, histogram });
    };
    const samples = (entity: Entity, measure: Measure, values: readonly number[]) => {
      for (const [i, value] of values.entries()) {
        gauge(entity, measure, value, nanosAt(second - 1 + (i + 1) / values.length));
      }
    };

    const { style } = spec;
    for (const node of nodes.values()) {
      const { id, role } = node.spec;
      const { tally } = node;
      const entity: Entity = { kind: 'node', node: id };
      const isWeir = style === 'weir';
      const isCollector = style === 'collector';
      for (const [signal, attributes] of BY_SIGNAL.entries()) {
        count(entity, 'items_in', tally.itemsIn[signal] ?? 0, attributes);
        if (!isCollector) count(entity, 'batches_in', tally.batchesIn[signal] ?? 0, attributes);
      }
      for (let at = 0; at < tally.out.items.length; at++) {
        // A Collector's connectors tell where they send, its other components do not.
        const tellsPort = !isCollector || /router/.test(role);
        const attributes = tellsPort ? byPort[Math.floor(at / 3)]?.[at % 3] : BY_SIGNAL[at % 3];
        count(entity, 'items_out', tally.out.items[at] ?? 0, attributes);
        if (!isCollector) count(entity, 'batches_out', tally.out.batches[at] ?? 0, attributes);
      }
      if (role === 'export') {
        count(entity, 'items_delivered', tally.delivered);
        if (!isCollector) count(entity, 'batches_delivered', tally.batchesDelivered);
      }
      if (isWeir) {
        count(entity, 'items_created', tally.created);
        count(entity, 'reduced', tally.reduced);
        count(entity, 'busy', tally.busy);
        count(entity, 'blocked', tally.blocked);
        count(entity, 'delayed', tally.delayed);
        gauge(entity, 'concurrency', node.spec.workers);
        if (role !== 'retry') samples(entity, 'in_flight_items', tally.inHands);
      }
      if (isCollector) {
        count(entity, 'dropped', tally.dropped, { reason: 'send_failed' });
        count(entity, 'dropped', tally.overflow, { reason: 'queue_full' });
        if (role === 'filter') count(entity, 'reduced', tally.reduced, { reason: 'filtered' });
        // Its log says so, a few times a second at most.
        if (tally.attemptsFailed > 0) gauge(entity, 'export_failing', 1);
        if (role === 'export') samples(entity, 'in_flight', tally.inFlight);
        else if (role !== 'source') durations(entity, 'duration', [...tally.succeeded, ...tally.failed]);
        if (role !== 'export') count(entity, 'items_returned', tally.returned);
      } else {
        count(entity, 'items_returned', tally.returned);
        count(entity, 'batches_returned', tally.batchesReturned);
        count(entity, 'dropped', tally.dropped, { reason: 'fault' });
        const bare = style === 'otap' && role !== 'export';
        // Receivers and retries of an engine that tells no working time have none.
        if (isWeir || (role !== 'source' && role !== 'retry')) {
          durations(entity, 'duration', tally.succeeded, SUCCESS, bare);
          durations(entity, 'duration', tally.failed, FAILURE, bare);
        }
      }
      if (role === 'batch' && !isWeir) {
        count(entity, 'flushes', tally.flushedBySize, SIZE);
        count(entity, 'flushes', tally.flushedByTimer, TIMER);
        if (style === 'otap') durations(entity, 'held', tally.held);
      }

      if (node.channel && hasChannel(style, role)) {
        const channel: Entity = { kind: 'channel', channel: channelOf(id), node: id };
        samples(channel, 'depth', node.channel.tally.depth);
        gauge(channel, 'capacity', node.channel.capacity);
        count(channel, 'received', node.channel.tally.received);
        if (isWeir) {
          count(channel, 'occupancy', node.channel.tally.occupancy);
        }
      }
      if (isCollector) continue;
      for (const [port, edge] of node.edges.entries()) {
        const target = node.spec.outputs[port];
        if (target === undefined) continue;
        const sender: Entity = { kind: 'edge', from: id, port: portName(port), channel: channelOf(target) };
        for (const [signal, attributes] of BY_SIGNAL.entries()) {
          count(sender, 'sent', edge.sent[signal] ?? 0, attributes);
        }
        if (!isWeir) continue;
        count(sender, 'blocked_sends', edge.blockedSends);
      }
    }
    // A second without any news is still a second that was told.
    count({ kind: 'engine' }, 'cpu', 0.05 + 0.001 * sum([...nodes.values()].map(({ busy }) => busy)));
    return told;
  };

  return {
    facts,
    topology: (second, revision) => ({
      kind: 'topology',
      timeNano: nanosAt(second),
      pipeline: 'simulated',
      revision,
      nodes: spec.nodes.map((node) => ({
        kind: 'node',
        id: node.id,
        component: node.id,
        pipeline: 'simulated',
        nodeKind: kindOf(node.role),
        type: formatUrn({ kind: kindOf(node.role), typeId: node.role }),
        stateful: node.role === 'batch',
        ports: node.outputs.map((_, port) => portName(port)),
        concurrency:
          spec.style === 'weir' || (spec.style === 'collector' && node.role === 'export')
            ? node.workers
            : null,
        state: null,
        config: null,
        configSchema: null,
        faults: null,
      })),
      edges: spec.nodes.flatMap((node) =>
        node.outputs.map((to, port) => ({
          kind: 'edge' as const,
          from: node.id,
          port: portName(port),
          to,
          channel: channelOf(to),
          provenance: 'declared' as const,
        })),
      ),
      capacities: Object.fromEntries(
        spec.nodes
          .filter(({ role }) => hasChannel(spec.style, role))
          .map(({ id, capacity }) => [channelOf(id), capacity]),
      ),
    }),
  };
}
