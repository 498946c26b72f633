/** A JSON request as the protobuf request that says the same, for those who keep the bytes. */
import { ok, type Result } from '@/lib/base/result';
import { encodeMessage } from './encode-message';
import { messageFromJson } from './json-message';
import { transcodeJson } from './json-transcoder';
import { LOGS_DATA } from './logs-schema';
import { attempt, type MalformedOtlp } from './malformed';
import { parseJsonBytes } from './parse-json';
import type { Schema } from './schema';
import { TRACES_DATA } from './traces-schema';
import { WireWriter } from './wire-writer';

export function tracesJsonToWire(bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  return jsonToWire(TRACES_DATA as Schema<object>, bytes);
}

export function logsJsonToWire(bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  return jsonToWire(LOGS_DATA as Schema<object>, bytes);
}

function jsonToWire(schema: Schema<object>, bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  const wire = transcodeJson(schema, bytes);
  if (wire !== null) return ok(wire);
  const json = parseJsonBytes(bytes);
  if (!json.ok) return json;
  return attempt(() => {
    const writer = new WireWriter(bytes.length);
    encodeMessage(schema, messageFromJson(schema, json.value, ''), writer);
    return writer.finish();
  });
}
