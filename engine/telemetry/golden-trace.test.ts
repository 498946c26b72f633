import { describe, expect, it } from 'vitest';
import { oracle } from '@/lib/otlp/testing/oracle';
import { createBench, layoutOf, pdataOf, plain, settled } from './telemetry.testing';

const LAYOUT = layoutOf('rcv-1:receiver/otlp > proc-2:processor/batch > exp-1:exporter/http');

/** The proposal's example: a receiver, a batch of one whole contributor, an exporter, and the control plane between. */
function exampleTrace(options: { readonly eventsAsLogs?: boolean; readonly oneByOne?: boolean } = {}) {
  const bench = createBench(LAYOUT, { eventsAsLogs: options.eventsAsLogs ?? false });
  const { hops } = bench.telemetry;
  const acked = (row: number, status: string | null) => {
    if (!options.oneByOne) return hops.acked(row, status);
    if (status === null) hops.outcomeWaitEnds(row);
    else hops.event(row, 'export_success', 0, 0, status);
    hops.event(row, 'ack', 0, 0, '');
    hops.end(row, 'success', '');
  };
  const pdata = pdataOf(1234);
  const receiver = hops.beginAdmission(bench.node('rcv-1'), pdata);
  hops.opened(pdata.trace);
  bench.pass(1);
  let slot = bench.send('rcv-1', 'proc-2', pdata, receiver);
  hops.outcomeWaitBegins(receiver);
  bench.pass(2);
  const batch = bench.take('proc-2', pdata, slot);
  hops.event(batch, 'timer_tick', 0, 0, 'flush');
  bench.pass(3);
  hops.event(batch, 'batch_flush', 10, 0, 'timer');
  hops.blocked(batch, bench.edge('proc-2', 'exp-1'), 128);
  bench.pass(4);
  pdata.span = batch;
  hops.sent(1, bench.edge('proc-2', 'exp-1'), 0, 128, pdata);
  const blockedNs = hops.unblocked(batch, 1);
  hops.event(batch, 'backpressure', blockedNs, 128, 'pdata:exp-1');
  hops.accepted(batch, 1, 128, blockedNs);
  hops.end(batch, 'success', '');
  slot = 0;
  bench.pass(5);
  const exporter = hops.begin(bench.node('exp-1'), pdata, 1, slot, 128);
  hops.event(exporter, 'shutdown', 5_000, 0, 'operator');
  bench.pass(6);
  acked(exporter, '200');
  acked(receiver, null);
  hops.resolved(pdata.trace);
  // After the end, before anything has left: it leaves as a log record.
  bench.pass(8);
  hops.event(exporter, 'timer_tick', 0, 0, 'late');
  bench.telemetry.flush();
  return bench;
}

describe('the example trace of the proposal', () => {
  it('is one trace of three spans, named and nested as there', () => {
    const { spans } = exampleTrace().exported;
    const byName = new Map(spans.map((span) => [span.name, span]));
    const receiver = byName.get('receiver/otlp/rcv-1');
    const batch = byName.get('processor/batch/proc-2');
    const exporter = byName.get('exporter/http/exp-1');
    expect(spans).toHaveLength(3);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(receiver?.parentSpanId).toBe('');
    expect(batch?.parentSpanId).toBe(receiver?.spanId);
    expect(exporter?.parentSpanId).toBe(batch?.spanId);
    expect([receiver?.kind, batch?.kind, exporter?.kind]).toEqual([2, 1, 3]);
  });

  it('has the events of the example, in order of time', () => {
    const { spans } = exampleTrace().exported;
    const events = Object.fromEntries(
      spans.map((span) => [span.name, span.events.map((event) => event.name)]),
    );
    expect(events).toEqual({
      'receiver/otlp/rcv-1': ['port_selected', 'control/ack'],
      'processor/batch/proc-2': ['control/timer_tick', 'batch_flush', 'backpressure', 'port_selected'],
      'exporter/http/exp-1': ['control/shutdown', 'export_success', 'control/ack'],
    });
    for (const span of spans) {
      for (const event of span.events) {
        expect(event.timeUnixNano).toBeGreaterThanOrEqual(span.startTimeUnixNano);
        expect(event.timeUnixNano).toBeLessThanOrEqual(span.endTimeUnixNano);
      }
    }
  });

  it('tells the four times of each hop', () => {
    const { spans } = exampleTrace().exported;
    const attributes = (name: string) => plain(spans.find((span) => span.name === name)?.attributes ?? []);
    expect(attributes('receiver/otlp/rcv-1')).toMatchObject({
      'node.id': 'rcv-1',
      'node.type': 'urn:otel:receiver:otlp',
      'signal.type': 'logs',
      'pdata.id': 'batch-1234',
      'pdata.batch.size': 10,
      'latency.ms': 1,
      'outcome.wait.ms': 20,
      'out.port': 'default',
      error: false,
    });
    expect(attributes('processor/batch/proc-2')).toMatchObject({
      stateful: true,
      'channel.id': 'pdata:proc-2',
      'channel.queue_depth': 1,
      'channel.capacity': 128,
      'channel.wait.ms': 2,
      'channel.send.queue_depth': 128,
      'channel.send.blocked.ms': 4,
      'latency.ms': 3,
    });
    expect(attributes('exporter/http/exp-1')).toMatchObject({ 'channel.wait.ms': 5, 'latency.ms': 6 });
  });
});

describe('what leaves', () => {
  it.each([false, true])(
    'is the same to the byte however the end was told (events as logs: %s)',
    async (asLogs) => {
      const atOnce = exampleTrace({ eventsAsLogs: asLogs });
      const oneByOne = exampleTrace({ eventsAsLogs: asLogs, oneByOne: true });
      for (const bench of [atOnce, oneByOne]) {
        bench.telemetry.flush();
        await settled();
      }
      expect(atOnce.exported.requests.length).toBeGreaterThan(1);
      // Metrics tell how much CPU it took, which is never the same.
      const told = ({ exported }: typeof atOnce) =>
        exported.requests.filter(({ path }) => path !== '/v1/metrics');
      expect(told(atOnce)).toEqual(told(oneByOne));
      const ends = atOnce.exported.logs.filter(({ eventName }) =>
        /^(control\/ack|export_success)$/.test(eventName),
      );
      expect(ends).toHaveLength(asLogs ? 3 : 0);
    },
  );

  it('is read by protobufjs as it is by the product', () => {
    const { exported } = exampleTrace();
    const request = exported.requests.find(({ path }) => path === '/v1/traces');
    const read = oracle.traces.decode(request?.body ?? new Uint8Array(0));
    const plainRead = JSON.parse(
      JSON.stringify(oracle.traces.toObject(read, { bytes: String, longs: String })),
    );
    const spans = plainRead.resourceSpans.flatMap(
      (resource: { scopeSpans: { spans: { name: string }[] }[] }) =>
        resource.scopeSpans.flatMap((scope) => scope.spans),
    );
    expect(spans.map(({ name }: { name: string }) => name)).toEqual(exported.spans.map(({ name }) => name));
    expect(spans.map((span: { startTimeUnixNano: string }) => span.startTimeUnixNano)).toEqual(
      exported.spans.map((span) => String(span.startTimeUnixNano)),
    );
    const scope = plainRead.resourceSpans[0].scopeSpans[0].scope;
    expect(scope.name).toBe('otel.processor.batch');
  });
});
