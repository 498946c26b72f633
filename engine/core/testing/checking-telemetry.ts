/**
 * Telemetry that records nothing and believes nothing: it checks that the core keeps to what `telemetry.ts` promises (a
 * span ends once and nothing happens to it afterwards, a trace is open while any of its pdata is), and writes a log.
 */
import { invariant } from '@/lib/base/assert';
import type { Counters } from '../counters';
import { NOOP_SPAN } from '../noop-telemetry';
import { batchName, type Pdata } from '../pdata';
import type {
  ControlRecord,
  CoreEvent,
  EngineTelemetry,
  HopTelemetry,
  PipelineLayout,
  TopologyBody,
} from '../telemetry';

interface CheckedSpan {
  readonly node: number;
  readonly batch: string;
  state: 'open' | 'absorbed' | 'ended';
  blockedOn: number;
  awaiting: boolean;
}

export interface CheckingTelemetry extends EngineTelemetry {
  recording: boolean;
  /** The mode has changed on the way, so that pairs may lack a half. */
  readonly switched: boolean;
  readonly log: string[];
  readonly records: ControlRecord[];
  readonly bodies: TopologyBody[];
  layout: PipelineLayout | null;
  openSpans(): readonly string[];
  openTraces(): readonly number[];
}

/** `whole` is true while every hop is recorded: then pairs must match exactly. */
export function createCheckingTelemetry(recording = true): CheckingTelemetry {
  const spans: CheckedSpan[] = [];
  const traces: number[] = [];
  const slots = new Map<string, string>();
  const log: string[] = [];
  let switched = false;
  let counters: Counters | null = null;
  const note = (...words: readonly (string | number)[]) => log.push(words.join(' '));
  const begin = (node: number, pdata: Pdata): number => {
    spans.push({
      node,
      batch: batchName(pdata.serial, pdata.parts),
      state: 'open',
      blockedOn: -1,
      awaiting: false,
    });
    pdata.span = spans.length - 1;
    return spans.length - 1;
  };
  const newTrace = (pdata: Pdata) => {
    traces.push(0);
    pdata.trace = traces.length - 1;
  };
  const at = (row: number): CheckedSpan => {
    const span = spans[row];
    invariant(span, `row ${row} is a span`);
    return span;
  };
  const open = (row: number, what: string): CheckedSpan => {
    const span = at(row);
    invariant(span.state === 'open', `${what} on a span that has ended (${span.batch})`);
    return span;
  };
  const hops: HopTelemetry & { recording: boolean } = {
    recording,
    sent(channel, edge, slot, depth, pdata) {
      const key = `${channel}/${slot}`;
      invariant(!slots.has(key), `slot ${key} is free`);
      invariant(depth <= (counters?.capacity[channel] ?? 0), `channel ${channel} has room for what is sent`);
      slots.set(key, batchName(pdata.serial, pdata.parts));
      note('sent', channel, edge, slot, depth, batchName(pdata.serial, pdata.parts));
    },
    begin(node, pdata, channel, slot, depth) {
      const key = `${channel}/${slot}`;
      const batch = batchName(pdata.serial, pdata.parts);
      const queued = slots.get(key);
      invariant(queued === undefined || queued === batch, `${queued} was sent over ${key}, not ${batch}`);
      slots.delete(key);
      invariant(depth >= 1, 'the taken item is counted');
      if (pdata.trace < 0) newTrace(pdata);
      note('begin', node, batch, depth);
      return begin(node, pdata);
    },
    beginAdmission(node, pdata) {
      newTrace(pdata);
      note('admit', node, pdata.items);
      return begin(node, pdata);
    },
    beginFlush(node, pdata, contributors, rows, items, _absorbedNs, batches) {
      newTrace(pdata);
      invariant(batches.length === Math.min(128, contributors), 'a name for each link');
      note('flush', node, pdata.items, batches.map((name, i) => `${name}=${items[i]}@${rows[i]}`).join());
      return begin(node, pdata);
    },
    blocked(row, edge, depth) {
      const span = row < spans.length ? at(row) : open(row, 'blocked');
      invariant(span.blockedOn === -1, 'a span is blocked on one edge at a time');
      span.blockedOn = edge;
      note('blocked', row, edge, depth);
    },
    unblocked(row, edge) {
      const span = at(row);
      invariant(span.blockedOn === edge || span.blockedOn === -1, 'it was blocked on that edge');
      span.blockedOn = -1;
      return 1;
    },
    accepted(row, edge) {
      note('accepted', row, edge);
    },
    outcomeWaitBegins(row) {
      const span = open(row, 'wait');
      invariant(!span.awaiting, 'one outcome at a time');
      span.awaiting = true;
    },
    outcomeWaitEnds(row) {
      const span = open(row, 'end of wait');
      span.awaiting = false;
    },
    resumed: () => undefined,
    absorbed(row) {
      open(row, 'absorbed').state = 'absorbed';
      note('absorbed', row);
      return 0;
    },
    absorbedInto(row, into) {
      invariant(at(row).state === 'absorbed', 'what goes into a batch was absorbed');
      note('into', row, into);
    },
    event(row, event: CoreEvent, a, _b, text) {
      at(row);
      note('event', row, event, a, text);
    },
    acked(row, status) {
      open(row, 'ack').awaiting = false;
      if (status !== null) hops.event(row, 'export_success', 0, 0, status);
      hops.event(row, 'ack', 0, 0, '');
      hops.end(row, 'success', '');
    },
    itemsOut(row, items) {
      open(row, 'items out');
      note('out', row, items);
    },
    end(row, outcome, message) {
      open(row, 'end').state = 'ended';
      note('end', row, outcome, message);
    },
    opened(trace) {
      traces[trace] = (traces[trace] ?? 0) + 1;
    },
    resolved(trace) {
      const left = (traces[trace] ?? 0) - 1;
      invariant(left >= 0, 'a trace has no fewer than no open pdata');
      traces[trace] = left;
      note('resolved', trace, left);
    },
    spanOf: () => NOOP_SPAN,
    delayed(node, items, reason) {
      note('delayed', node, items, reason);
    },
  };
  const records: ControlRecord[] = [];
  const bodies: TopologyBody[] = [];
  const telemetry: CheckingTelemetry = {
    hops,
    get recording() {
      return hops.recording;
    },
    get switched() {
      return switched;
    },
    set recording(on) {
      switched ||= hops.recording !== on;
      hops.recording = on;
      // Whoever switches loses sight of what is under way.
      slots.clear();
      for (const span of spans) {
        span.blockedOn = -1;
        span.awaiting = false;
      }
    },
    log,
    records,
    bodies,
    layout: null,
    layoutChanged(layout, present, body) {
      counters = present;
      telemetry.layout = layout;
      bodies.push(body);
    },
    controlAction(record) {
      records.push(record);
      note('control', record.action, record.id, record.outcome, record.affectedCount, record.message);
    },
    openSpans: () =>
      spans.filter(({ state }) => state === 'open').map(({ node, batch }) => `${node}:${batch}`),
    openTraces: () => traces.flatMap((count, trace) => (count > 0 ? [trace] : [])),
  };
  return telemetry;
}
