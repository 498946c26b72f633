/**
 * Resource and scope of a block of items, kept once for all rows that have them, counted by the segments of those rows
 * and by requests that are being stored. Whose it is
 * and what it says of node, signal and policy is read when it first comes; the rest when someone looks.
 */
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import { RESOURCE, SCOPE } from '@/lib/otlp/common-schema';
import { decodeMessage } from '@/lib/otlp/decode-message';
import type { AnyValue, KeyValue, Resource, Scope } from '@/lib/otlp/types';
import { WireReader } from '@/lib/otlp/wire-reader';
import { ATTR, NODE_ID_ALIASES, SIGNAL_ALIASES } from '@/lib/semconv/attributes';
import { hashBytes } from './string-table';

export interface Context {
  readonly code: number;
  readonly hash: number;
  readonly resourceBytes: Uint8Array;
  readonly scopeBytes: Uint8Array;
  readonly resourceView: DataView;
  readonly scopeView: DataView;
  readonly engine: EngineId;
  /** Empty where neither says so. */
  readonly node: string;
  readonly signal: string;
  readonly policy: string;
  /** UTF-8 of `node`, for interning. */
  readonly nodeBytes: Uint8Array;
  readonly signalBytes: Uint8Array;
  readonly policyBytes: Uint8Array;
  /** The store's code of `engine`; −1 until it is first asked for. */
  engineCode: number;
  /** Segments and requests that hold it. */
  holders: number;
  /** Stamp of the segment that counted it last. */
  stamp: number;
  /** Which came next when it last came: blocks follow each other in a sender's requests as they did before. */
  follower: Context | null;
}

/** A request, and the view of the same bytes. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export interface ContextTable {
  readonly bytes: number;
  /** The context of two ranges of a request (start −1: absent), held until `release`. Throws MalformedError. */
  acquire(
    source: Source,
    resourceStart: number,
    resourceEnd: number,
    scopeStart: number,
    scopeEnd: number,
  ): Context;
  /** Counts it once for the holder with this stamp, and notes it in its list. */
  retainFor(context: Context, stamp: number, list: number[]): void;
  release(context: Context): void;
  at(code: number): Context;
}

/** Objects and tables of one entry, measured generously. */
const ENTRY_BYTES = 600;
const NONE = new Uint8Array(0);

