/** What a source does not tell, and what to switch on so that it does: with the lines to copy. */
import type { DialectName } from '@/lib/model/engine';
import type { Measure } from '@/lib/model/facts';
import {
  COLLECTOR_GATE,
  collectorLogsYaml,
  collectorMetricsYaml,
  collectorOpampYaml,
  collectorTracesYaml,
  type Endpoints,
  otapLevelYaml,
  otapOpampYaml,
  otapTelemetryYaml,
} from './connect-texts';
import type { DialectState } from './dialect';

export interface Untold {
  readonly what: string;
  readonly how: string;
  /** What to paste, with this server's addresses; absent where nothing can be switched on. */
  readonly copy?: string;
}

export interface Heard {
  readonly dialect: DialectName;
  readonly state: DialectState;
  /** True where figures of this kind came. */
  readonly tells: (measure: Measure) => boolean;
  /** True where spans of it came. */
  readonly hasTraces: boolean;
  /** True where an effective configuration was read. */
  readonly isDeclared: boolean;
  /** Why the effective configuration could not be read; null where it could, or none came. */
  readonly configProblem: string | null;
  readonly endpoints: Endpoints;
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

function untoldByOtap({ tells, isDeclared, endpoints }: Heard): Untold[] {
  const metrics: Untold = {
    what: 'every figure',
    how: 'give the engine an observability pipeline that sends here',
    copy: otapTelemetryYaml(endpoints),
  };
  const level: Untold = {
    what: 'items, durations and outcomes of nodes',
    how: 'set the level of its runtime metrics to detailed: at `basic` only channels are told',
    copy: otapLevelYaml(),
  };
  const opamp: Untold = {
    what: 'the declared topology, and control from here',
    how: 'let its controller speak OpAMP to this server, over WebSocket',
    copy: otapOpampYaml(endpoints),
  };
  return [
    ...(tells('depth') ? [] : [metrics]),
    ...(tells('depth') && !tells('items_in') ? [level] : []),
    ...(isDeclared ? [] : [opamp]),
    {
      what: 'traces, and time blocked on a full channel',
      how: 'this engine has no traces, and counts a send that waited as a success: nothing can be switched on',
    },
  ];
}

function untoldByCollector({ state, tells, hasTraces, isDeclared, endpoints }: Heard): Untold[] {
  const known = state.collector;
  const hasFigures = tells('items_in') || tells('depth');
  const metrics: Untold = {
    what: 'every figure',
    how: 'send its own metrics here',
    copy: collectorMetricsYaml(endpoints),
  };
  const gate: Untold = {
    what: 'figures of each pipeline’s own processors, and of connectors',
    how: 'start it with the feature gate for pipeline telemetry',
    copy: COLLECTOR_GATE,
  };
  const level: Untold = {
    what: 'working times and batch sizes',
    how: 'set the level of its own metrics to detailed',
    copy: collectorMetricsYaml(endpoints),
  };
  const opamp: Untold = {
    what: 'the declared topology',
    how: 'add its OpAMP extension, which reports the configuration that runs',
    copy: collectorOpampYaml(endpoints),
  };
  const traces: Untold = {
    what:
      isDeclared || known.sequences.size > 0
        ? 'single batches'
        : 'single batches, and the order of processors',
    how: 'send its own traces here',
    copy: collectorTracesYaml(endpoints),
  };
  return [
    ...(hasFigures ? [] : [metrics]),
    ...(known.gate || !tells('items_in') ? [] : [gate]),
    ...(tells('items_in') && !tells('batch_size') && !tells('duration') ? [level] : []),
    ...(isDeclared ? [] : [opamp]),
    ...(hasTraces ? [] : [traces]),
    { what: 'time blocked', how: 'a Collector refuses or loses instead of blocking: there is none to tell' },
  ];
}

function untoldBySpans({ tells, endpoints }: Heard): Untold[] {
  return tells('depth')
    ? []
    : [
        {
          what: 'queue depth, utilisation and backpressure',
          how: 'this source sends no metrics of its channels: the map is drawn from its spans alone. If it is a Collector, its own metrics tell them',
          copy: [collectorMetricsYaml(endpoints), collectorLogsYaml(endpoints)].join('\n'),
        },
      ];
}
