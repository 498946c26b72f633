/** Real OpenTelemetry exporters of JavaScript, used as their documentation says. Returns the trace ids sent. */
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as LogsHttp } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as LogsProto } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as MetricsHttp } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as MetricsProto } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as TracesHttp } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TracesProto } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const EXPORTERS = {
  proto: { traces: TracesProto, logs: LogsProto, metrics: MetricsProto },
  http: { traces: TracesHttp, logs: LogsHttp, metrics: MetricsHttp },
};

/** `count` spans, as many log records and as many metric points, in batches of the SDK's own making. */
export async function sendWithSdk(
  url: string,
  encoding: 'proto' | 'http',
  count: number,
  service = 'shop',
): Promise<string[]> {
  const { traces: Traces, logs: Logs, metrics: Metrics } = EXPORTERS[encoding];
  const resource = resourceFromAttributes({ 'service.name': service });

  const tracing = new BasicTracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor(new Traces({ url: `${url}/v1/traces` }), { maxQueueSize: count * 2 }),
    ],
  });
  const tracer = tracing.getTracer('e2e');
  const ids = Array.from({ length: count }, (_, index) => {
    const span = tracer.startSpan(`${service} work ${index}`);
    span.end();
    return span.spanContext().traceId;
  });

  const logging = new LoggerProvider({
    resource,
    processors: [
      new BatchLogRecordProcessor({ exporter: new Logs({ url: `${url}/v1/logs` }), maxQueueSize: count * 2 }),
    ],
  });
  const logger = logging.getLogger('e2e');
  for (let index = 0; index < count; index++)
    logger.emit({ severityNumber: SeverityNumber.INFO, body: `line ${index}` });

  const reader = new PeriodicExportingMetricReader({
    exporter: new Metrics({ url: `${url}/v1/metrics` }),
    exportIntervalMillis: 3_600_000,
  });
  const metering = new MeterProvider({ resource, readers: [reader] });
  const counter = metering.getMeter('e2e').createCounter('things');
  for (let index = 0; index < count; index++) counter.add(1, { 'thing.id': index });

  await tracing.forceFlush();
  await logging.forceFlush();
  // Shutting down exports the metrics; a flush before it would send the same points twice.
  await Promise.all([tracing.shutdown(), logging.shutdown(), metering.shutdown()]);
  return ids;
}
