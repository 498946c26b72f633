/**
 * What an OTAP engine's metrics have told of its pipelines so far. Sender and receiver of a channel are told by
 * different metric sets, in any order, and are joined by the channel's id:
 *
 *   channel.sender {node, port, channel} ─┐
 *                                         ├─▶ edge from:port ▶ to, through `pdata:<to>`
 *   channel.receiver {node, channel} ─────┘
 */
import type { EdgeFact, Fact, NodeFact } from '@/lib/model/facts';
import type { Scope } from '@/lib/otlp/types';
import { DEFAULT_PORT, NODE_KINDS } from '@/lib/semconv/signals';
import { parseUrn, pdataChannelId } from '@/lib/semconv/urn';
import { textOf } from './attributes';
import { instanceId } from './instance-id';

/** Nodes, and channels, that are remembered of one engine. */
const LIMIT = 10_000;
const STATEFUL = /batch|retry|durable|buffer|temporal|aggregat/;

export interface OtapKnowledge {
  readonly nodes: Map<string, NodeFact>;
  /** Channel → the node that it runs into. */
  readonly receivers: Map<string, string>;
  /** Sender, port and channel → what of it makes an edge. */
  readonly senders: Map<string, { readonly from: string; readonly port: string; readonly channel: string }>;
  clear(): void;
}

export function createOtapKnowledge(): OtapKnowledge {
  const nodes: OtapKnowledge['nodes'] = new Map();
  const receivers: OtapKnowledge['receivers'] = new Map();
  const senders: OtapKnowledge['senders'] = new Map();
  return {
    nodes,
    receivers,
    senders,
    clear() {
      for (const held of [nodes, receivers, senders]) held.clear();
    },
  };
}

export function otapPipeline(scope: Scope | undefined): string {
  const group = textOf(scope?.attributes, 'pipeline.group.id');
  const pipeline = textOf(scope?.attributes, 'pipeline.id');
  return group === '' ? pipeline : `${group}/${pipeline}`;
}

/** Empty where the scope is of no node. */
export function otapNode(scope: Scope | undefined): string {
  const node = textOf(scope?.attributes, 'node.id');
  return node === '' ? '' : instanceId(node, otapPipeline(scope));
}

/** Channel ids are unique within a pipeline and the same on each of its cores. */
export function otapChannel(scope: Scope | undefined): string {
  return `${otapPipeline(scope)}|${textOf(scope?.attributes, 'channel.id')}`;
}

export function isPdata(scope: Scope | undefined): boolean {
  return textOf(scope?.attributes, 'channel.kind') === 'pdata';
}

/** True where something is new. */
export function learnOtap(knowledge: OtapKnowledge, scopes: readonly (Scope | undefined)[]): boolean {
  let learnt = false;
  const note = <T>(held: Map<string, T>, key: string, value: T) => {
    if (held.has(key) || held.size >= LIMIT) return;
    held.set(key, value);
    learnt = true;
  };
  for (const scope of scopes) {
    const id = otapNode(scope);
    if (!scope || id === '') continue;
    const urn = parseUrn(textOf(scope.attributes, 'node.urn'));
    const kind = textOf(scope.attributes, 'node.type');
    note(knowledge.nodes, id, {
      kind: 'node',
      id,
      component: textOf(scope.attributes, 'node.id'),
      pipeline: otapPipeline(scope),
      nodeKind: NODE_KINDS.find((known) => known === kind) ?? urn?.kind ?? 'processor',
      type: textOf(scope.attributes, 'node.urn'),
      stateful: STATEFUL.test(urn?.typeId ?? ''),
    });
    if (!isPdata(scope)) continue;
    const channel = otapChannel(scope);
    if (scope.name === 'channel.receiver' || scope.name === 'node.consumer') {
      note(knowledge.receivers, channel, id);
    }
    if (scope.name === 'channel.sender' || scope.name === 'node.producer') {
      const port = textOf(scope.attributes, 'node.port') || DEFAULT_PORT;
      note(knowledge.senders, `${id}|${port}|${channel}`, { from: id, port, channel });
    }
  }
  return learnt;
}

export function otapSeen(knowledge: OtapKnowledge): Fact {
  const edges = [...knowledge.senders.values()].flatMap(({ from, port, channel }): EdgeFact[] => {
    const to = knowledge.receivers.get(channel);
    if (to === undefined) return [];
    return [{ kind: 'edge', from, port, to, channel: pdataChannelId(to), provenance: 'observed' }];
  });
  return { kind: 'seen', nodes: [...knowledge.nodes.values()], edges };
}
