/**
 * The OTAP engine's metric sets. The scope is the entity; a pipeline runs once per core, and every figure carries its
 * core, so that whoever reads adds rates and takes the largest utilisation.
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { controlChannelId, pdataChannelId } from '@/lib/semconv/urn';
import { textOf } from './attributes';
import { type DialectState, NO_MEANING, type SeriesMeaning, type SeriesOf, type Target } from './dialect';
import { nodeEntity } from './metric-facts';
import { isPdata, otapChannel, otapNode } from './otap-knowledge';
import { perSecondUnit } from './units';

/** Names that moved between releases, to the ones below. Set and metric are one text here. */
const ALIASES: Readonly<Record<string, string>> = {
  'node.consumer|node.input.messages': 'node.consumer|consumed.messages',
  'node.consumer|node.input.items': 'node.consumer|consumed.items',
  'node.consumer|node.input.duration': 'node.consumer|consumed.duration',
  'node.input|messages': 'node.consumer|consumed.messages',
  'node.input|items': 'node.consumer|consumed.items',
  'node.input|duration': 'node.consumer|consumed.duration',
  'node.completion|duration': 'node.consumer|consumed.duration',
  'node.consumer|node.completion.duration': 'node.consumer|consumed.duration',
  'node.producer|node.output.messages': 'node.producer|produced.messages',
  'node.producer|node.output.items': 'node.producer|produced.items',
  'node.output|messages': 'node.producer|produced.messages',
  'node.output|items': 'node.producer|produced.items',
  'channel.receiver|recv.count': 'channel.receiver|messages',
  'channel.sender|send.count': 'channel.sender|messages',
};

const NODE: Readonly<Record<string, Measure>> = {
  'node.consumer|consumed.messages': 'batches_in',
  'node.consumer|consumed.items': 'items_in',
  // Until the ack or nack, all of downstream included: never a working time.
  'node.consumer|consumed.duration': 'until_ack',
  'node.producer|produced.messages': 'batches_out',
  'node.producer|produced.items': 'items_out',
  'processor.compute|compute.success.duration': 'duration',
  'processor.compute|compute.failed.duration': 'duration',
  'exporter.exports|duration': 'duration',
  'otap.processor.batch|flushes.size': 'flushes',
  'otap.processor.batch|flushes.timer': 'flushes',
  'otap.processor.batch|flush.age.duration': 'held',
  'receiver.otlp.requests|completed': 'batches_in',
};

const CHANNEL: Readonly<Record<string, Measure>> = {
  'channel.receiver|messages': 'received',
  'channel.receiver|queue.depth': 'depth',
  'channel.receiver|capacity': 'capacity',
};

/** What the control plane did, by action and outcome. */
const CONTROL: Readonly<Record<string, readonly [string, string]>> = {
  'pipeline.completion|ack.delivered': ['ack', 'applied'],
  'pipeline.completion|nack.delivered': ['nack', 'applied'],
  // It unwound to the end and no node on its way had asked to hear of it.
  'pipeline.completion|ack.dropped_no_interest': ['ack', 'no_interest'],
  'pipeline.completion|nack.dropped_no_interest': ['nack', 'no_interest'],
  'pipeline.runtime_control|timer_tick.sent': ['timer_tick', 'applied'],
  'pipeline.runtime_control|collect_telemetry.sent': ['collect_telemetry', 'applied'],
  'pipeline.runtime_control|drain_ingress.sent': ['drain', 'applied'],
  'pipeline.runtime_control|shutdown.received': ['shutdown', 'applied'],
  'pipeline.runtime_control|shutdown.deadline_forced': ['shutdown', 'forced'],
};

const ENGINE: Readonly<Record<string, Measure>> = {
  'engine|memory.rss': 'memory',
  'pipeline|cpu.time': 'cpu',
};

export function mapOtapSeries(series: SeriesOf, state: DialectState): SeriesMeaning | null {
  const own = `${series.scope?.name ?? ''}|${series.metric}`;
  const name = ALIASES[own] ?? own;
  const control = CONTROL[name];
  if (control) {
    const [action, outcome] = control;
    return one({ kind: 'control', action, node: 'pipeline' }, 'control_actions', series, { outcome });
  }
  const engine = ENGINE[name];
  if (engine) return one({ kind: 'engine' }, engine, series);

  const node = otapNode(series.scope);
  if (node === '') return null;
  const channel = CHANNEL[name];
  if (channel) {
    const id = isPdata(series.scope) ? pdataChannelId(node) : controlChannelId(node);
    return one({ kind: 'channel', channel: id, node }, channel, series);
  }
  if (name === 'channel.sender|messages') return sends(series, node, state);
  if (name === 'exporter.exports|messages') {
    const failed = textOf(series.attributes, 'outcome') !== 'success';
    return one(nodeEntity(node), failed ? 'batches_returned' : 'batches_delivered', series);
  }
  if (name.startsWith('otap.processor.batch|dropped.')) {
    return one(nodeEntity(node), 'dropped', series, {
      reason: name.slice('otap.processor.batch|dropped.'.length),
    });
  }
  const measure = NODE[name];
  if (!measure) return null;
  const extra: FactAttributes =
    measure === 'flushes'
      ? { reason: name.endsWith('timer') ? 'timer' : 'size' }
      : name === 'processor.compute|compute.success.duration'
        ? { outcome: 'success' }
        : name === 'processor.compute|compute.failed.duration'
          ? { outcome: 'failure' }
          : measure === 'items_out' || measure === 'batches_out'
            ? { port: textOf(series.scope?.attributes, 'node.port') || DEFAULT_PORT }
            : {};
  const meaning = one(nodeEntity(node), measure, series, extra);
  return measure === 'items_in' && textOf(series.scope?.attributes, 'node.type') === 'exporter'
    ? withOutcome(meaning)
    : meaning;
}

/** An exporter has no way on: what it was acked for is delivered, what it nacked went back. */
function withOutcome(meaning: SeriesMeaning): SeriesMeaning {
  return {
    ...meaning,
    targets: meaning.targets.flatMap((target): Target[] => [
      target,
      {
        ...target,
        measure: target.attributes.outcome === 'success' ? 'items_delivered' : 'items_returned',
      },
    ]),
  };
}

/** Where a channel leads is told by its receiver; before that was heard, the send is nowhere on the map. */
function sends(series: SeriesOf, node: string, state: DialectState): SeriesMeaning | null {
  if (!isPdata(series.scope)) return null;
  const to = state.otap.receivers.get(otapChannel(series.scope));
  if (to === undefined) return null;
  const port = textOf(series.scope?.attributes, 'node.port') || DEFAULT_PORT;
  const refused = textOf(series.attributes, 'outcome') === 'refused';
  const entity: Entity = { kind: 'edge', from: node, port, channel: pdataChannelId(to) };
  return one(entity, refused ? 'blocked_sends' : 'sent', series);
}

function one(entity: Entity, measure: Measure, series: SeriesOf, extra: FactAttributes = {}): SeriesMeaning {
  const signal = textOf(series.attributes, 'signal');
  const outcome = textOf(series.attributes, 'outcome');
  const core = textOf(series.scope?.attributes, 'core.id');
  const attributes: FactAttributes = {
    ...(signal !== '' && { signal }),
    ...(outcome !== '' && { outcome }),
    ...(core !== '' && { core }),
    ...extra,
  };
  return { ...NO_MEANING, targets: [{ entity, measure, attributes, perUnit: perSecondUnit(series.unit) }] };
}
