/**
 * A pipeline of queues and workers in virtual time: enough of an engine that its figures move as a real one's do, and
 * so fast that hundreds of minutes take one. Past the usual length, because all of it is one state machine.
 *
 *   source ─▶ [channel] ─▶ workers ─▶ outputs, one after the other ─▶ [channel] ─▶ …
 *                            │            └ full: the worker waits (or, in a `collector`, is refused)
 *                            └ batch: absorbed until a flush · retry: waits for the outcome below
 *
 * Seconds are floats; chance is keyed (see keyed-random). Faults are fields of the nodes, set and taken back by the
 * caller while it runs.
 */
import { createEventQueue } from './event-queue';
import { keyed, keyedGap, mix } from './keyed-random';
import { MAX_ATTEMPTS, type PipelineSpec } from './pipeline-spec';
import { modulation, outputsOf, PURPOSE, workSeconds } from './queue-chance';
import {
  type Buffer,
  type Channel,
  createNode,
  type Job,
  type Message,
  type Node,
  type Output,
  type Source,
} from './queue-state';
import { channelTally, edgeTally, nodeTally } from './tally';

/** Batches that wait outside while a receiver cannot take them; what comes beyond stays away. */
const OUTSIDE = 40;
const RETRY_SECONDS = [0.05, 0.2, 0.8] as const;
const DELAYED_AFTER = 1;
const SAMPLES = 4;
export interface Simulation {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly sources: readonly Source[];
  /** Runs to the whole second and leaves its tallies to be read; the next call begins new ones. */
  second(until: number): void;
  /** Calls back at a moment of virtual time. */
  at(time: number, run: () => void): void;
  setCapacity(node: Node, capacity: number): void;
  /** Everything in channels and hands is gone, without being lost: it was handed on or given back before. */
  empty(): void;
  wake(node: Node): void;
  /** Items inside, waiting outside not counted. */
  inside(): number;
}

