/**
 * Stands between the core and its telemetry and keeps an account of its own, in plain objects and from its own reading of
 * the clock: how deep every channel was for how long, what every handling did, and which trace belongs to which. Test-only.
 */
import type { EngineTelemetry, HopTelemetry, SpanRow } from '@/engine/core/telemetry';
import type { Clock } from '@/lib/base/clock';

/** An amount over time: what it is now, and its integral in seconds up to `at`. */
interface Level {
  now: number;
  integral: number;
  at: number;
}

export interface OracleChannel {
  readonly depth: Level;
  /** When what is in it came in, by slot. */
  readonly entered: Map<number, number>;
  /** Seconds that what has left it had waited. */
  leftWaits: number;
}

export interface OracleSpan {
  readonly node: number;
  readonly trace: OracleTrace;
  readonly start: number;
  state: 'open' | 'ended';
  blocked: boolean;
  awaiting: boolean;
}

/** One pdata's journey: what policies look at, and what it was merged from. */
export interface OracleTrace {
  readonly serial: number;
  readonly contributors: Set<OracleTrace>;
  start: number;
  end: number;
  failed: boolean;
  spans: number;
}

export interface Oracle {
  readonly telemetry: EngineTelemetry;
  readonly channels: ReadonlyMap<number, OracleChannel>;
  readonly nodes: ReadonlyMap<number, { readonly busy: Level; readonly blocked: Level }>;
  readonly traces: readonly OracleTrace[];
  /** Spans that ended, by node. */
  readonly ended: ReadonlyMap<number, number>;
  seconds(level: Level): number;
}

const NANOS = 1e9;

