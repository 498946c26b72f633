/** Small nodes for tests of the core: payloads are opaque, what a node does is in its configuration. */
import { z } from 'zod';
import type {
  Admission,
  Async,
  Contribution,
  Hop,
  NodeHandle,
  NodeType,
  Piece,
  ProcessorNode,
  ReceiverHandle,
} from '../node';
import { createNodeTypes } from '../node-types';
import type { Payload } from '../payload';
import { ACK, type Outcome } from '../pdata';
import type { NodeTypes } from '../pipeline-api';

export const OPAQUE: Payload = {
  signal: 'logs',
  bytes: () => new Uint8Array(0),
  decoded: () => {
    throw new Error('opaque');
  },
};

/** `at once`: it throws before it does anything. `afterwards`: once its work is done, while the outcome may be under way. */
export type Crash = 'at once' | 'afterwards';

/** Lets a test act as the outside of its receivers, look into its nodes, and break them. */
export interface TestWorld {
  readonly types: NodeTypes;
  /** From now on the node throws whatever it is given, until it is restarted or mended. */
  crash(node: string, how: Crash): void;
  mend(): void;
  admit(receiver: string, items: number, more?: Partial<Admission>): Promise<Outcome>;
  /** `<node>: <what it saw>`, in order. */
  readonly seen: string[];
}

interface Written<Config> {
  readonly urn: string;
  readonly stateful?: boolean;
  readonly waitsForOutcome?: boolean;
  readonly config: z.ZodType<Config>;
  ports?(config: Config): readonly string[] | 'any';
  create(config: Config, node: NodeHandle): ProcessorNode;
}

/** The cast that forgets the type of a configuration, as every list of node types needs it. */
function define<Config>(kind: 'processor' | 'exporter', written: Written<Config>): NodeType {
  const ports = written.ports ?? (() => (kind === 'exporter' ? [] : ['default']));
  return { stateful: false, ...written, ports, kind } as unknown as NodeType;
}

const delay = (node: NodeHandle, ms: number): Promise<void> =>
  new Promise((resolve) => node.clock.setTimer(resolve, ms));

/** The node type, but for what throws while its id is among `crashed`. */
function crashing(type: NodeType, crashed: Map<string, Crash>): NodeType {
  if (type.kind === 'receiver') return type;
  return {
    ...type,
    create(config: never, node: NodeHandle) {
      crashed.delete(node.id);
      const instance = type.create(config, node as never) as ProcessorNode;
      const process: ProcessorNode['process'] = (hop) => {
        const how = crashed.get(node.id);
        if (how === 'at once') throw new Error(`${node.id} has crashed`);
        const done = instance.process(hop);
        if (how === undefined) return done;
        return Promise.resolve(done).then(() => {
          throw new Error(`${node.id} has crashed at the end`);
        });
      };
      return {
        process,
        control: instance.control?.bind(instance),
        drain: instance.drain?.bind(instance),
        stop: instance.stop?.bind(instance),
      };
    },
  } as unknown as NodeType;
}

export function createTestWorld(): TestWorld {
  const seen: string[] = [];
  const crashed = new Map<string, Crash>();
  const receivers = new Map<string, ReceiverHandle>();
  const gen = {
    urn: 'urn:otel:receiver:gen',
    kind: 'receiver',
    stateful: false,
    config: z.strictObject({ port: z.number().optional(), taken: z.boolean().optional() }),
    ports: () => ['default'],
    create: (config: { taken?: boolean }, handle: ReceiverHandle) => ({
      async start() {
        if (config.taken) throw new Error('port 21000 is taken');
        receivers.set(handle.id, handle);
      },
      async stop() {
        seen.push(`${handle.id}: stop`);
      },
    }),
  } as unknown as NodeType;
  return {
    seen,
    types: createNodeTypes(
      [gen, pass(), route(), split(), filter(), merge(), retry(), exporter(seen), watch(seen)].map((type) =>
        crashing(type, crashed),
      ),
    ),
    crash: (node, how) => crashed.set(node, how),
    mend: () => crashed.clear(),
    admit(receiver, items, more) {
      const handle = receivers.get(receiver);
      if (!handle) throw new Error(`${receiver} has not started`);
      return handle.admit({
        signal: 'logs',
        payload: OPAQUE,
        items,
        port: 'default',
        source: 'received',
        ...more,
      });
    },
  };
}

/** 1 → 1, after `delayMs`, and `tailMs` of work after it has sent. */
function pass(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:pass',
    config: z.strictObject({ delayMs: z.number().default(0), tailMs: z.number().default(0) }),
    create: ({ delayMs, tailMs }, node) => ({
      process(hop): Async {
        if (delayMs === 0 && tailMs === 0) return hop.forward('default');
        return (async () => {
          if (delayMs > 0) await delay(node, delayMs);
          await hop.forward('default');
          if (tailMs > 0) await delay(node, tailMs);
        })();
      },
      control: () => undefined,
    }),
  });
}

/** To its ports in turn. */
function route(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:route',
    config: z.strictObject({}),
    ports: () => 'any',
    create: (_config, node) => {
      let next = 0;
      return { process: (hop) => hop.forward(node.ports[next++ % node.ports.length] ?? '') };
    },
  });
}

