/** How each kind of source is connected: its parts in order, what to paste for each, and what shows that it works. */
import type { DialectName } from '@/lib/model/engine';
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
  sdkEnvironment,
} from './connect-texts';

/** What of a source arrives once a part is in place; null for what only makes the others possible. */
export type Sign = 'traces' | 'metrics' | 'logs' | 'pipelineTelemetry' | 'opamp' | null;

export interface ConnectPart {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly code: (endpoints: Endpoints) => string;
  readonly sign: Sign;
}

export interface ConnectGuide {
  readonly key: GuideKey;
  readonly title: string;
  /** Sources of this dialect are what its signs are looked for in. */
  readonly dialect: DialectName;
  readonly parts: readonly ConnectPart[];
}

export const GUIDE_KEYS = ['collector', 'otap', 'javascript', 'python', 'go', 'java'] as const;
export type GuideKey = (typeof GUIDE_KEYS)[number];

const COLLECTOR: readonly ConnectPart[] = [
  {
    key: 'metrics',
    title: 'Metrics',
    note: 'Rates, queues and losses of every component. Merge it into the configuration; a second --config file does.',
    code: collectorMetricsYaml,
    sign: 'metrics',
  },
  {
    key: 'gate',
    title: 'Feature gate',
    note: 'On the command line. Without it, processors do not say which pipeline they are of, and connectors say nothing.',
    code: () => `otelcol --config config.yaml ${COLLECTOR_GATE}`,
    sign: 'pipelineTelemetry',
  },
  {
    key: 'traces',
    title: 'Traces',
    note: 'One trace for each batch: its processors, its wait in the sending queue, its attempts.',
    code: collectorTracesYaml,
    sign: 'traces',
  },
  {
    key: 'logs',
    title: 'Logs',
    note: 'Its own, with the errors of exporters, and the word that it ends.',
    code: collectorLogsYaml,
    sign: 'logs',
  },
  {
    key: 'opamp',
    title: 'OpAMP',
    note: 'Its configuration as it runs, so that the map is declared and not guessed. Keep other extensions in the list.',
    code: collectorOpampYaml,
    sign: 'opamp',
  },
];

const OTAP: readonly ConnectPart[] = [
  {
    key: 'telemetry',
    title: 'Metrics and logs',
    note: 'An observability pipeline of its own that sends here.',
    code: otapTelemetryYaml,
    sign: 'metrics',
  },
  {
    key: 'level',
    title: 'Level',
    note: 'For each pipeline. At `basic` only channels are told; it can be switched from Settings once OpAMP is connected.',
    code: otapLevelYaml,
    sign: null,
  },
  {
    key: 'opamp',
    title: 'OpAMP',
    note: 'Over WebSocket: the declared map, its level and its whole configuration from here.',
    code: otapOpampYaml,
    sign: 'opamp',
  },
];

interface Language {
  readonly key: GuideKey;
  readonly title: string;
  readonly start: string;
  readonly startNote: string;
}

const LANGUAGES: readonly Language[] = [
  {
    key: 'javascript',
    title: 'JavaScript',
    start: [
      'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
      'node --require @opentelemetry/auto-instrumentations-node/register app.js',
    ].join('\n'),
    startNote: 'Instruments what it knows; a program that sets up its SDK itself needs the environment only.',
  },
  {
    key: 'python',
    title: 'Python',
    start: [
      'pip install opentelemetry-distro opentelemetry-exporter-otlp',
      'opentelemetry-bootstrap --action=install',
      'opentelemetry-instrument python app.py',
    ].join('\n'),
    startNote: 'Instruments what it knows; a program that sets up its SDK itself needs the environment only.',
  },
  {
    key: 'go',
    title: 'Go',
    start:
      'go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp',
    startNote: 'Set up in the program: `otlptracehttp.New(ctx)` without options reads the environment.',
  },
  {
    key: 'java',
    title: 'Java',
    start: 'java -javaagent:opentelemetry-javaagent.jar -jar app.jar',
    startNote: 'The agent of the OpenTelemetry project, without a change of the program.',
  },
];

function sdkGuide({ key, title, start, startNote }: Language): ConnectGuide {
  const exporter = (signal: 'METRICS' | 'LOGS') => () => `OTEL_${signal}_EXPORTER=otlp`;
  return {
    key,
    title,
    dialect: 'spans',
    parts: [
      {
        key: 'environment',
        title: 'Traces',
        note: 'Environment variables of the program.',
        code: (endpoints) =>
          [sdkEnvironment(endpoints), 'OTEL_TRACES_EXPORTER=otlp', 'OTEL_SERVICE_NAME=my-service'].join('\n'),
        sign: 'traces',
      },
      {
        key: 'metrics',
        title: 'Metrics',
        note: 'Each minute, unless OTEL_METRIC_EXPORT_INTERVAL says otherwise.',
        code: exporter('METRICS'),
        sign: 'metrics',
      },
      {
        key: 'logs',
        title: 'Logs',
        note: 'Where the program logs by a library that its SDK bridges.',
        code: exporter('LOGS'),
        sign: 'logs',
      },
      { key: 'start', title: 'Start', note: startNote, code: () => start, sign: null },
    ],
  };
}

export const CONNECT_GUIDES: readonly ConnectGuide[] = [
  { key: 'collector', title: 'Collector', dialect: 'collector', parts: COLLECTOR },
  { key: 'otap', title: 'OTAP engine', dialect: 'otap', parts: OTAP },
  ...LANGUAGES.map(sdkGuide),
];