export function createContextTable(resolveEngine: (resource: ResourceIdentity) => EngineId): ContextTable {
  const entries: (Context | undefined)[] = [];
  const byHash = new Map<number, Context[]>();
  const free: number[] = [];
  const encoder = new TextEncoder();
  let bytes = 0;
  let last: Context | null = null;

  const costOf = (context: Context) =>
    ENTRY_BYTES + context.resourceBytes.length + context.scopeBytes.length + 3 * context.nodeBytes.length;

  const take = (context: Context) => {
    if (last !== null) last.follower = context;
    last = context;
    context.holders++;
    return context;
  };

  return {
    get bytes() {
      return bytes;
    },
    acquire(source, resourceStart, resourceEnd, scopeStart, scopeEnd) {
      const { bytes: sent, view } = source;
      const expected = last?.follower ?? null;
      if (
        expected !== null &&
        entries[expected.code] === expected &&
        sameRange(expected.scopeView, view, scopeStart, scopeEnd) &&
        sameRange(expected.resourceView, view, resourceStart, resourceEnd)
      )
        return take(expected);
      const resourceHash = resourceStart < 0 ? 1 : hashBytes(sent, resourceStart, resourceEnd);
      const scopeHash = scopeStart < 0 ? 1 : hashBytes(sent, scopeStart, scopeEnd);
      const hash = (Math.imul(resourceHash, 31) ^ scopeHash) >>> 0;
      const known = byHash.get(hash);
      for (const context of known ?? []) {
        if (
          sameRange(context.scopeView, view, scopeStart, scopeEnd) &&
          sameRange(context.resourceView, view, resourceStart, resourceEnd)
        )
          return take(context);
      }
      const resourceBytes = resourceStart < 0 ? NONE : sent.slice(resourceStart, resourceEnd);
      const scopeBytes = scopeStart < 0 ? NONE : sent.slice(scopeStart, scopeEnd);
      const resource = decodeMessage(RESOURCE, new WireReader(resourceBytes));
      const scope = decodeMessage(SCOPE, new WireReader(scopeBytes));
      const node = nearest(NODE_ID_ALIASES, scope.attributes, resource.attributes);
      const signal = nearest(SIGNAL_ALIASES, scope.attributes, resource.attributes);
      const policy = nearest([ATTR.samplingPolicy], scope.attributes, resource.attributes);
      const context: Context = {
        code: free.pop() ?? entries.length,
        hash,
        resourceBytes,
        scopeBytes,
        resourceView: viewOf(resourceBytes),
        scopeView: viewOf(scopeBytes),
        engine: resolveEngine(identityOf(resource)),
        node,
        signal,
        policy,
        nodeBytes: encoder.encode(node),
        signalBytes: encoder.encode(signal),
        policyBytes: encoder.encode(policy),
        engineCode: -1,
        holders: 0,
        stamp: 0,
        follower: null,
      };
      entries[context.code] = context;
      if (known) known.push(context);
      else byHash.set(hash, [context]);
      bytes += costOf(context);
      return take(context);
    },
    retainFor(context, stamp, list) {
      if (context.stamp === stamp) return;
      context.stamp = stamp;
      context.holders++;
      list.push(context.code);
    },
    release(context) {
      context.holders--;
      if (context.holders > 0) return;
      // What left may still be somebody's follower: it may not hold on to others in turn.
      context.follower = null;
      if (last === context) last = null;
      const list = byHash.get(context.hash) ?? [];
      list.splice(list.indexOf(context), 1);
      if (list.length === 0) byHash.delete(context.hash);
      entries[context.code] = undefined;
      free.push(context.code);
      bytes -= costOf(context);
    },
    at(code) {
      const context = entries[code];
      if (context === undefined) throw new Error(`context ${code} is not held`);
      return context;
    },
  };
}

export function resourceOf(context: Context): Resource {
  return decodeMessage(RESOURCE, new WireReader(context.resourceBytes));
}

export function scopeOf(context: Context): Scope {
  return decodeMessage(SCOPE, new WireReader(context.scopeBytes));
}

export function identityOf(resource: Resource | undefined): ResourceIdentity {
  const text = (key: string) => firstText([key], resource?.attributes ?? []);
  return {
    service: text(ATTR.serviceName),
    instance: text(ATTR.serviceInstanceId),
    version: text(ATTR.serviceVersion),
    host: text(ATTR.hostName),
    pod: text(ATTR.podName),
    pipeline: text(ATTR.pipelineId),
  };
}

/** The first alias that is told, in the scope, else in the resource. */
export function nearest(aliases: readonly string[], ...levels: readonly (readonly KeyValue[])[]): string {
  for (const level of levels) {
    const text = firstText(aliases, level);
    if (text !== '') return text;
  }
  return '';
}

function firstText(aliases: readonly string[], attributes: readonly KeyValue[]): string {
  for (const alias of aliases) {
    const text = stringOf(attributes.findLast(({ key }) => key === alias)?.value);
    if (text !== '') return text;
  }
  return '';
}

function stringOf(value: AnyValue | undefined): string {
  return value !== undefined && 'stringValue' in value ? (value.stringValue ?? '') : '';
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A word at a time: this is done for each block of each request. */
function sameRange(known: DataView, sent: DataView, start: number, end: number): boolean {
  const length = start < 0 ? 0 : end - start;
  if (known.byteLength !== length) return false;
  let at = 0;
  for (; at + 4 <= length; at += 4) if (known.getInt32(at) !== sent.getInt32(start + at)) return false;
  for (; at < length; at++) if (known.getUint8(at) !== sent.getUint8(start + at)) return false;
  return true;
}
