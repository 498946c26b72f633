/** What a source does not tell, and what to switch on so that it does: with the lines to copy. */
import type { DialectName } from '@/lib/model/engine';
import type { Measure } from '@/lib/model/facts';
import type { DialectState } from './dialect';

export interface Untold {
  readonly what: string;
  readonly how: string;
}

export interface Heard {
  readonly dialect: DialectName;
  readonly state: DialectState;
  /** True where figures of this kind came. */
  readonly tells: (measure: Measure) => boolean;
  /** True where an effective configuration was read. */
  readonly isDeclared: boolean;
  /** Why the effective configuration could not be read; null where it could, or none came. */
  readonly configProblem: string | null;
}

export function untold(heard: Heard): Untold[] {
  const config: Untold[] =
    heard.configProblem === null
      ? []
      : [{ what: 'the configuration', how: `what the agent reported is not drawn: ${heard.configProblem}` }];
  switch (heard.dialect) {
    case 'weir':
      return config;
    case 'otap':
      return [...config, ...untoldByOtap(heard)];
    case 'collector':
      return [...config, ...untoldByCollector(heard)];
    case 'spans':
      return [...config, ...untoldBySpans(heard)];
  }
}

function untoldByOtap({ tells, isDeclared }: Heard): Untold[] {
  return [
    ...(tells('depth') ? [] : [NO_OTAP_METRICS]),
    ...(tells('depth') && !tells('items_in')
      ? [
          {
            what: 'items, durations and outcomes of nodes',
            how: 'set `policies.telemetry.runtime_metrics: detailed` in the pipeline: at `basic` only channels are told',
          },
        ]
      : []),
    ...(isDeclared ? [] : [{ what: 'the declared topology, and control from here', how: OTAP_OPAMP }]),
    {
      what: 'traces, and time blocked on a full channel',
      how: 'this engine has no traces, and counts a send that waited as a success: nothing can be switched on',
    },
  ];
}

const NO_OTAP_METRICS: Untold = {
  what: 'every figure',
  how: 'add a `receiver:internal_telemetry` with `signals: [metrics, logs]` and an `exporter:otlp_http` to `engine.observability.pipeline`',
};

const OTAP_OPAMP =
  'add `engine.controller.extensions.opamp: {type: "urn:otel:extension:opamp", config: {endpoint: "ws://<this host>:4318/v1/opamp"}}`';

function untoldByCollector({ state, tells, isDeclared }: Heard): Untold[] {
  const known = state.collector;
  return [
    ...(tells('items_in') || tells('depth') ? [] : [{ what: 'every figure', how: COLLECTOR_METRICS }]),
    ...(known.gate || !tells('items_in')
      ? []
      : [
          {
            what: 'figures of each pipeline’s own processors, and of connectors',
            how: 'start it with `--feature-gates=telemetry.newPipelineTelemetry`',
          },
        ]),
    ...(tells('items_in') && !tells('batch_size') && !tells('duration')
      ? [{ what: 'working times and batch sizes', how: 'set `service.telemetry.metrics.level: detailed`' }]
      : []),
    ...(isDeclared ? [] : [{ what: 'the declared topology', how: COLLECTOR_OPAMP }]),
    ...(isDeclared || known.sequences.size > 0
      ? []
      : [{ what: 'the order of processors, and traces', how: COLLECTOR_TRACES }]),
    { what: 'time blocked', how: 'a Collector refuses or loses instead of blocking: there is none to tell' },
  ];
}

const COLLECTOR_METRICS =
  'add to `service.telemetry`: `metrics: {level: detailed, readers: [{periodic: {interval: 2000, exporter: {otlp: {protocol: http/protobuf, endpoint: "http://<this host>:4318"}}}}]}`';
const COLLECTOR_OPAMP =
  'add `extensions: {opamp: {server: {http: {endpoint: "http://<this host>:4318/v1/opamp"}}, capabilities: {reports_effective_config: true}}}` and `opamp` to `service.extensions`';
const COLLECTOR_TRACES =
  'add to `service.telemetry`: `traces: {processors: [{batch: {exporter: {otlp: {protocol: http/protobuf, endpoint: "http://<this host>:4318"}}}}]}`';

function untoldBySpans({ tells }: Heard): Untold[] {
  return tells('depth')
    ? []
    : [
        {
          what: 'queue depth, utilisation and backpressure',
          how: 'this source sends no metrics of its channels: the map is drawn from its spans alone',
        },
      ];
}
