/** How a node sends: at once where there is room, else in line at the full channel, with the time it was blocked. */
import type { CorePdata } from './core-pdata';
import { add } from './counter-store';
import { SIGNAL_COUNT } from './counters';
import { UNTRACED } from './pdata';
import type { Edge } from './pdata-channel';
import type { Runtime } from './runtime';

export class Outlet {
  /** Sends that wait, for room or for the end of a stall. */
  pending = 0;
  private stalled = false;
  private parked: { retry(): void; abandon(): void }[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly node: number,
    private readonly edges: ReadonlyMap<string, Edge>,
  ) {}

  edge(port: string): Edge | null {
    return this.edges.get(port) ?? null;
  }

  /** False where it would have to wait. Items leave the node's hands as the channel takes them. */
  trySend(span: number, pdata: CorePdata, edge: Edge): boolean {
    if (this.stalled || !edge.target.tryPush(pdata, edge)) return false;
    this.taken(span, pdata, edge, 0);
    return true;
  }

  /** Tells once whether it was accepted; false only when a deadline gave it up. */
  sendLater(span: number, pdata: CorePdata, edge: Edge, settle: (accepted: boolean) => void): void {
    this.pending++;
    const settled = (accepted: boolean) => {
      this.pending--;
      settle(accepted);
    };
    if (!this.stalled) {
      this.wait(span, pdata, edge, settled);
      return;
    }
    this.parked.push({
      retry: () => {
        if (this.trySend(span, pdata, edge)) settled(true);
        else this.wait(span, pdata, edge, settled);
      },
      abandon: () => settled(false),
    });
  }

  stall(stalled: boolean): void {
    this.stalled = stalled;
    if (stalled) return;
    const { parked } = this;
    this.parked = [];
    for (const send of parked) send.retry();
  }

  abandon(): void {
    const { parked } = this;
    this.parked = [];
    for (const send of parked) send.abandon();
    for (const edge of this.edges.values()) edge.target.abandonWaiting(this.node);
  }

  private wait(span: number, pdata: CorePdata, edge: Edge, settled: (accepted: boolean) => void): void {
    const { hops } = this.runtime;
    const { target, index } = edge;
    if (span !== UNTRACED && hops.recording) hops.blocked(span, index, target.depth);
    target.wait({
      pdata,
      edge,
      sender: this.node,
      accepted: () => {
        let blockedNs = 0;
        if (span !== UNTRACED && hops.recording) {
          blockedNs = hops.unblocked(span, index);
          hops.event(span, 'backpressure', blockedNs, target.depth, target.id);
        }
        this.taken(span, pdata, edge, blockedNs);
        settled(true);
      },
      abandoned: () => {
        if (span !== UNTRACED && hops.recording) hops.unblocked(span, index);
        settled(false);
      },
    });
  }

  private taken(span: number, pdata: CorePdata, edge: Edge, blockedNs: number): void {
    const { counters, hops } = this.runtime;
    add(counters.inFlight, this.node * SIGNAL_COUNT + pdata.signalAt, -pdata.items);
    if (span !== UNTRACED && hops.recording) hops.accepted(span, edge.index, edge.target.depth, blockedNs);
  }
}
