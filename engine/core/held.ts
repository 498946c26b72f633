/**
 * n → m: what a stateful node holds, and the outputs that are made of it. A batch that was absorbed is resolved when
 * nothing of it is left and every output that got a piece of it has been resolved:
 *
 *   batch-1 ──┐            ┌─▶ batch-9   (batch-1, and 30 of batch-2)
 *   batch-2 ──┴─ [held] ───┴─▶ batch-10  (the other 70 of batch-2)
 */
import { invariant } from '@/lib/base/assert';
import type { CorePdata } from './core-pdata';
import type { Flow, FlowListener } from './flow';
import type { Hands } from './hands';
import type { Contribution, Piece } from './node';
import { ACK, type Nack, type Outcome } from './pdata';
import type { Placed, Roster } from './roster';
import { worseNack } from './split';

export class Held implements Contribution, Placed {
  place = -1;
  /** Items not flushed yet. */
  left: number;
  readonly items: number;
  readonly flow: Flow;
  /** A deadline took it from the node, which may not know yet. */
  lost = false;
  private outputs = 0;
  private gone = false;
  private nack: Nack | null = null;

  constructor(
    readonly pdata: CorePdata,
    readonly span: number,
    readonly absorbedNs: number,
  ) {
    this.left = pdata.items;
    this.items = pdata.items;
    this.flow = pdata.route;
  }

  get emptied(): boolean {
    return this.gone;
  }

  take(items: number, last: boolean): void {
    invariant(!this.gone && items >= 0 && items <= this.left, 'a piece is of what is still held');
    this.left -= items;
    this.gone = last;
  }

  joins(): void {
    this.outputs++;
  }

  outputResolved(outcome: Outcome): void {
    this.outputs--;
    if (outcome.kind === 'nack') this.nack = worseNack(this.nack, outcome);
    this.settle();
  }

  /** Given up unflushed: nacked with what its other pieces came to. */
  refuse(nack: Nack): void {
    this.gone = true;
    this.lost = true;
    this.nack = worseNack(this.nack, nack);
    this.settle();
  }

  /** Resolves the batch once nothing is left of it and no output is awaited. */
  settle(): void {
    if (this.gone && this.outputs === 0) this.flow.complete(this.nack ?? ACK);
  }
}

/** The output's outcome is that of every batch with a piece in it. */
export class MergeJoin implements FlowListener {
  constructor(private readonly contributors: readonly Held[]) {
    for (const held of contributors) held.joins();
  }

  heard(_flow: Flow, outcome: Outcome): void {
    for (const held of this.contributors) held.outputResolved(outcome);
  }
}

/** Whether a deadline has taken any of it from the node already: then there is nothing to flush. */
export function isLost(pieces: readonly Piece[]): boolean {
  return pieces.some(({ contribution }) => contribution instanceof Held && contribution.lost);
}

/** The pieces as the core made them, taken from what is held. Items left behind by a last piece count as changed. */
export function takePieces(pieces: readonly Piece[], holding: Roster<Held>, hands: Hands): Held[] {
  return pieces.map(({ contribution, items, last }) => {
    invariant(contribution instanceof Held && holding.has(contribution), 'a contribution was absorbed here');
    contribution.take(items, last);
    if (last) {
      hands.became(contribution.pdata.signalAt, contribution.left, 0);
      contribution.left = 0;
      holding.delete(contribution);
    }
    return contribution;
  });
}