/** To all its ports: a copy each, or a share of the items each. `primary` awaits the first alone. */
function split(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:split',
    config: z.strictObject({ copy: z.boolean().default(true), primary: z.boolean().default(false) }),
    ports: () => 'any',
    create: ({ copy, primary }, node) => ({
      process(hop) {
        const { items } = hop.pdata;
        const count = node.ports.length;
        const parts = node.ports.map((port, i) => ({
          port,
          payload: OPAQUE,
          items: copy ? items : Math.floor(items / count) + (i < items % count ? 1 : 0),
        }));
        return hop.split(parts, primary ? { kind: 'primary', index: 0 } : { kind: 'all' });
      },
    }),
  });
}

/** Drops every `every`-th item. */
function filter(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:filter',
    config: z.strictObject({ every: z.number().default(2) }),
    create: ({ every }) => ({
      process(hop): Async {
        const { items } = hop.pdata;
        const dropped = Math.floor(items / every);
        hop.drop(dropped, 'filtered');
        return dropped < items ? hop.forward('default', OPAQUE, items - dropped) : undefined;
      },
    }),
  });
}

/** Outputs of exactly `size` items, and what is left at each tick. */
function merge(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:merge',
    stateful: true,
    config: z.strictObject({ size: z.number().default(100), everyMs: z.number().default(200) }),
    create: ({ size, everyMs }, node) => new Merger(node, size, everyMs),
  });
}

class Merger implements ProcessorNode {
  private held: { readonly contribution: Contribution; left: number }[] = [];
  private items = 0;

  constructor(
    private readonly node: NodeHandle,
    private readonly size: number,
    everyMs: number,
  ) {
    if (everyMs > 0) node.startTimer('flush', everyMs);
  }

  async process(hop: Hop): Promise<void> {
    const { items } = hop.pdata;
    this.held.push({ contribution: hop.absorb(), left: items });
    this.items += items;
    while (this.items >= this.size) await this.flush(this.size, 'size');
  }

  control(message: { readonly kind: string }): Async {
    if (message.kind === 'timer_tick') return this.flush(this.items, 'timer');
  }

  drain(): Async {
    return this.flush(this.items, 'shutdown');
  }

  private flush(items: number, reason: 'size' | 'timer' | 'shutdown'): Async {
    if (this.held.length === 0) return undefined;
    const pieces: Piece[] = [];
    let wanted = items;
    for (let head = this.held[0]; head && (wanted > 0 || head.left === 0); head = this.held[0]) {
      const taken = Math.min(head.left, wanted);
      head.left -= taken;
      wanted -= taken;
      pieces.push({ contribution: head.contribution, items: taken, last: head.left === 0 });
      if (head.left > 0) break;
      this.held.shift();
    }
    this.items -= items;
    return this.node.flush(pieces, { port: 'default', payload: OPAQUE, items, signal: 'logs', reason });
  }
}

function retry(): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:retry',
    waitsForOutcome: true,
    config: z.strictObject({ max: z.number().default(3), backoffMs: z.number().default(10) }),
    create: ({ max, backoffMs }, node) => ({
      async process(hop) {
        let outcome: Outcome = ACK;
        for (let attempt = 1; attempt <= max; attempt++) {
          outcome = await hop.forwardAndWait('default', attempt);
          if (outcome.kind === 'ack' || outcome.permanent) break;
          if (attempt < max) await delay(node, backoffMs);
        }
        hop.resolve(outcome);
      },
    }),
  });
}

/** Delivers after `delayMs`; fails every `failEvery`-th, permanently or not. */
function exporter(seen: string[]): NodeType {
  return define('exporter', {
    urn: 'urn:otel:exporter:exp',
    config: z.strictObject({
      delayMs: z.number().default(0),
      failEvery: z.number().default(0),
      permanent: z.boolean().default(false),
    }),
    create: (first, node) => {
      let config = first;
      let count = 0;
      const finish = (hop: Hop) => {
        count++;
        const fails = config.failEvery > 0 && count % config.failEvery === 0;
        if (fails) hop.nack('destination says no', { permanent: config.permanent });
        else hop.deliver('200');
      };
      return {
        process(hop): Async {
          if (config.delayMs === 0) return finish(hop);
          return delay(node, config.delayMs).then(() => finish(hop));
        },
        control(message) {
          if (message.kind !== 'config_update' || !message.change.config) return;
          const next = message.change.config as typeof first;
          if (next.delayMs < 0) throw new Error('cannot go back in time');
          seen.push(`${node.id}: config ${next.delayMs}`);
          config = next;
        },
        stop() {
          seen.push(`${node.id}: stop`);
        },
      };
    },
  });
}

/** Passes on, and notes what it saw. */
function watch(seen: string[]): NodeType {
  return define('processor', {
    urn: 'urn:otel:processor:watch',
    config: z.strictObject({ everyMs: z.number().default(0), timers: z.number().default(1) }),
    create: ({ everyMs, timers }, node) => {
      for (let i = 0; i < timers && everyMs > 0; i++) node.startTimer(`watch-${i}`, everyMs);
      return {
        process: (hop) => {
          seen.push(`${node.id}: batch`);
          return hop.forward('default');
        },
        control: (message) => {
          seen.push(`${node.id}: ${message.kind}`);
        },
        drain: () => {
          seen.push(`${node.id}: drain`);
        },
      };
    },
  });
}
