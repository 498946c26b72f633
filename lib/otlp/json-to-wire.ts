/** A JSON request as the protobuf request that says the same, for those who keep the bytes. */
import { err, ok, type Result } from '@/lib/base/result';
import { encodeJson } from './encode-json';
import { messageFromJson } from './json-message';
import { transcodeJson } from './json-transcoder';
import { LOGS_DATA } from './logs-schema';
import { attempt, type MalformedOtlp } from './malformed';
import { parseJsonBytes } from './parse-json';
import type { Schema } from './schema';
import { TRACES_DATA } from './traces-schema';
import { WireWriter } from './wire-writer';

/** Kept for the next request; one that grew larger than this is not. */
const KEEP_BYTES = 1 << 20;
let writer = new WireWriter(1 << 16);

export function tracesJsonToWire(bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  return jsonToWire(TRACES_DATA as Schema<object>, bytes);
}

export function logsJsonToWire(bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  return jsonToWire(LOGS_DATA as Schema<object>, bytes);
}

/** A copy: what it was written into is used again. */
function jsonToWire(schema: Schema<object>, bytes: Uint8Array): Result<Uint8Array, MalformedOtlp> {
  const wire = transcodeJson(schema, bytes);
  if (wire !== null) return ok(wire);
  const json = parseJsonBytes(bytes);
  if (!json.ok) return json;
  writer.clear();
  const encoded = attempt(() => {
    encodeJson(schema, json.value, writer);
    return writer.finish();
  });
  if (writer.length > KEEP_BYTES) writer = new WireWriter(1 << 16);
  if (encoded.ok) return ok(encoded.value);
  // Once more, for a message that says where it is wrong.
  const told = attempt(() => messageFromJson(schema, json.value, ''));
  return told.ok ? encoded : err(told.error);
}
