import type { Result } from '@/lib/base/result';
import { messageFromJson, messageToJson } from './json-message';
import { attempt, type MalformedOtlp } from './malformed';
import { METRICS_DATA } from './metrics-schema';
import type { MetricsData } from './types';

/** OTLP JSON, already parsed, as objects. */
export function metricsFromJson(json: unknown): Result<MetricsData, MalformedOtlp> {
  return attempt(() => messageFromJson(METRICS_DATA, json, ''));
}

/** Objects as OTLP JSON, ready for JSON.stringify. */
export function metricsToJson(data: MetricsData): unknown {
  return messageToJson(METRICS_DATA, data);
}
