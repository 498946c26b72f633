/** Sends what a stateful node made of what it held: one whole contributor as 1 → 1, anything else as a new trace. */
import { MAX_SPAN_LINKS } from '@/lib/semconv/attributes';
import { CorePdata } from './core-pdata';
import { signalIndex } from './counters';
import { Flow, type FlowOwner } from './flow';
import type { Hands } from './hands';
import { Held, isLost, MergeJoin, takePieces } from './held';
import type { Async, FlushOutput, Piece } from './node';
import type { Outlet } from './outlet';
import { batchName, type Nack, UNTRACED } from './pdata';
import { Roster } from './roster';
import type { Runtime } from './runtime';
import { notConnected } from './split';
import type { CoreEvent } from './telemetry';

export interface StoreRoomOwner extends FlowOwner {
  readonly id: string;
  readonly runtime: Runtime;
  readonly outlet: Outlet;
  readonly hands: Hands;
  /** Why what a deadline cuts off is lost. */
  readonly lostReason: string;
  /** The act that makes it give up what it holds, for the event on the flush. */
  readonly finishing: { readonly event: CoreEvent; readonly value: number } | null;
  progressed(): void;
}

/** Contributors of one merge that are known as its family; how many there are beyond it is said on its trace. */
export const MAX_FAMILY = 8_192;

export class StoreRoom {
  readonly holding = new Roster<Held>();
  /** Flushes whose output has not been accepted yet. */
  pending = 0;
  // Handed to telemetry at each flush, and reused.
  /** Of all contributors to the flush at hand; grows with the largest one. */
  private spans = new Int32Array(MAX_SPAN_LINKS);
  private readonly items = new Float64Array(MAX_SPAN_LINKS);
  private readonly absorbedNs = new Float64Array(MAX_SPAN_LINKS);

  constructor(private readonly owner: StoreRoomOwner) {}

  absorb(pdata: CorePdata, span: number): Held {
    const { hops } = this.owner.runtime;
    const recorded = span !== UNTRACED && hops.recording;
    const held = recorded
      ? new Held(pdata, span, hops.absorbed(span))
      : new Held(pdata, UNTRACED, Number.NaN);
    this.holding.add(held);
    return held;
  }

  flush(pieces: readonly Piece[], output: FlushOutput): Async {
    if (isLost(pieces)) return undefined;
    this.owner.runtime.counters.flush(this.owner.index, output.reason);
    const contributors = takePieces(pieces, this.holding, this.owner.hands);
    const [first] = contributors;
    const whole =
      contributors.length === 1 &&
      first?.emptied &&
      pieces[0]?.items === first.items &&
      first.pdata.signal === output.signal;
    this.countDelayed(pieces, contributors);
    return whole ? this.sendOn(first, output) : this.sendMerged(pieces, contributors, output);
  }

  drop(pieces: readonly Piece[], reason: string): void {
    if (isLost(pieces)) return;
    const { hands, runtime } = this.owner;
    const contributors = takePieces(pieces, this.holding, hands);
    this.countDelayed(pieces, contributors);
    contributors.forEach((held, i) => {
      const items = pieces[i]?.items ?? 0;
      hands.dropped(held.pdata.signalAt, items, held.emptied ? 1 : 0, reason);
      if (held.span !== UNTRACED && runtime.hops.recording) {
        runtime.hops.event(held.span, 'batch_drop', items, 0, reason);
      }
      held.settle();
    });
  }

  /** Nobody will flush it any more. */
  lose(nack: Nack): void {
    for (const held of this.holding.all()) {
      this.holding.delete(held);
      this.owner.hands.lost(held.pdata.signalAt, held.left, nack.reason);
      held.left = 0;
      held.refuse(nack);
    }
  }

  private sendOn(held: Held, output: FlushOutput): Async {
    const { hands, runtime } = this.owner;
    const { pdata, span } = held;
    hands.became(pdata.signalAt, held.items, output.items);
    pdata.payload = output.payload;
    pdata.items = output.items;
    pdata.origin = null;
    pdata.stamp(span);
    if (span !== UNTRACED && runtime.hops.recording) {
      this.events(span, output);
      runtime.hops.sentOn?.(span);
    }
    return this.send(pdata, span, output.port, () => pdata.route.passes(this.owner.index));
  }