export function createOracle(inner: EngineTelemetry, clock: Clock): Oracle {
  const channels = new Map<number, OracleChannel>();
  const nodes = new Map<number, { readonly busy: Level; readonly blocked: Level }>();
  const spans = new Map<SpanRow, OracleSpan>();
  const traces: OracleTrace[] = [];
  const byHandle = new Map<number, OracleTrace>();
  const ended = new Map<number, number>();
  const level = (): Level => ({ now: 0, integral: 0, at: clock.nowNs() });
  const bring = (one: Level) => {
    const now = clock.nowNs();
    one.integral += (one.now * (now - one.at)) / NANOS;
    one.at = now;
  };
  const add = (one: Level, change: number) => {
    bring(one);
    one.now += change;
  };
  const channelAt = (index: number) => {
    const known = channels.get(index) ?? { depth: level(), entered: new Map(), leftWaits: 0 };
    channels.set(index, known);
    return known;
  };
  const nodeAt = (index: number) => {
    const known = nodes.get(index) ?? { busy: level(), blocked: level() };
    nodes.set(index, known);
    return known;
  };
  /** What a handling counts as changes with `change`. */
  const changing = (span: OracleSpan, change: () => void) => {
    const counts = () => (span.state === 'open' && !span.blocked && !span.awaiting ? 1 : 0);
    const before = counts();
    change();
    add(nodeAt(span.node).busy, counts() - before);
  };
  const newTrace = (handle: number): OracleTrace => {
    const now = clock.nowNs();
    const trace = {
      serial: traces.length,
      contributors: new Set<OracleTrace>(),
      start: now,
      end: now,
      failed: false,
      spans: 0,
    };
    traces.push(trace);
    byHandle.set(handle, trace);
    return trace;
  };
  const open = (row: SpanRow, node: number, trace: OracleTrace) => {
    const span: OracleSpan = {
      node,
      trace,
      start: clock.nowNs(),
      state: 'ended',
      blocked: false,
      awaiting: false,
    };
    trace.spans++;
    spans.set(row, span);
    changing(span, () => {
      span.state = 'open';
    });
    return span;
  };
  const close = (row: SpanRow, failed: boolean) => {
    const span = spans.get(row);
    if (span?.state !== 'open') return;
    if (span.blocked) add(nodeAt(span.node).blocked, -1);
    changing(span, () => {
      span.state = 'ended';
      span.blocked = false;
      span.awaiting = false;
    });
    ended.set(span.node, (ended.get(span.node) ?? 0) + 1);
    span.trace.end = Math.max(span.trace.end, clock.nowNs());
    span.trace.failed ||= failed;
  };
  const { hops } = inner;
  const watched: Partial<HopTelemetry> = {
    sent(channel, edge, slot, depth, pdata) {
      const known = channelAt(channel);
      add(known.depth, 1);
      known.entered.set(slot, clock.nowNs());
      hops.sent(channel, edge, slot, depth, pdata);
    },
    begin(node, pdata, channel, slot, depth) {
      const known = channelAt(channel);
      add(known.depth, -1);
      known.leftWaits += (clock.nowNs() - (known.entered.get(slot) ?? Number.NaN)) / NANOS;
      known.entered.delete(slot);
      const row = hops.begin(node, pdata, channel, slot, depth);
      open(row, node, byHandle.get(pdata.trace) ?? newTrace(pdata.trace));
      return row;
    },
    beginAdmission(node, pdata) {
      const row = hops.beginAdmission(node, pdata);
      open(row, node, newTrace(pdata.trace));
      return row;
    },
    beginFlush(node, pdata, contributors, rows, items, absorbedNs, batches) {
      const from = Array.from(rows.subarray(0, Math.min(contributors, 128)), (row) => spans.get(row)?.trace);
      const row = hops.beginFlush(node, pdata, contributors, rows, items, absorbedNs, batches);
      const { trace } = open(row, node, newTrace(pdata.trace));
      for (const each of from) if (each) trace.contributors.add(each);
      return row;
    },
    blocked(row, edge, depth) {
      const span = spans.get(row);
      if (span && !span.blocked) {
        add(nodeAt(span.node).blocked, 1);
        changing(span, () => {
          span.blocked = true;
        });
      }
      hops.blocked(row, edge, depth);
    },
    unblocked(row, edge) {
      const span = spans.get(row);
      if (span?.blocked) {
        add(nodeAt(span.node).blocked, -1);
        changing(span, () => {
          span.blocked = false;
        });
      }
      return hops.unblocked(row, edge);
    },
    outcomeWaitBegins(row) {
      const span = spans.get(row);
      if (span)
        changing(span, () => {
          span.awaiting = true;
        });
      hops.outcomeWaitBegins(row);
    },
    outcomeWaitEnds(row) {
      const span = spans.get(row);
      if (span)
        changing(span, () => {
          span.awaiting = false;
        });
      hops.outcomeWaitEnds(row);
    },
    absorbed(row) {
      close(row, false);
      return hops.absorbed(row);
    },
    acked(row, status) {
      close(row, false);
      hops.acked(row, status);
    },
    end(row, outcome, message) {
      close(row, outcome !== 'success');
      hops.end(row, outcome, message);
    },
  };
  // Everything else goes straight through; the recorder's methods want their own `this`.
  const wrapped = new Proxy(hops, {
    get(target, key) {
      const own = Reflect.get(watched, key) as unknown;
      if (own !== undefined) return own;
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    channels,
    nodes,
    traces,
    ended,
    telemetry: {
      hops: wrapped,
      layoutChanged: (layout, counters, body) => inner.layoutChanged(layout, counters, body),
      controlAction: (record) => inner.controlAction(record),
    },
    seconds(one) {
      bring(one);
      return one.integral;
    },
  };
}

/** The definition: what fails or is slow, its ancestors and descendants, and the direct contributors of every kept merge. */
export function keptFamilies(
  traces: readonly OracleTrace[],
  isSeed: (trace: OracleTrace) => boolean,
): { readonly seeds: ReadonlySet<OracleTrace>; readonly kept: ReadonlySet<OracleTrace> } {
  const mergedInto = new Map<OracleTrace, OracleTrace[]>();
  for (const trace of traces)
    for (const from of trace.contributors) mergedInto.set(from, [...(mergedInto.get(from) ?? []), trace]);
  const reach = (from: OracleTrace, next: (trace: OracleTrace) => Iterable<OracleTrace>) => {
    const seen = new Set<OracleTrace>();
    const todo = [from];
    for (let trace = todo.pop(); trace; trace = todo.pop()) {
      if (seen.has(trace)) continue;
      seen.add(trace);
      todo.push(...next(trace));
    }
    return seen;
  };
  const seeds = new Set(traces.filter(isSeed));
  const core = new Set<OracleTrace>();
  for (const seed of seeds) {
    for (const trace of reach(seed, (each) => each.contributors)) core.add(trace);
    for (const trace of reach(seed, (each) => mergedInto.get(each) ?? [])) core.add(trace);
  }
  const kept = new Set(core);
  for (const trace of core) for (const from of trace.contributors) kept.add(from);
  return { seeds, kept };
}
