import { describe, expect, it } from 'vitest';
import { createDialectState } from './dialect';
import { effectiveTopology } from './effective-topology';
import { factsFromLogs, factsFromMetrics } from './facade';
import { otapTopology, portOf } from './otap-config';
import { attributes, gauge, resource, resourceLogs, sum } from './otlp.testing';

const at = { start: 1, time: 2 };
const OTAP = resource({ 'service.name': 'otap-edge', 'service.instance.id': 'i-1' });

function scoped(
  name: string,
  of: Readonly<Record<string, string>>,
  metrics: readonly ReturnType<typeof sum>[],
) {
  const scope = {
    name,
    version: '',
    attributes: attributes({ 'pipeline.group.id': 'g', 'pipeline.id': 'p', 'core.id': '0', ...of }),
    droppedAttributesCount: 0,
  };
  return { scope, metrics, schemaUrl: '' };
}

const sender = (core: string) =>
  scoped(
    'channel.sender',
    { 'node.id': 'a', 'node.port': 'x', 'channel.id': 'c', 'channel.kind': 'pdata', 'core.id': core },
    [
      sum('messages', [
        { of: { signal: 'logs', outcome: 'success' }, value: 3, ...at },
        { of: { signal: 'logs', outcome: 'refused' }, value: 1, ...at },
      ]),
    ],
  );
const receiver = (core: string) =>
  scoped(
    'channel.receiver',
    { 'node.id': 'b', 'channel.id': 'c', 'channel.kind': 'pdata', 'core.id': core },
    [gauge('queue.depth', [{ of: {}, value: 7, ...at }]), gauge('capacity', [{ of: {}, value: 32, ...at }])],
  );

