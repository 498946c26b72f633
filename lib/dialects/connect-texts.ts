/**
 * What to paste where, so that a source tells Weir all that it can: pure texts of this server's addresses. The Connect
 * page, the settings, the empty states and the notes on what a source does not tell all show these and no others.
 */
export interface Endpoints {
  readonly otlpHttp: string;
  readonly otlpGrpc: string | null;
  readonly opampWs: string;
  readonly opampHttp: string;
}

/** The feature gate with which every component counts what it takes and gives, and says which pipeline it is of. */
export const COLLECTOR_GATE = '--feature-gates=telemetry.newPipelineTelemetry';

const indented = (spaces: number, lines: readonly string[]) => lines.map((line) => ' '.repeat(spaces) + line);
const yaml = (lines: readonly string[]) => lines.join('\n');

const otlp = (endpoint: string) => ['otlp:', '  protocol: http/protobuf', `  endpoint: ${endpoint}`];
const batched = (endpoint: string) => [
  'processors:',
  '  - batch:',
  '      exporter:',
  ...indented(8, otlp(endpoint)),
];
const telemetry = (lines: readonly string[]) => yaml(['service:', '  telemetry:', ...indented(4, lines)]);

export function collectorMetricsYaml({ otlpHttp }: Endpoints): string {
  return telemetry([
    'metrics:',
    '  level: detailed',
    '  readers:',
    '    - periodic:',
    '        interval: 2000',
    '        exporter:',
    ...indented(10, otlp(otlpHttp)),
  ]);
}

export function collectorTracesYaml({ otlpHttp }: Endpoints): string {
  return telemetry(['traces:', ...indented(2, batched(otlpHttp))]);
}

export function collectorLogsYaml({ otlpHttp }: Endpoints): string {
  return telemetry(['logs:', ...indented(2, batched(otlpHttp))]);
}

export function collectorOpampYaml({ opampHttp }: Endpoints): string {
  return yaml([
    'extensions:',
    '  opamp:',
    '    server:',
    '      http:',
    `        endpoint: ${opampHttp}`,
    '        polling_interval: 2s',
    '    capabilities:',
    '      reports_effective_config: true',
    '      reports_health: true',
    'service:',
    '  extensions: [opamp]',
  ]);
}

/** Spans of applications that a Collector passes on, beside its own. */
export function collectorForwardYaml({ otlpHttp }: Endpoints): string {
  return yaml([
    'exporters:',
    '  otlp_http/weir:',
    `    endpoint: ${otlpHttp}`,
    'service:',
    '  pipelines:',
    '    traces:',
    '      exporters: [otlp_http/weir]',
  ]);
}

export function otapTelemetryYaml({ otlpHttp }: Endpoints): string {
  return yaml([
    'engine:',
    '  observability:',
    '    pipeline:',
    '      nodes:',
    '        telemetry:',
    '          type: receiver:internal_telemetry',
    '          config:',
    '            signals: [metrics, logs]',
    '            metrics: { interval: 2s }',
    '        weir:',
    '          type: exporter:otlp_http',
    '          config:',
    `            endpoint: "${otlpHttp}"`,
    '            http: {}',
    '            client_pool_size: 1',
    '      connections:',
    '        - { from: telemetry, to: weir }',
  ]);
}

export function otapLevelYaml(): string {
  return yaml([
    'groups:',
    '  default:',
    '    pipelines:',
    '      main:',
    '        policies:',
    '          telemetry:',
    '            runtime_metrics: detailed',
  ]);
}

export function otapOpampYaml({ opampWs }: Endpoints): string {
  return yaml([
    'engine:',
    '  controller:',
    '    extensions:',
    '      opamp:',
    '        type: "urn:otel:extension:opamp"',
    '        config:',
    `          endpoint: "${opampWs}"`,
    '          heartbeat_interval: 2s',
    '          agent_description:',
    '            identifying_attributes: { service.name: my-engine }',
  ]);
}

export function sdkEnvironment({ otlpHttp }: Endpoints): string {
  return yaml([`OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp}`, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf']);
}

/** For those whose exporter speaks gRPC unless told otherwise. */
export function sdkGrpcEnvironment({ otlpGrpc, otlpHttp }: Endpoints): string {
  return yaml([`OTEL_EXPORTER_OTLP_ENDPOINT=${otlpGrpc ?? otlpHttp}`, 'OTEL_EXPORTER_OTLP_PROTOCOL=grpc']);
}
