import { describe, expect, it } from 'vitest';
import { collectorTopology } from './collector-config';
import { collectorMetricName } from './collector-names';
import { createDialectState } from './dialect';
import { effectiveTopology } from './effective-topology';
import { factsFromMetrics, topologyFromConfig } from './facade';
import { untold } from './missing';
import { attributes, gauge, resource, sum } from './otlp.testing';

const at = { start: 1, time: 2 };
const HERE = resource({ 'service.name': 'edge', 'service.instance.id': 'i-1' });
type Metrics = readonly ReturnType<typeof sum>[];

function part(...scopes: readonly [Readonly<Record<string, string>>, Metrics][]) {
  return {
    resource: HERE,
    schemaUrl: '',
    scopeMetrics: scopes.map(([of, metrics]) => ({
      scope: {
        name: 'go.opentelemetry.io/collector/service',
        version: '',
        attributes: attributes(of),
        droppedAttributesCount: 0,
      },
      metrics,
      schemaUrl: '',
    })),
  };
}

const component = (kind: string, id: string, more: Readonly<Record<string, string>> = {}) => ({
  'otelcol.component.kind': kind,
  'otelcol.component.id': id,
  ...more,
});
const figures = (facts: ReturnType<typeof factsFromMetrics>['facts']) =>
  facts.flatMap((fact) => ('measure' in fact ? [[fact.entity, fact.measure]] : []));

const CONFIG = {
  receivers: { otlp: {} },
  processors: { batch: {}, tag: {} },
  exporters: { otlp: { sending_queue: { queue_size: 9, num_consumers: 3 } } },
  connectors: { count: {} },
  service: {
    pipelines: {
      traces: { receivers: ['otlp'], processors: ['tag', 'batch'], exporters: ['otlp', 'count'] },
      metrics: { receivers: ['count'], exporters: ['otlp'] },
    },
  },
};

describe('the Collector’s dialect', () => {
  it('takes names as OTLP tells them and as scrapes relay them', () => {
    for (const [told, name] of [
      ['otelcol.receiver.produced.items', 'otelcol_receiver_produced_items'],
      ['otelcol_exporter_sent_spans__spans__total', 'otelcol_exporter_sent_spans'],
      ['otelcol_exporter_sent_spans_total', 'otelcol_exporter_sent_spans'],
      ['otelcol_exporter_queue_size_batches', 'otelcol_exporter_queue_size'],
      ['otelcol_processor_internal_duration_seconds', 'otelcol_processor_internal_duration'],
      ['otelcol_process_cpu_seconds_total', 'otelcol_process_cpu_seconds'],
    ] as const) {
      expect(collectorMetricName(told)).toBe(name);
    }
  });

  it('counts an item once where the gate and the older counters both tell it', () => {
    const of = component('processor', 'tag', { 'otelcol.pipeline.id': 'traces', 'otelcol.signal': 'traces' });
    const { facts, points } = factsFromMetrics(
      'collector',
      part([
        of,
        [
          sum(
            'otelcol.processor.consumed.items',
            [{ of: { 'otelcol.component.outcome': 'success' }, value: 4, ...at }],
            2,
          ),
          sum(
            'otelcol_processor_incoming_items',
            [{ of: { processor: 'tag', 'otel.signal': 'traces' }, value: 4, ...at }],
            2,
          ),
        ],
      ]),
      createDialectState(),
    );
    expect(figures(facts)).toEqual([[{ kind: 'node', node: 'tag@traces' }, 'items_in']]);
    expect(points).toMatchObject({ stored: 1, ignored: 1 });
  });

  it('gives each signal its own queue into an exporter, with the gate and without it', () => {
    const queue = [
      gauge('otelcol_exporter_queue_size', [
        { of: { exporter: 'otlp', data_type: 'logs' }, value: 2, ...at },
      ]),
    ];
    for (const of of [component('exporter', 'otlp', { 'otelcol.signal': 'logs' }), {}]) {
      const { facts } = factsFromMetrics('collector', part([of, queue]), createDialectState());
      expect(figures(facts)).toEqual([
        [{ kind: 'channel', channel: 'pdata:otlp:logs', node: 'otlp' }, 'depth'],
      ]);
    }
  });

  it('keeps a receiver and an exporter of one name apart, and connectors between their pipelines', () => {
    const topology = collectorTopology(CONFIG);
    expect(topology?.edges.map(({ from, to, channel }) => `${from} > ${to} by ${channel}`)).toEqual([
      'otlp > tag@traces by pdata:tag@traces',
      'tag@traces > batch@traces by pdata:batch@traces',
      'batch@traces > otlp@exporter by pdata:otlp@exporter:traces',
      'batch@traces > count by pdata:count',
      'count > otlp@exporter by pdata:otlp@exporter:metrics',
    ]);
    expect(topology?.capacities).toEqual({
      'pdata:otlp@exporter:traces': 9,
      'pdata:otlp@exporter:metrics': 9,
    });
    expect(topology?.problems).toEqual([]);
  });

  it('places a processor by its signal where the configuration leaves one choice, else nowhere', () => {
    const state = createDialectState();
    const read = effectiveTopology(new TextEncoder().encode(JSON.stringify(CONFIG)));
    if (!read.ok || !read.value) throw new Error('it reads');
    topologyFromConfig(read.value, 1n, state);
    const taken = (processor: string) =>
      sum(
        'otelcol_processor_incoming_items',
        [{ of: { processor, 'otel.signal': 'traces' }, value: 4, ...at }],
        2,
      );
    const { facts } = factsFromMetrics('collector', part([{}, [taken('tag'), taken('unknown')]]), state);
    expect(figures(facts)).toEqual([[{ kind: 'node', node: 'tag@traces' }, 'items_in']]);
  });

  it('calls what a queue refused lost only behind a processor that has answered already', () => {
    const failed = (signal: string, name: string) =>
      sum(name, [{ of: { exporter: 'otlp', data_type: signal }, value: 4, ...at }], 2);
    const state = createDialectState();
    const read = effectiveTopology(new TextEncoder().encode(JSON.stringify(CONFIG)));
    if (!read.ok || !read.value) throw new Error('it reads');
    topologyFromConfig(read.value, 1n, state);
    const { facts } = factsFromMetrics(
      'collector',
      part([
        {},
        [
          failed('traces', 'otelcol_exporter_enqueue_failed_spans'),
          failed('metrics', 'otelcol_exporter_enqueue_failed_metric_points'),
        ],
      ]),
      state,
    );
    expect(figures(facts).map(([, measure]) => measure)).toEqual(['dropped', 'items_returned']);
  });

  it('says what is not told and how to switch it on', () => {
    const state = createDialectState();
    const what = (tells: readonly string[]) =>
      untold({
        dialect: 'collector',
        state,
        tells: (measure) => tells.includes(measure),
        isDeclared: false,
        configProblem: null,
        hasTraces: false,
        endpoints: {
          otlpHttp: 'http://weir:4318',
          otlpGrpc: 'http://weir:4317',
          opampWs: 'ws://weir:4318/v1/opamp',
          opampHttp: 'http://weir:4318/v1/opamp',
        },
      })
        .map(({ copy }) => copy)
        .join('\n');
    expect(what([])).toContain('readers:');
    expect(what(['items_in', 'depth'])).toContain('--feature-gates=telemetry.newPipelineTelemetry');
    expect(what(['items_in'])).toContain('endpoint: http://weir:4318/v1/opamp');
  });
});
