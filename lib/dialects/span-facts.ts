/**
 * Facts from spans alone, for sources in no known dialect: the map from parents and children, rates, working times
 * and waits by the second. Everything is as complete as the spans that came: where a source samples, these figures
 * are of the sample, which is why whoever shows them says "derived from received spans".
 *
 * Spans are gathered until `take`, then told as deltas over the time since the last one. At most `MAX_NODES`,
 * and a histogram (24 KiB) only where something was recorded.
 */
import { HistogramCell } from '@/lib/histogram/cell';
import { SECONDS_RANGE } from '@/lib/histogram/histogram-set';
import type { EdgeFact, Entity, Fact, FactAttributes, Measure } from '@/lib/model/facts';
import type { HeardSpan } from '@/lib/model/heard-span';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { pdataChannelId } from '@/lib/semconv/urn';

export const MAX_NODES = 500;

export interface SpanFacts {
  hear(span: HeardSpan): void;
  /** What came since the last call, as of `nowNano`. */
  take(nowNano: bigint): Fact[];
  /** Spans without a node, or of nodes beyond the bound. */
  readonly unplaced: number;
}

interface Gathered {
  batches: number;
  failed: number;
  items: number;
  busySeconds: number;
  blockedSeconds: number;
  readonly duration: { success: HistogramCell | null; failure: HistogramCell | null };
  wait: HistogramCell | null;
  /** By the node of the parent span. */
  readonly from: Map<string, Link>;
}

interface Link {
  readonly from: string;
  readonly to: string;
  told: boolean;
  sent: number;
}

export function createSpanFacts(startNano: bigint): SpanFacts {
  const nodes = new Map<string, Gathered>();
  const links: Link[] = [];
  let since = startNano;
  let unplaced = 0;
  /** Spans of one node come in a row. */
  let recent: { readonly node: string; readonly gathered: Gathered } | null = null;

  const gatheredOf = (node: string): Gathered | null => {
    const known = nodes.get(node);
    if (known) return known;
    if (node === '' || nodes.size >= MAX_NODES) return null;
    const fresh: Gathered = {
      batches: 0,
      failed: 0,
      items: 0,
      busySeconds: 0,
      blockedSeconds: 0,
      duration: { success: null, failure: null },
      wait: null,
      from: new Map(),
    };
    nodes.set(node, fresh);
    return fresh;
  };

  return {
    hear(span) {
      const gathered = recent !== null && recent.node === span.node ? recent.gathered : gatheredOf(span.node);
      if (!gathered) {
        unplaced++;
        return;
      }
      if (recent?.gathered !== gathered) recent = { node: span.node, gathered };
      const workMs = Number.isNaN(span.workMs) ? span.durationMs : span.workMs;
      const failed = span.status === 2;
      gathered.batches++;
      if (failed) gathered.failed++;
      if (span.items > 0) gathered.items += span.items;
      gathered.busySeconds += workMs / 1_000;
      if (span.blockedMs > 0) gathered.blockedSeconds += span.blockedMs / 1_000;
      const outcome = failed ? 'failure' : 'success';
      gathered.duration[outcome] ??= new HistogramCell(SECONDS_RANGE);
      gathered.duration[outcome].record(workMs / 1_000);
      if (!Number.isNaN(span.waitMs)) {
        gathered.wait ??= new HistogramCell(SECONDS_RANGE);
        gathered.wait.record(span.waitMs / 1_000);
      }
      if (span.parentNode === '' || span.parentNode === span.node) return;
      const link = gathered.from.get(span.parentNode);
      if (link) link.sent++;
      else if (links.length < 2 * MAX_NODES) {
        const fresh = { from: span.parentNode, to: span.node, told: false, sent: 1 };
        gathered.from.set(span.parentNode, fresh);
        links.push(fresh);
      }
    },
    take(nowNano) {
      if (nowNano <= since) return [];
      const facts: Fact[] = [];
      const time = { startNano: since, timeNano: nowNano };
      for (const link of links) facts.push(...linkFacts(link, time));
      for (const [node, gathered] of nodes) facts.push(...nodeFacts(node, gathered, time));
      since = nowNano;
      return facts;
    },
    get unplaced() {
      return unplaced;
    },
  };
}

interface Stretch {
  readonly startNano: bigint;
  readonly timeNano: bigint;
}

const NOTHING: FactAttributes = {};
const SUCCESS: FactAttributes = { outcome: 'success' };
const FAILURE: FactAttributes = { outcome: 'failure' };

function linkFacts(link: Link, time: Stretch): Fact[] {
  const { from, to } = link;
  const channel = pdataChannelId(to);
  const facts: Fact[] = [];
  if (!link.told) {
    const edge: EdgeFact = { kind: 'edge', from, port: DEFAULT_PORT, to, channel, provenance: 'observed' };
    facts.push(edge);
    link.told = true;
  }
  const entity: Entity = { kind: 'edge', from, port: DEFAULT_PORT, channel };
  facts.push({ kind: 'counter', entity, measure: 'sent', attributes: NOTHING, ...time, delta: link.sent });
  link.sent = 0;
  return facts;
}

function nodeFacts(node: string, gathered: Gathered, time: Stretch): Fact[] {
  const entity: Entity = { kind: 'node', node };
  const channel: Entity = { kind: 'channel', channel: pdataChannelId(node), node };
  const counter = (of: Entity, measure: Measure, delta: number, attributes = NOTHING): Fact => ({
    kind: 'counter',
    entity: of,
    measure,
    attributes,
    ...time,
    delta,
  });
  const facts: Fact[] = [
    counter(entity, 'batches_in', gathered.batches - gathered.failed, SUCCESS),
    counter(entity, 'batches_in', gathered.failed, FAILURE),
    counter(entity, 'items_in', gathered.items),
    counter(entity, 'busy', gathered.busySeconds),
    counter(entity, 'blocked', gathered.blockedSeconds),
    counter(channel, 'received', gathered.batches),
  ];
  for (const [attributes, cell] of [
    [SUCCESS, gathered.duration.success],
    [FAILURE, gathered.duration.failure],
  ] as const) {
    const histogram = cell?.take();
    if (histogram !== undefined && histogram.count > 0) {
      facts.push({
        kind: 'duration',
        entity,
        measure: 'duration',
        attributes,
        ...time,
        histogram,
      });
    }
  }
  const waits = gathered.wait?.take();
  if (waits !== undefined && waits.count > 0) {
    facts.push({
      kind: 'duration',
      entity: channel,
      measure: 'wait',
      attributes: NOTHING,
      ...time,
      histogram: waits,
    });
  }
  gathered.batches = 0;
  gathered.failed = 0;
  gathered.items = 0;
  gathered.busySeconds = 0;
  gathered.blockedSeconds = 0;
  return facts;
}
