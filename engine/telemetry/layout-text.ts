/** What a topology contributes to every span, encoded once: scopes, names and the attributes that never change. */
import type { LayoutNode, PipelineLayout } from '@/engine/core/telemetry';
import { WireWriter } from '@/lib/otlp/wire-writer';
import { ATTR } from '@/lib/semconv/attributes';
import { SIGNALS } from '@/lib/semconv/signals';
import { scopeName, spanName } from '@/lib/semconv/urn';
import { writeBool, writeString } from './wire-attributes';

/** Span kinds of OTLP. */
const KIND = { receiver: 2, processor: 1, exporter: 3 } as const;
const SPAN_NAME = 5;
const SPAN_KIND = 6;
const SPAN_ATTRIBUTE = 9;
const SCOPE_NAME = 1;
const SCOPE_ATTRIBUTE = 3;

export interface NodeText {
  readonly node: LayoutNode;
  readonly name: string;
  /** Body of the InstrumentationScope message. */
  readonly scope: Uint8Array;
  /** Span fields `name` and `kind`. */
  readonly nameAndKind: Uint8Array;
  readonly kind: Uint8Array;
  /** Attributes by signal: node.id, node.type, stateful, signal.type. */
  readonly attributes: readonly Uint8Array[];
  /** Attribute `channel.id`; empty for a receiver. */
  readonly channel: Uint8Array;
}

export interface LayoutText {
  readonly layout: PipelineLayout;
  readonly nodes: readonly NodeText[];
}

export function createLayoutText(layout: PipelineLayout): LayoutText {
  return { layout, nodes: layout.nodes.map((node) => nodeText(layout, node)) };
}

/** `otel.processor.batch`, of the node's URN. */
export function scopeNameOf(node: LayoutNode): string {
  return scopeName({ kind: node.kind, typeId: node.typeId });
}

function nodeText(layout: PipelineLayout, node: LayoutNode): NodeText {
  const name = spanName({ kind: node.kind, typeId: node.typeId }, node.id);
  return {
    node,
    name,
    scope: written((writer) => {
      writer.tag(SCOPE_NAME, 2);
      writer.string(scopeNameOf(node));
      writeString(writer, SCOPE_ATTRIBUTE, ATTR.componentId, node.id);
      writeString(writer, SCOPE_ATTRIBUTE, ATTR.componentKind, node.kind);
      writeString(writer, SCOPE_ATTRIBUTE, ATTR.componentPipelineId, layout.pipelineId);
    }),
    nameAndKind: written((writer) => {
      writer.tag(SPAN_NAME, 2);
      writer.string(name);
      writer.tag(SPAN_KIND, 0);
      writer.varint32(KIND[node.kind]);
    }),
    kind: written((writer) => {
      writer.tag(SPAN_KIND, 0);
      writer.varint32(KIND[node.kind]);
    }),
    attributes: SIGNALS.map((signal) =>
      written((writer) => {
        writeString(writer, SPAN_ATTRIBUTE, ATTR.nodeId, node.id);
        writeString(writer, SPAN_ATTRIBUTE, ATTR.nodeType, node.urn);
        writeString(writer, SPAN_ATTRIBUTE, ATTR.signalType, signal);
        writeBool(writer, SPAN_ATTRIBUTE, ATTR.stateful, node.stateful);
      }),
    ),
    channel: written((writer) => {
      const channel = layout.channels[node.channel];
      if (channel) writeString(writer, SPAN_ATTRIBUTE, ATTR.channelId, channel.id);
    }),
  };
}

function written(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter(256);
  write(writer);
  return writer.finish();
}
