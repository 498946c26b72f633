/** The one implementation of `Pdata`: mutable for the core, so that 1 → 1 passes the same object on. */
import type { Signal } from '@/lib/semconv/signals';
import { signalIndex } from './counters';
import type { Flow } from './flow';
import type { Payload } from './payload';
import { type Pdata, type PdataOrigin, UNTRACED } from './pdata';

export class CorePdata implements Pdata {
  trace = UNTRACED;
  span = UNTRACED;
  path = 0;
  origin: PdataOrigin | null = null;
  readonly signalAt: number;

  constructor(
    readonly serial: number,
    readonly parts: readonly number[],
    readonly signal: Signal,
    public items: number,
    public payload: Payload,
    readonly route: Flow,
  ) {
    this.signalAt = signalIndex(signal);
  }

  /** Another pdata on the same way: a part of this one, or an attempt with it. */
  derive(route: Flow, parts: readonly number[], items: number, payload: Payload): CorePdata {
    const derived = new CorePdata(this.serial, parts, this.signal, items, payload, route);
    derived.trace = this.trace;
    derived.path = this.path;
    return derived;
  }

  /** Says who sends it. Sent by an unrecorded handling, it is untraced from here on. */
  stamp(span: number): void {
    this.span = span;
    if (span !== UNTRACED) return;
    this.trace = UNTRACED;
    this.path = 0;
  }
}
