import type { Result } from '@/lib/base/result';
import { messageFromJson, messageToJson } from './json-message';
import { attempt, type MalformedOtlp } from './malformed';
import { TRACES_DATA } from './traces-schema';
import type { TracesData } from './types';

/** OTLP JSON, already parsed, as objects. */
export function tracesFromJson(json: unknown): Result<TracesData, MalformedOtlp> {
  return attempt(() => messageFromJson(TRACES_DATA, json, ''));
}

/** Objects as OTLP JSON, ready for JSON.stringify. */
export function tracesToJson(data: TracesData): unknown {
  return messageToJson(TRACES_DATA, data);
}
