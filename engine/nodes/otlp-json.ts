import type { OtlpData } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import { logsToJson } from '@/lib/otlp/json-logs';
import { metricsToJson } from '@/lib/otlp/json-metrics';
import { tracesToJson } from '@/lib/otlp/json-traces';

export function otlpToJson(data: OtlpData): unknown {
  switch (data.signal) {
    case 'logs':
      return logsToJson(data.data);
    case 'metrics':
      return metricsToJson(data.data);
    case 'traces':
      return tracesToJson(data.data);
    default:
      return assertUnreachable(data);
  }
}

/** One export request as a line, as the Collector's file exporter writes them. */
export function otlpJsonLine(data: OtlpData): string {
  return `${JSON.stringify(otlpToJson(data))}\n`;
}
