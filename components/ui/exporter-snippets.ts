/** Configuration to copy, with this server's real addresses: pure texts of an endpoint. */
export interface ExporterSnippet {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly code: string;
}

export function exporterSnippets(otlpHttp: string): readonly ExporterSnippet[] {
  return [
    {
      key: 'sdk',
      title: 'OpenTelemetry SDK',
      note: 'Environment variables, the same in JavaScript, Python, Java and Go.',
      code: `${sdkEnvironment(otlpHttp)}\nOTEL_SERVICE_NAME=my-service`,
    },
    {
      key: 'collector',
      title: 'OpenTelemetry Collector',
      note: 'Its own telemetry. Start it with --feature-gates=telemetry.newPipelineTelemetry for items per component.',
      code: collectorYaml(otlpHttp),
    },
    {
      key: 'data',
      title: 'Traces that a Collector forwards',
      note: 'An exporter of its pipelines; Weir keeps what it is sent.',
      code: [
        'exporters:',
        '  otlp_http/weir:',
        `    endpoint: ${otlpHttp}`,
        'service:',
        '  pipelines:',
        '    traces:',
        '      exporters: [otlp_http/weir]',
      ].join('\n'),
    },
  ];
}

/** A Collector's own traces, metrics and logs. */
export function collectorYaml(endpoint: string): string {
  const otlp = (indent: string) => [
    `${indent}otlp:`,
    `${indent}  protocol: http/protobuf`,
    `${indent}  endpoint: ${endpoint}`,
  ];
  const batch = ['      processors:', '        - batch:', '            exporter:', ...otlp('              ')];
  return [
    'service:',
    '  telemetry:',
    '    traces:',
    ...batch,
    '    metrics:',
    '      level: detailed',
    '      readers:',
    '        - periodic:',
    '            interval: 2000',
    '            exporter:',
    ...otlp('              '),
    '    logs:',
    ...batch,
  ].join('\n');
}

export function sdkEnvironment(endpoint: string): string {
  return [`OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'].join('\n');
}
