import { describe, expect, it } from 'vitest';
import { METRIC } from '@/lib/semconv/metrics';
import { dialectFor, dialectOfMetrics } from './detect';
import { createDialectState } from './dialect';
import { factsFromLogs, factsFromMetrics } from './facade';
import { anyValue, attributes, gauge, resource, resourceLogs, resourceMetrics, sum } from './otlp.testing';

const at = { start: 1, time: 2 };

describe('the reference engine’s dialect', () => {
  it('is recognised by its pipeline, its metric names or its scopes', () => {
    expect(dialectFor(resource({ 'dataflow.pipeline.id': 'main' }), [])).toBe('weir');
    const part = resourceMetrics([gauge(METRIC.channelDepth, [])], resource({}));
    expect(dialectOfMetrics(part.resource, part.scopeMetrics)).toBe('weir');
    expect(dialectFor(resource({}), [undefined])).toBe('spans');
  });

  it('tells a send by who sent it, and with it an observed edge, once', () => {
    const state = createDialectState();
    const of = {
      'channel.id': 'pdata:exp',
      'node.id': 'exp',
      from: 'batch',
      'out.port': 'errors',
      'signal.type': 'logs',
    };
    const first = factsFromMetrics(
      'weir',
      resourceMetrics([sum(METRIC.channelSent, [{ of, value: 3, ...at }])]),
      state,
    );
    expect(first.facts).toMatchObject([
      { kind: 'edge', from: 'batch', port: 'errors', to: 'exp', provenance: 'observed' },
      {
        kind: 'counter',
        measure: 'sent',
        delta: 3,
        entity: { kind: 'edge', from: 'batch', port: 'errors', channel: 'pdata:exp' },
        attributes: { signal: 'logs' },
      },
    ]);
    const second = factsFromMetrics(
      'weir',
      resourceMetrics([sum(METRIC.channelSent, [{ of, value: 3, start: 2, time: 3 }])]),
      state,
    );
    expect(second.facts.map((fact) => fact.kind)).toEqual(['counter']);
  });

  it('counts every point as stored, duplicate or ignored', () => {
    const state = createDialectState();
    const part = resourceMetrics([
      sum(METRIC.nodeItems, [{ of: { 'node.id': 'a', direction: 'in' }, value: 1, ...at }]),
      gauge('somebody.elses', [{ of: {}, value: 1, ...at }]),
    ]);
    expect(factsFromMetrics('weir', part, state).points).toEqual({
      received: 2,
      stored: 1,
      duplicate: 0,
      ignored: 1,
    });
    expect(factsFromMetrics('weir', part, state).points).toEqual({
      received: 2,
      stored: 0,
      duplicate: 1,
      ignored: 1,
    });
  });

  it('tells what a filter takes out from what is lost, by the type of the node', () => {
    const state = createDialectState();
    const dropped = (reason: string, time: number) =>
      factsFromMetrics(
        'weir',
        resourceMetrics([
          sum(METRIC.pdataDropped, [{ of: { 'node.id': 'f', reason }, value: 2, start: 1, time }]),
        ]),
        state,
      ).facts.map((fact) => 'measure' in fact && fact.measure);
    expect(dropped('health_checks', 2)).toEqual(['dropped']);
    factsFromLogs('weir', topologyLog(), state);
    expect(dropped('health_checks', 3)).toEqual(['reduced']);
    expect(dropped('fault', 3)).toEqual(['dropped']);
  });

  it('reads the declared topology with ports and capacities', () => {
    const [fact] = factsFromLogs('weir', topologyLog(), createDialectState());
    expect(fact).toMatchObject({
      kind: 'topology',
      pipeline: 'main',
      revision: 4,
      edges: [
        { from: 'in', port: 'default', to: 'f', channel: 'pdata:f', provenance: 'declared' },
        { from: 'f', port: 'rest', to: 'out', channel: 'pdata:out', provenance: 'declared' },
      ],
      capacities: { 'pdata:f': 64 },
    });
    expect(fact?.kind === 'topology' && fact.nodes.map((node) => [node.id, node.nodeKind])).toEqual([
      ['in', 'receiver'],
      ['f', 'processor'],
      ['out', 'exporter'],
    ]);
  });

  it('reads control actions, sampling decisions and events told as log records', () => {
    const facts = factsFromLogs(
      'weir',
      resourceLogs([
        {
          eventName: 'dataflow.control',
          attributes: attributes({
            'control.id': 'c-1',
            'control.action': 'drain',
            'control.outcome': 'applied',
            'control.origin': 'operator',
            'control.affected.count': 7n,
            'node.id': 'f',
          }),
        },
        {
          eventName: 'dataflow.sampling.decision',
          traceId: 'aa',
          attributes: attributes({ kept: true, by: 'errors', votes: { errors: 'sample' } }),
        },
        { eventName: 'otelcol.node.ack', attributes: attributes({ 'node.id': 'f' }) },
        { eventName: '' },
      ]),
      createDialectState(),
    );
    expect(facts).toMatchObject([
      { kind: 'control', id: 'c-1', action: 'drain', target: 'f', origin: 'operator', affectedCount: 7 },
      { kind: 'decision', traceId: 'aa', kept: true, by: 'errors', votes: { errors: 'sample' } },
      { kind: 'event', node: 'f', name: 'control/ack' },
    ]);
  });
});

function topologyLog() {
  return resourceLogs([
    {
      eventName: 'dataflow.topology',
      body: anyValue({
        pipeline: 'main',
        revision: 4,
        nodes: [
          { id: 'in', type: 'urn:otel:receiver:otlp', kind: 'receiver', ports: ['default'] },
          { id: 'f', type: 'urn:otel:processor:filter', kind: 'processor', ports: ['rest'] },
          { id: 'out', type: 'urn:otel:exporter:noop' },
        ],
        connections: [
          { from: 'in', to: 'f' },
          { from: 'f:rest', to: 'out' },
        ],
        channels: [{ id: 'pdata:f', capacity: 64 }],
      }),
    },
  ]);
}
