/**
 * The drain of a whole pipeline: ingress stops, then everything runs out, from the receivers down. A node that holds
 * something is asked for it once nothing more can reach it, except what waits for an outcome upstream (a retry), which may
 * come again: so it is looked at anew each time the engine has nothing to do, until nothing is left or the deadline.
 */
import type { Timer } from '@/lib/base/clock';
import type { EngineNode } from './engine-node';
import type { Held } from './held';
import { ReceiverEngineNode } from './receiver-node';
import type { Runtime } from './runtime';
import type { CoreEvent } from './telemetry';
import { WorkerNode } from './worker-node';

export interface DrainResult {
  readonly forced: boolean;
  readonly items: number;
  readonly batches: number;
}

export class PipelineDrain {
  private readonly asked = new WeakSet<Held>();
  private readonly timer: Timer;
  private forced = false;
  private over = false;

  /** `nodes` in topological order; `feeds[i]` are the positions of the nodes that send to the i-th. */
  constructor(
    private readonly runtime: Runtime,
    private readonly nodes: readonly EngineNode[],
    private readonly feeds: readonly (readonly number[])[],
    private readonly kind: 'drain' | 'shutdown',
    deadlineMs: number,
    private readonly done: (result: DrainResult) => void,
  ) {
    this.timer = runtime.clock.setTimer(() => this.force(), deadlineMs);
  }

  start(event: CoreEvent, deadlineNs: number): void {
    for (const node of this.nodes) {
      node.finishing = { event, value: deadlineNs };
      node.lostReason = `${this.kind}_deadline`;
      if (node.state === 'running') node.enterDraining('pipeline');
    }
    this.runtime.loop.onIdle = () => this.step();
    this.runtime.loop.nudge();
  }

  private step(): void {
    if (this.over) return;
    if (this.forced || this.ranOut()) this.finish();
  }

  /** Looks down the graph, asks holders for what they hold, and tells whether nothing is left anywhere. */
  private ranOut(): boolean {
    // Whether each node can send anything without an outcome from further down.
    const quiet: boolean[] = [];
    let left = false;
    this.nodes.forEach((node, i) => {
      const fed = (this.feeds[i] ?? []).some((from) => !quiet[from]);
      if (node instanceof ReceiverEngineNode) {
        quiet.push(node.ingressClosed);
        left ||= !node.done;
      } else if (node instanceof WorkerNode) {
        const dry = !fed && this.isDry(node);
        quiet.push(dry || node.onlyAwaits);
        left ||= !dry || node.busy > 0;
      }
    });
    return !left;
  }

  /** Nothing comes to it any more and it has nothing to send; what it holds is asked for. */
  private isDry(node: WorkerNode): boolean {
    const { input, store } = node;
    if (input.depth + input.waiting > 0 || node.moves) return false;
    if (store.holding.size === 0) return true;
    const holding = store.holding.all();
    if (holding.every((held) => this.asked.has(held))) {
      // It was asked for all of it and has kept it: nobody else will ever flush it.
      node.abandonHeld();
    } else {
      for (const held of holding) this.asked.add(held);
      node.giveUpHeld();
    }
    this.runtime.loop.nudge();
    return false;
  }

  private force(): void {
    if (this.over) return;
    this.forced = true;
    for (const node of this.nodes) node.abandonAll();
    for (const node of this.nodes) if (node instanceof WorkerNode) node.purge();
    this.runtime.loop.nudge();
  }

  private finish(): void {
    this.over = true;
    this.timer.cancel();
    this.runtime.loop.onIdle = null;
    let items = 0;
    let batches = 0;
    for (const node of this.nodes) {
      // Told also where nothing is held: it is the node's last chance to let go of anything else.
      if (!this.forced && node instanceof WorkerNode) node.giveUpHeld();
      const lost = node.hands.takeLost();
      items += lost.items;
      batches += lost.batches;
    }
    this.done({ forced: this.forced, items, batches });
  }
}
