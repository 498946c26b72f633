/** What the simulation is made of: nodes with their hands and buffers, channels, batches on their way, and sources. */
import { mix } from './keyed-random';
import { hasChannel, type NodeSpec, type PipelineSpec, type SourceSpec } from './pipeline-spec';
import { type ChannelTally, channelTally, type EdgeTally, type NodeTally, nodeTally } from './tally';

export interface Message {
  readonly key: number;
  readonly items: number;
  readonly signal: number;
  readonly source: number;
  readonly owner: Job | null;
  /** Its sender has been answered already: refused now is lost. */
  readonly answered: boolean;
  arrived: number;
}

export interface Output {
  readonly port: number;
  readonly message: Message;
}

/** A worker's hands. */
export interface Job {
  readonly node: Node;
  readonly message: Message;
  outputs: Output[];
  next: number;
  startedAt: number;
  attempts: number;
  /** A retry's worker is free once the outcome is known; others once all is handed on. */
  awaits: boolean;
}

export interface Channel {
  readonly queue: Message[];
  head: number;
  capacity: number;
  readonly waiters: Job[];
  settledAt: number;
  tally: ChannelTally;
}

/** What a fault changes; all neutral in a healthy node. */
export interface Faults {
  slow: number;
  failing: number;
  permanent: boolean;
  drop: number;
  misroute: number;
  stalledUntil: number;
  held: number;
  down: boolean;
}

export interface Buffer {
  items: number;
  readonly messages: Message[];
  generation: number;
}

export interface Node {
  readonly spec: NodeSpec;
  readonly salt: number;
  readonly faults: Faults;
  readonly targets: readonly Node[];
  readonly channel: Channel | null;
  readonly edges: EdgeTally[];
  readonly buffers: Buffer[];
  readonly dueFlushes: number[];
  free: number;
  busy: number;
  blocked: number;
  awaiting: number;
  heldItems: number;
  handItems: number;
  settledAt: number;
  tally: NodeTally;
}

export interface Source {
  readonly spec: SourceSpec;
  readonly node: Node;
  factor: number;
  outside: number[];
  counter: number;
  stopped: boolean;
}

export function createNode(spec: NodeSpec, pipeline: PipelineSpec): Node {
  const salt = mix(pipeline.seed, hashText(spec.id));
  return {
    spec,
    salt,
    faults: {
      slow: 1,
      failing: 0,
      permanent: false,
      drop: 0,
      misroute: 0,
      stalledUntil: 0,
      held: 1,
      down: false,
    },
    targets: [],
    channel: hasChannel(pipeline.style, spec.role)
      ? { queue: [], head: 0, capacity: spec.capacity, waiters: [], settledAt: 0, tally: channelTally() }
      : null,
    edges: [],
    buffers: [0, 1, 2].map(() => ({ items: 0, messages: [], generation: 0 })),
    dueFlushes: [],
    free: spec.workers,
    busy: 0,
    blocked: 0,
    awaiting: 0,
    heldItems: 0,
    handItems: 0,
    settledAt: 0,
    tally: nodeTally(spec.outputs.length),
  };
}

function hashText(text: string): number {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return hash;
}
