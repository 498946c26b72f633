import { formatUrn, parseUrn } from '@/lib/semconv/urn';
import type { NodeType } from './node';
import type { NodeTypes } from './pipeline-api';

/** By URN. Two of the same, or an URN that does not say the type's kind, are mistakes of the program. */
export function createNodeTypes(types: readonly NodeType[]): NodeTypes {
  const byUrn = new Map<string, NodeType>();
  for (const type of types) {
    const urn = parseUrn(type.urn);
    if (urn?.kind !== type.kind || formatUrn(urn) !== type.urn) throw new Error(`bad URN ${type.urn}`);
    if (byUrn.has(type.urn)) throw new Error(`two node types are ${type.urn}`);
    byUrn.set(type.urn, type);
  }
  return byUrn;
}
