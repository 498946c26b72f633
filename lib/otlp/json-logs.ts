import type { Result } from '@/lib/base/result';
import { messageFromJson, messageToJson } from './json-message';
import { LOGS_DATA } from './logs-schema';
import { attempt, type MalformedOtlp } from './malformed';
import type { LogsData } from './types';

/** OTLP JSON, already parsed, as objects. */
export function logsFromJson(json: unknown): Result<LogsData, MalformedOtlp> {
  return attempt(() => messageFromJson(LOGS_DATA, json, ''));
}

/** Objects as OTLP JSON, ready for JSON.stringify. */
export function logsToJson(data: LogsData): unknown {
  return messageToJson(LOGS_DATA, data);
}
