/** 1 → n: parts of one pdata, sent one after the other, and the join of their outcomes. */
import type { CorePdata } from './core-pdata';
import { Flow, type FlowListener, type FlowOwner } from './flow';
import type { Hands } from './hands';
import type { Async, Part, SplitResolution } from './node';
import type { Outlet } from './outlet';
import { ACK, type Nack, type Outcome } from './pdata';

export interface SplitSource {
  readonly owner: FlowOwner;
  readonly outlet: Outlet;
  readonly hands: Hands;
  readonly nodeId: string;
  readonly pdata: CorePdata;
  readonly flow: Flow;
  readonly span: number;
  /** Why what a deadline cuts off is lost. */
  readonly lostReason: string;
}

/** Resolves the input when the last part is: nack if any was, or as the primary was. */
class SplitJoin implements FlowListener {
  private left: number;
  private nack: Nack | null = null;

  constructor(
    private readonly flow: Flow,
    count: number,
    private readonly resolution: SplitResolution,
  ) {
    this.left = count;
  }

  heard(part: Flow, outcome: Outcome): void {
    this.left--;
    if (this.resolution.kind === 'primary') {
      if (part.position === this.resolution.index) this.flow.complete(outcome);
      return;
    }
    if (outcome.kind === 'nack') this.nack = worseNack(this.nack, outcome);
    if (this.left === 0) this.flow.complete(this.nack ?? ACK);
  }
}

/** The first reason stands; one permanent refusal makes another try of the whole useless. */
export function worseNack(first: Nack | null, next: Nack): Nack {
  if (!first) return next;
  return next.permanent && !first.permanent ? { ...first, permanent: true } : first;
}

/** Sends at least one part. Part k (counted from 1) of `batch-7` is `batch-7.k`. */
export function sendParts(source: SplitSource, parts: readonly Part[], resolution: SplitResolution): Async {
  const join = new SplitJoin(source.flow, parts.length, resolution);
  return sendFrom(source, join, parts, 0);
}

function sendFrom(source: SplitSource, join: SplitJoin, parts: readonly Part[], first: number): Async {
  for (let at = first; at < parts.length; at++) {
    const part = parts[at] as Part;
    const pdata = derivePart(source, join, part, at, parts.length);
    const edge = source.outlet.edge(part.port);
    if (!edge) {
      source.hands.returned(pdata.signalAt, part.items);
      pdata.route.complete(notConnected(part.port, source.nodeId));
    } else if (!source.outlet.trySend(source.span, pdata, edge)) {
      return new Promise<void>((resolve, reject) => {
        source.outlet.sendLater(source.span, pdata, edge, (accepted) => {
          if (!accepted) {
            loseFrom(source, join, parts, at, pdata);
            resolve();
            return;
          }
          Promise.resolve(sendFrom(source, join, parts, at + 1)).then(resolve, reject);
        });
      });
    }
  }
  return undefined;
}

/** A deadline has passed: the part that waited, and those behind it, are lost. */
function loseFrom(
  source: SplitSource,
  join: SplitJoin,
  parts: readonly Part[],
  at: number,
  waited: CorePdata,
) {
  for (let i = at; i < parts.length; i++) {
    const part = parts[i] as Part;
    const pdata = i === at ? waited : derivePart(source, join, part, i, parts.length);
    source.hands.lost(pdata.signalAt, part.items, source.lostReason);
    pdata.route.complete({ kind: 'nack', reason: source.lostReason, permanent: false, cause: source.nodeId });
  }
}

function derivePart(source: SplitSource, join: SplitJoin, part: Part, at: number, count: number): CorePdata {
  const flow = new Flow('part', source.owner, join, at);
  const parts = [...source.pdata.parts, at + 1];
  const pdata = source.pdata.derive(flow, parts, part.items, part.payload);
  pdata.stamp(source.span);
  pdata.origin = { kind: 'split', span: source.span, partIndex: at + 1, partCount: count };
  flow.opened(pdata.trace);
  return pdata;
}

export function notConnected(port: string, nodeId: string): Nack {
  return { kind: 'nack', reason: `output port "${port}" is not connected`, permanent: true, cause: nodeId };
}