describe('the OTAP engine’s dialect', () => {
  it('joins sender and receiver of a channel, whichever comes first, and keeps cores apart', () => {
    const part = {
      resource: OTAP,
      scopeMetrics: [sender('0'), sender('1'), receiver('0'), receiver('1')],
      schemaUrl: '',
    };
    const { facts } = factsFromMetrics('otap', part, createDialectState());
    expect(facts[0]).toMatchObject({
      kind: 'seen',
      edges: [{ from: 'a@g/p', port: 'x', to: 'b@g/p', channel: 'pdata:b@g/p', provenance: 'observed' }],
    });
    const edge = { kind: 'edge', from: 'a@g/p', port: 'x', channel: 'pdata:b@g/p' };
    expect(facts.filter((fact) => fact.kind === 'counter')).toMatchObject([
      { entity: edge, measure: 'sent', delta: 3, attributes: { core: '0' } },
      { entity: edge, measure: 'blocked_sends', delta: 1, attributes: { core: '0' } },
      { entity: edge, measure: 'sent', delta: 3, attributes: { core: '1' } },
      { entity: edge, measure: 'blocked_sends', delta: 1, attributes: { core: '1' } },
    ]);
    expect(facts.filter((fact) => fact.kind === 'gauge').map((fact) => fact.value)).toEqual([7, 32, 7, 32]);
  });

  it('counts the acks that unwound to the end unasked for beside those that were delivered', () => {
    const completion = scoped('pipeline.completion', {}, [
      sum('ack.delivered', [{ of: {}, value: 4, ...at }]),
      sum('ack.dropped_no_interest', [{ of: {}, value: 21, ...at }]),
      sum('nack.dropped_no_interest', [{ of: {}, value: 2, ...at }]),
    ]);
    const { facts } = factsFromMetrics(
      'otap',
      { resource: OTAP, scopeMetrics: [completion], schemaUrl: '' },
      createDialectState(),
    );
    const counts = facts.flatMap((fact) =>
      'measure' in fact && fact.measure === 'control_actions'
        ? [
            [
              fact.entity.kind === 'control' ? fact.entity.action : '',
              fact.attributes.outcome,
              'delta' in fact ? fact.delta : 0,
            ],
          ]
        : [],
    );
    expect(counts).toEqual([
      ['ack', 'applied', 4],
      ['ack', 'no_interest', 21],
      ['nack', 'no_interest', 2],
    ]);
  });

  it('brings control channels, units and moved names to the same facts', () => {
    const node = { 'node.id': 'b', 'node.urn': 'urn:otel:exporter:noop', 'node.type': 'exporter' };
    const items = (metric: string) =>
      scoped('node.consumer', { ...node, 'channel.kind': 'pdata', 'channel.id': 'c' }, [
        sum(metric, [{ of: { signal: 'logs', outcome: 'failure' }, value: 5, ...at }]),
      ]);
    const control = scoped(
      'channel.receiver',
      { ...node, 'channel.kind': 'control', 'channel.id': 'b:control' },
      [gauge('queue.depth', [{ of: {}, value: 2, ...at }])],
    );
    const measures = (metric: string) =>
      factsFromMetrics(
        'otap',
        { resource: OTAP, scopeMetrics: [items(metric), control], schemaUrl: '' },
        createDialectState(),
      ).facts.flatMap((fact) =>
        'measure' in fact ? [[fact.measure, fact.entity, fact.derived ?? false]] : [],
      );
    const expected = [
      ['items_in', { kind: 'node', node: 'b@g/p' }, false],
      ['items_returned', { kind: 'node', node: 'b@g/p' }, true],
      ['depth', { kind: 'channel', channel: 'control:b@g/p', node: 'b@g/p' }, false],
    ];
    expect(measures('consumed.items')).toEqual(expected);
    expect(measures('node.input.items')).toEqual(expected);
  });

  it('reads ports, own observability and capacities from the effective configuration', () => {
    expect(portOf('by_signal["traces"]')).toEqual({ node: 'by_signal', port: 'traces' });
    expect(portOf('plain')).toEqual({ node: 'plain', port: 'default' });
    const pipeline = {
      policies: { channel_capacity: { pdata: 32, control: { node: 100 } } },
      nodes: { a: { type: 'receiver:otlp' }, b: { type: 'urn:otel:exporter:noop' } },
      connections: [
        { from: 'a["x"]', to: 'b' },
        { from: 'a', to: 'nowhere' },
      ],
    };
    const topology = otapTopology({
      groups: { g: { pipelines: { p: pipeline } } },
      engine: { observability: { pipeline: { nodes: { t: { type: 'receiver:internal_telemetry' } } } } },
    });
    expect(topology).toMatchObject({
      pipelines: ['g/p', 'system/observability'],
      edges: [{ from: 'a@g/p', port: 'x', to: 'b@g/p' }],
      capacities: { 'pdata:b@g/p': 32, 'control:a@g/p': 100 },
    });
    expect(topology?.nodes.map(({ id, nodeKind }) => [id, nodeKind])).toEqual([
      ['a@g/p', 'receiver'],
      ['b@g/p', 'exporter'],
      ['t@system/observability', 'receiver'],
    ]);
    expect(topology?.problems).toHaveLength(1);
  });

  it('says why a configuration cannot be read, without a word of it', () => {
    const read = effectiveTopology(new TextEncoder().encode('{"token": "hush'));
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toContain('hush');
    expect(effectiveTopology(new Uint8Array(5 << 20)).ok).toBe(false);
    expect(effectiveTopology(new TextEncoder().encode('a: [1]'))).toEqual({ ok: true, value: null });
  });

  it('tells logs with an event name as events of their node', () => {
    const [scopeLogs] = resourceLogs([
      { eventName: 'otlp.exporter.http.export_error' },
      { eventName: '' },
    ]).scopeLogs;
    const scope = scoped('otel.exporter.otlp_http', { 'node.id': 'b' }, []).scope;
    const part = { resource: OTAP, schemaUrl: '', scopeLogs: scopeLogs ? [{ ...scopeLogs, scope }] : [] };
    expect(factsFromLogs('otap', part, createDialectState())).toMatchObject([
      { kind: 'event', node: 'b@g/p', name: 'otlp.exporter.http.export_error' },
    ]);
  });
});