  private sendMerged(pieces: readonly Piece[], contributors: readonly Held[], output: FlushOutput): Async {
    const { runtime } = this.owner;
    const signalAt = signalIndex(output.signal);
    this.account(pieces, contributors, signalAt, output.items);
    const flow = new Flow('flush', this.owner, new MergeJoin(contributors));
    const pdata = new CorePdata(runtime.nextSerial(), [], output.signal, output.items, output.payload, flow);
    const span = runtime.hops.recording ? this.beginSpan(pdata, pieces, contributors) : UNTRACED;
    flow.openSpans++;
    if (span !== UNTRACED) this.events(span, output);
    pdata.stamp(span);
    const end = (accepted: boolean) => {
      if (span !== UNTRACED && runtime.hops.recording) {
        runtime.hops.end(span, accepted ? 'success' : 'failure', accepted ? '' : this.owner.lostReason);
      }
      flow.spanEnded();
    };
    return this.send(pdata, span, output.port, end);
  }

  private send(pdata: CorePdata, span: number, port: string, ended: (accepted: boolean) => void): Async {
    const { outlet, hands, id } = this.owner;
    const edge = outlet.edge(port);
    if (!edge) {
      hands.returned(pdata.signalAt, pdata.items);
      ended(false);
      pdata.route.complete(notConnected(port, id));
      return undefined;
    }
    if (outlet.trySend(span, pdata, edge)) {
      ended(true);
      return undefined;
    }
    this.pending++;
    return new Promise<void>((resolve) => {
      outlet.sendLater(span, pdata, edge, (accepted) => {
        this.pending--;
        ended(accepted);
        if (!accepted) this.loseOutput(pdata);
        resolve();
        this.owner.progressed();
      });
    });
  }

  private loseOutput(pdata: CorePdata): void {
    const { hands, lostReason, id } = this.owner;
    hands.lost(pdata.signalAt, pdata.items, lostReason);
    pdata.route.complete({ kind: 'nack', reason: lostReason, permanent: false, cause: id });
  }

  private beginSpan(pdata: CorePdata, pieces: readonly Piece[], contributors: readonly Held[]): number {
    const { runtime, index } = this.owner;
    const linked = Math.min(contributors.length, MAX_SPAN_LINKS);
    const family = Math.min(contributors.length, MAX_FAMILY);
    const batches: string[] = [];
    if (this.spans.length < family) this.spans = new Int32Array(family);
    for (let i = 0; i < family; i++) this.spans[i] = contributors[i]?.span ?? UNTRACED;
    for (let i = 0; i < linked; i++) {
      const held = contributors[i] as Held;
      this.items[i] = pieces[i]?.items ?? 0;
      this.absorbedNs[i] = held.absorbedNs;
      batches.push(batchName(held.pdata.serial, held.pdata.parts));
    }
    const { length } = contributors;
    const span = runtime.hops.beginFlush(
      index,
      pdata,
      length,
      this.spans,
      this.items,
      this.absorbedNs,
      batches,
    );
    pdata.route.opened(pdata.trace);
    const into = batchName(pdata.serial, pdata.parts);
    for (const held of contributors) if (held.span !== UNTRACED) runtime.hops.absorbedInto(held.span, into);
    return span;
  }

  private events(span: number, output: FlushOutput): void {
    const { runtime, finishing } = this.owner;
    if (output.reason === 'timer') runtime.hops.event(span, 'timer_tick', 0, 0, '');
    if (finishing) runtime.hops.event(span, finishing.event, finishing.value, 0, '');
    if (output.reason === 'size') runtime.hops.event(span, 'batch_full', output.items, 0, '');
    runtime.hops.event(span, 'batch_flush', output.items, 0, output.reason);
  }

  /** What the pieces were becomes what the output is. */
  private account(
    pieces: readonly Piece[],
    contributors: readonly Held[],
    signalAt: number,
    items: number,
  ): void {
    let same = 0;
    contributors.forEach((held, i) => {
      const piece = pieces[i]?.items ?? 0;
      if (held.pdata.signalAt === signalAt) same += piece;
      else this.owner.hands.became(held.pdata.signalAt, piece, 0);
    });
    this.owner.hands.became(signalAt, same, items);
  }

  private countDelayed(pieces: readonly Piece[], contributors: readonly Held[]): void {
    const { runtime, index } = this.owner;
    if (!runtime.hops.recording) return;
    const nowNs = runtime.clock.nowNs();
    contributors.forEach((held, i) => {
      if (nowNs - held.absorbedNs > runtime.delayedAfterNs)
        runtime.hops.delayed(index, pieces[i]?.items ?? 0, 'held');
    });
  }
}
