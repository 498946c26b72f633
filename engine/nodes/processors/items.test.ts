import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPayload } from '../count-payload';
import { selectItems, visitItems } from '../items';
import { startPipeline } from '../testing/harness';
import { generated, logs, textsOf } from '../testing/payloads';

const through = (type: string, config: string) => `
nodes:
  in: { type: receiver:door }
  it: { type: ${type}, config: ${config} }
  out: { type: exporter:shelf }
connections: [{ from: in, to: it }, { from: it, to: out }]
`;

describe('items of a request', () => {
  it('are selected by number, whatever the signal, and nothing else changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('logs', 'metrics', 'traces', 'events' as const),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 1_000 }),
        (signal, items, pattern) => {
          const data = generated(signal, items, pattern).decoded();
          const keep = (at: number) => ((pattern >> (at % 10)) & 1) === 1;
          const names: string[] = [];
          visitItems(data, ({ name, severityNumber }) => names.push(`${name}${severityNumber}`));
          const left: string[] = [];
          visitItems(selectItems(data, keep), ({ name, severityNumber }) =>
            left.push(`${name}${severityNumber}`),
          );
          expect(left).toEqual(names.filter((_, at) => keep(at)));
        },
      ),
    );
  });
});

describe('filter', () => {
  it('drops by severity, attribute and name, counted by reason', async () => {
    const rules = `{ drop: [
      { reason: debug, severity_below: 9 },
      { reason: health, attribute: http.route, matches: "^/health" },
      { reason: noise, name_matches: "^noise" },
      { attribute: team, exists: false, severity_below: 13 } ] }`;
    const run = await startPipeline(through('processor:filter', rules));
    const team = { team: 'a' };
    void run.admit(
      logs([
        { text: 'debug', severity: 5, attributes: team },
        { text: 'health', severity: 13, attributes: { ...team, 'http.route': '/healthz' } },
        { text: 'noise', severity: 9, attributes: team, eventName: 'noise.made' },
        { text: 'nobody', severity: 9 },
        { text: 'unknown severity', severity: 0, attributes: team },
        { text: 'kept', severity: 9, attributes: team },
      ]),
    );
    await run.settle();
    expect(textsOf(run.arrivals[0]?.payload ?? logs([]))).toEqual(['unknown severity', 'kept']);
    const dropped = Object.fromEntries(
      [...run.pipeline.counters.dropped].map(([reason, { items }]) => [
        reason,
        items.reduce((a, b) => a + b),
      ]),
    );
    expect(dropped).toEqual({ debug: 1, health: 1, noise: 1, filtered: 1 });
  });

  it('acks a batch of which nothing is left', async () => {
    const run = await startPipeline(through('processor:filter', '{ drop: [{ severity_below: 25 }] }'));
    const outcome = run.admit(logs([{ severity: 5 }, { severity: 9 }]));
    await run.settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(run.arrivals).toEqual([]);
  });

  it('passes on bytes as they came where nothing is dropped', async () => {
    const run = await startPipeline(through('processor:filter', '{ drop: [{ severity_below: 1 }] }'));
    const payload = generated('logs', 20);
    void run.admit(payload);
    await run.settle();
    expect(run.arrivals[0]?.payload).toBe(payload);
  });

  it.each([
    ['{ drop: [{}] }', 'the condition is empty'],
    ['{ drop: [{ equals: x }] }', 'need an attribute'],
    ['{ drop: [{ attribute: x }] }', 'needs equals'],
    ['{ drop: [{ name_matches: "(" }] }', 'no regular expression'],
  ])('refuses %s', async (config, reason) => {
    await expect(startPipeline(through('processor:filter', config))).rejects.toThrow(reason);
  });
});

describe('attributes', () => {
  it('inserts, updates, upserts, deletes and renames, in order', async () => {
    const actions = `{ actions: [
      { action: insert, key: a, value: new }, { action: insert, key: b, value: 1 },
      { action: update, key: c, value: true }, { action: update, key: none, value: x },
      { action: upsert, key: d, value: 0.5 }, { action: delete, key: e }, { action: rename, key: f, to: g } ] }`;
    const run = await startPipeline(through('processor:attributes', actions));
    void run.admit(logs([{ attributes: { a: '1', c: '2', e: '3', f: '4', g: '5' } }]));
    await run.settle();
    const data = run.arrivals[0]?.payload.decoded();
    if (data?.signal !== 'logs') throw new Error('no logs');
    expect(data.data.resourceLogs[0]?.scopeLogs[0]?.logRecords[0]?.attributes).toEqual([
      { key: 'a', value: { stringValue: '1' } },
      { key: 'c', value: { boolValue: true } },
      { key: 'g', value: { stringValue: '4' } },
      { key: 'b', value: { intValue: 1n } },
      { key: 'd', value: { doubleValue: 0.5 } },
    ]);
  });

  it('changes points and spans too, and resources where it is told so', async () => {
    const config = '{ on: resource, actions: [{ action: upsert, key: region, value: eu }] }';
    const run = await startPipeline(through('processor:attributes', config));
    void run.admit(generated('metrics', 6));
    void run.admit(generated('traces', 6));
    await run.settle();
    for (const { payload, items } of run.arrivals) {
      expect(items).toBe(6);
      expect(countPayload(payload)).toBe(6);
      visitItems(payload.decoded(), ({ resource }) =>
        expect(resource?.attributes).toContainEqual({ key: 'region', value: { stringValue: 'eu' } }),
      );
    }
    expect(run.arrivals).toHaveLength(2);
  });

  it('passes on bytes as they came where nothing changes', async () => {
    const config = '{ actions: [{ action: delete, key: nowhere }] }';
    const run = await startPipeline(through('processor:attributes', config));
    const payload = generated('traces', 6);
    void run.admit(payload);
    await run.settle();
    expect(run.arrivals[0]?.payload).toBe(payload);
  });
});
