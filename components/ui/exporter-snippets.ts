/** What to copy so that telemetry arrives. Pure texts of an endpoint. */
export function exporterYaml(endpoint: string): string {
  return `exporters:
  otlphttp/weir:
    endpoint: ${endpoint}
service:
  telemetry:
    metrics:
      level: detailed
      readers:
        - periodic:
            interval: 1000
            exporter: { otlp: { protocol: http/protobuf, endpoint: ${endpoint} } }
    traces:
      processors:
        - batch: { exporter: { otlp: { protocol: http/protobuf, endpoint: ${endpoint} } } }`;
}

export function sdkEnvironment(endpoint: string): string {
  return `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;
}
