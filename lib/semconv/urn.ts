import type { NodeKind } from './signals';

export interface NodeUrn {
  readonly kind: NodeKind;
  readonly typeId: string;
}

/** Reads `urn:otel:processor:batch`, `urn:otel:batch:processor` (older writers) and the shortcut `processor:batch`; `null` where it is none. */
export function parseUrn(text: string): NodeUrn | null {
  const parts = text.replace(/^urn:[a-z0-9-]+:/, '').split(':');
  const [first, second] = parts;
  if (parts.length !== 2 || !first || !second) return null;
  if (isNodeKind(first)) return { kind: first, typeId: second };
  return isNodeKind(second) ? { kind: second, typeId: first } : null;
}

export function formatUrn(urn: NodeUrn): string {
  return `urn:otel:${urn.kind}:${urn.typeId}`;
}

export function scopeName(urn: NodeUrn): string {
  return `otel.${urn.kind}.${urn.typeId}`;
}

/** `processor/batch/proc-2`: the name of every span of a node. */
export function spanName(urn: NodeUrn, nodeId: string): string {
  return `${urn.kind}/${urn.typeId}/${nodeId}`;
}

export function pdataChannelId(nodeId: string): string {
  return `pdata:${nodeId}`;
}

export function controlChannelId(nodeId: string): string {
  return `control:${nodeId}`;
}

function isNodeKind(text: string): text is NodeKind {
  return text === 'receiver' || text === 'processor' || text === 'exporter' || text === 'connector';
}
