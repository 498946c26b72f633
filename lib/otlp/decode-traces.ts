import type { Result } from '@/lib/base/result';
import { decodeMessage } from './decode-message';
import { attempt, type MalformedOtlp } from './malformed';
import { TRACES_DATA } from './traces-schema';
import type { TracesData } from './types';
import { WireReader } from './wire-reader';

/** An `ExportTraceServiceRequest` (or `TracesData`, which has the same wire form) as objects. */
export function decodeTraces(bytes: Uint8Array): Result<TracesData, MalformedOtlp> {
  return attempt(() => decodeMessage(TRACES_DATA, new WireReader(bytes)));
}