export function simulate(spec: PipelineSpec): Simulation {
  const events = createEventQueue();
  const blocks = spec.style !== 'collector';
  const byId = new Map<string, Node>();
  let epoch = 0;

  for (const node of spec.nodes) byId.set(node.id, createNode(node, spec));
  for (const node of byId.values()) {
    for (const id of node.spec.outputs) {
      const target = byId.get(id);
      if (target) (node.targets as Node[]).push(target);
      node.edges.push(edgeTally());
    }
  }
  const sources = spec.sources.flatMap((source): Source[] => {
    const node = byId.get(source.node);
    return node ? [{ spec: source, node, factor: 1, outside: [], counter: 0, stopped: false }] : [];
  });

  const settle = (node: Node) => {
    const passed = events.now - node.settledAt;
    if (passed <= 0) return;
    node.tally.busy += passed * node.busy;
    node.tally.blocked += passed * node.blocked;
    node.settledAt = events.now;
  };
  const depthOf = (channel: Channel) => channel.queue.length - channel.head;
  const settleChannel = (channel: Channel) => {
    const passed = events.now - channel.settledAt;
    if (passed <= 0) return;
    channel.tally.occupancy += passed * depthOf(channel);
    channel.settledAt = events.now;
  };

  // ── in ──
  const put = (node: Node, message: Message) => {
    message.arrived = events.now;
    if (!node.channel) {
      begin(node, message);
      return;
    }
    settleChannel(node.channel);
    node.channel.queue.push(message);
    take(node);
  };

  const take = (node: Node): void => {
    const { channel } = node;
    if (!channel) return;
    while (node.free > 0 && !node.faults.down && depthOf(channel) > 0) {
      settleChannel(channel);
      const message = channel.queue[channel.head++] as Message;
      if (channel.head > 512) {
        channel.queue.splice(0, channel.head);
        channel.head = 0;
      }
      channel.tally.received++;
      if (events.now - message.arrived > DELAYED_AFTER) node.tally.delayed += message.items;
      admit(channel, node);
      begin(node, message);
    }
  };

  /** A place came free: the sender that has waited longest goes on. */
  const admit = (channel: Channel, node: Node) => {
    while (channel.waiters.length > 0 && depthOf(channel) < channel.capacity) {
      const job = channel.waiters.shift() as Job;
      settle(job.node);
      job.node.blocked--;
      job.node.busy++;
      const output = job.outputs[job.next] as Output;
      settleChannel(channel);
      output.message.arrived = events.now;
      channel.queue.push(output.message);
      sent(job, output);
      job.next++;
      const current = epoch;
      events.at(events.now, () => current === epoch && handOn(job));
    }
    if (node.free > 0 && depthOf(channel) > 0) {
      const current = epoch;
      events.at(events.now, () => current === epoch && take(node));
    }
  };

  const begin = (node: Node, message: Message) => {
    settle(node);
    node.free--;
    node.busy++;
    node.handItems += message.items;
    node.tally.batchesIn[message.signal] = (node.tally.batchesIn[message.signal] ?? 0) + 1;
    node.tally.itemsIn[message.signal] = (node.tally.itemsIn[message.signal] ?? 0) + message.items;
    const job: Job = {
      node,
      message,
      outputs: [],
      next: 0,
      startedAt: events.now,
      attempts: 0,
      awaits: false,
    };
    const current = epoch;
    const end = () => {
      if (current !== epoch) return;
      const { stalledUntil } = node.faults;
      if (events.now < stalledUntil) events.at(stalledUntil, end);
      else worked(job);
    };
    events.at(events.now + workSeconds(node, message), end);
  };

  // ── work ──
  const worked = (job: Job) => {
    const { node, message } = job;
    settle(node);
    const seconds = events.now - job.startedAt;
    const chance = keyed(node.salt, message.key + job.attempts, PURPOSE.fail);
    const { failing, permanent, drop } = node.faults;
    if (chance < Math.max(failing, node.spec.failing)) {
      node.tally.failed.push(seconds);
      failed(job, chance < failing && permanent);
      return;
    }
    node.tally.succeeded.push(seconds);
    if (drop > 0 && keyed(node.salt, message.key, PURPOSE.drop) < drop) {
      if (spec.style === 'weir') node.tally.dropped += message.items;
      node.tally.vanished += message.items;
      outcome(message, true, false);
      finish(job);
      return;
    }
    switch (node.spec.role) {
      case 'export':
        node.tally.delivered += message.items;
        node.tally.batchesDelivered++;
        outcome(message, true, false);
        finish(job);
        return;
      case 'batch':
        absorb(job);
        return;
      case 'retry':
        attempt(job);
        return;
      default:
        job.outputs = outputsOf(node, message);
        handOn(job);
    }
  };

  const failed = (job: Job, permanent: boolean) => {
    const { node, message } = job;
    if (!blocks && node.spec.role === 'export') {
      // A Collector's exporter tries again by itself, the request in its hands, and gives up in the end.
      const wait = RETRY_SECONDS[job.attempts];
      node.tally.attemptsFailed++;
      if (!permanent && wait !== undefined) {
        job.attempts++;
        const current = epoch;
        events.at(events.now + wait + workSeconds(node, message), () => {
          if (current !== epoch) return;
          settle(node);
          worked(job);
        });
        return;
      }
      node.tally.dropped += message.items;
    } else {
      node.tally.returned += message.items;
    }
    node.tally.batchesReturned++;
    outcome(message, false, permanent);
    finish(job);
  };

  const outcome = (message: Message, good: boolean, permanent: boolean) => {
    const { owner } = message;
    if (owner) resolved(owner, good, permanent);
    else if (!good) {
      const receiver = sources[message.source]?.node;
      receiver?.tally.failed.push(receiver.spec.serviceMs / 1_000);
    }
  };

  // ── out ──
  const sent = (job: Job, output: Output) => {
    const { node } = job;
    const at = output.port * 3 + output.message.signal;
    node.tally.out.batches[at] = (node.tally.out.batches[at] ?? 0) + 1;
    node.tally.out.items[at] = (node.tally.out.items[at] ?? 0) + output.message.items;
    const edge = node.edges[output.port];
    if (edge) edge.sent[output.message.signal] = (edge.sent[output.message.signal] ?? 0) + 1;
  };

  const handOn = (job: Job): void => {
    const { node } = job;
    settle(node);
    while (job.next < job.outputs.length) {
      const output = job.outputs[job.next] as Output;
      const target = node.targets[output.port];
      if (!target) break;
      const { channel } = target;
      const full = channel !== null && (depthOf(channel) >= channel.capacity || channel.waiters.length > 0);
      if (full && blocks) {
        node.busy--;
        node.blocked++;
        const edge = node.edges[output.port];
        if (edge) edge.blockedSends++;
        channel.waiters.push(job);
        return;
      }
      job.next++;
      if (full) {
        target.tally.overflow += output.message.items;
        if (output.message.answered) target.tally.vanished += output.message.items;
        outcome(output.message, false, false);
        continue;
      }
      sent(job, output);
      put(target, output.message);
    }
    if (job.awaits) {
      node.busy--;
      node.awaiting++;
    } else finish(job);
  };

  const finish = (job: Job) => {
    const { node } = job;
    settle(node);
    node.busy--;
    node.free++;
    node.handItems -= job.message.items;
    const due = node.dueFlushes.shift();
    if (due !== undefined && node.free > 0) flush(node, due, false);
    if (node === sources[job.message.source]?.node) accept(sources[job.message.source] as Source);
    else take(node);
  };

  // ── batch ──
  const absorb = (job: Job) => {
    const { node, message } = job;
    const buffer = node.buffers[message.signal] as Buffer;
    buffer.messages.push(message);
    buffer.items += message.items;
    node.heldItems += message.items;
    if (buffer.items >= node.spec.flushItems * node.faults.held) {
      node.tally.flushedBySize++;
      job.outputs = [{ port: 0, message: merged(node, message.signal) }];
      handOn(job);
      return;
    }
    if (buffer.messages.length === 1) {
      const { generation } = buffer;
      const current = epoch;
      events.at(events.now + (node.spec.flushMs / 1_000) * node.faults.held, () => {
        if (current !== epoch || buffer.generation !== generation) return;
        if (node.free > 0) flush(node, message.signal, true);
        else node.dueFlushes.push(message.signal);
      });
    }
    finish(job);
  };

  const flush = (node: Node, signal: number, byTimer: boolean) => {
    const buffer = node.buffers[signal];
    const first = buffer?.messages[0];
    if (!buffer || !first) return;
    settle(node);
    node.tally.flushedByTimer += byTimer ? 1 : 0;
    node.free--;
    node.busy++;
    const message = merged(node, signal);
    const job: Job = {
      node,
      message: { ...message, items: 0 },
      outputs: [{ port: 0, message }],
      next: 0,
      startedAt: events.now,
      attempts: 0,
      awaits: false,
    };
    handOn(job);
  };

  const merged = (node: Node, signal: number): Message => {
    const buffer = node.buffers[signal] as Buffer;
    const first = buffer.messages[0] as Message;
    for (const each of buffer.messages) {
      const held = events.now - each.arrived;
      node.tally.held.push(held);
      if (held > DELAYED_AFTER) node.tally.delayed += each.items;
    }
    const message = {
      ...first,
      key: mix(node.salt, first.key),
      items: buffer.items,
      answered: true,
      arrived: 0,
    };
    node.heldItems -= buffer.items;
    buffer.messages.length = 0;
    buffer.items = 0;
    buffer.generation++;
    return message;
  };

  // ── retry ──
  const attempt = (job: Job) => {
    const { message } = job;
    job.attempts++;
    job.awaits = true;
    job.next = 0;
    const key = job.attempts === 1 ? message.key : mix(message.key, job.attempts);
    if (job.attempts > 1) job.node.tally.created += message.items;
    job.outputs = [{ port: 0, message: { ...message, key, owner: job } }];
    handOn(job);
  };

  const resolved = (job: Job, good: boolean, permanent: boolean) => {
    const { node } = job;
    settle(node);
    node.awaiting--;
    node.busy++;
    const wait = RETRY_SECONDS[job.attempts - 1];
    if (good || permanent || job.attempts >= MAX_ATTEMPTS || wait === undefined) {
      if (!good) node.tally.failed.push(0);
      outcome(job.message, good, permanent);
      finish(job);
      return;
    }
    node.busy--;
    node.awaiting++;
    const current = epoch;
    events.at(events.now + wait, () => {
      if (current !== epoch) return;
      settle(node);
      node.awaiting--;
      node.busy++;
      attempt(job);
    });
  };

  // ── sources ──
  const arrive = (source: Source) => {
    const { spec: own, node } = source;
    const salt = node.salt;
    const counter = source.counter++;
    const gap =
      own.shape.kind === 'steady'
        ? 0.8 + 0.4 * keyed(salt, counter, PURPOSE.gap)
        : keyedGap(salt, counter, PURPOSE.gap);
    const rate = own.perSec * source.factor * modulation(source, events.now);
    events.at(events.now + gap / rate, () => arrive(source));
    if (source.stopped && source.outside.length >= OUTSIDE) return;
    if (source.outside.length < OUTSIDE) source.outside.push(counter);
    accept(source);
  };

  const accept = (source: Source) => {
    const { node, spec: own } = source;
    while (!source.stopped && node.free > 0 && source.outside.length > 0) {
      const counter = source.outside.shift() as number;
      const key = mix(node.salt, counter);
      const at = keyed(node.salt, counter, PURPOSE.signal) * own.signals.reduce((a, b) => a + b, 0);
      let signal = 0;
      for (let seen = own.signals[0] ?? 0; seen <= at && signal < 2; seen += own.signals[signal] ?? 0)
        signal++;
      const items = Math.max(
        1,
        Math.round(own.items * (0.6 + 0.8 * keyed(node.salt, counter, PURPOSE.items))),
      );
      const index = sources.indexOf(source);
      begin(node, { key, items, signal, source: index, owner: null, answered: false, arrived: events.now });
    }
  };

  for (const source of sources)
    events.at(keyed(source.node.salt, 1, PURPOSE.phase) / source.spec.perSec, () => arrive(source));

  const sample = () => {
    for (const node of byId.values()) {
      node.tally.inHands.push(node.handItems + node.heldItems);
      node.tally.inFlight.push(node.busy + node.blocked + node.awaiting);
      if (node.channel) node.channel.tally.depth.push(depthOf(node.channel));
    }
  };

  return {
    nodes: byId,
    sources,
    second(until) {
      for (const node of byId.values()) {
        node.tally = nodeTally(node.targets.length);
        for (let i = 0; i < node.edges.length; i++) node.edges[i] = edgeTally();
        if (node.channel) node.channel.tally = channelTally();
      }
      for (let i = 1; i <= SAMPLES; i++) {
        events.runUntil(until - 1 + i / SAMPLES);
        sample();
      }
      for (const node of byId.values()) {
        settle(node);
        if (node.channel) settleChannel(node.channel);
      }
    },
    at: (time, run) => events.at(time, run),
    setCapacity(node, capacity) {
      if (!node.channel) return;
      node.channel.capacity = capacity;
      admit(node.channel, node);
    },
    empty() {
      epoch++;
      for (const node of byId.values()) {
        settle(node);
        node.free = node.spec.workers;
        node.busy = 0;
        node.blocked = 0;
        node.awaiting = 0;
        node.heldItems = 0;
        node.handItems = 0;
        node.dueFlushes.length = 0;
        for (const buffer of node.buffers) {
          buffer.items = 0;
          buffer.messages.length = 0;
          buffer.generation++;
        }
        if (!node.channel) continue;
        settleChannel(node.channel);
        node.channel.queue.length = 0;
        node.channel.head = 0;
        node.channel.waiters.length = 0;
      }
    },
    wake(node) {
      const source = sources.find((each) => each.node === node);
      if (source) accept(source);
      else take(node);
    },
    inside() {
      let items = 0;
      for (const node of byId.values()) {
        items += node.handItems + node.heldItems;
        const { channel } = node;
        if (!channel) continue;
        for (let i = channel.head; i < channel.queue.length; i++) items += channel.queue[i]?.items ?? 0;
      }
      return items;
    },
  };
}
