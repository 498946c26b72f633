import type { Result } from '@/lib/base/result';
import { decodeMessage } from './decode-message';
import { LOGS_DATA } from './logs-schema';
import { attempt, type MalformedOtlp } from './malformed';
import type { LogsData } from './types';
import { WireReader } from './wire-reader';

/** An `ExportLogServiceRequest` (or `LogsData`, which has the same wire form) as objects. */
export function decodeLogs(bytes: Uint8Array): Result<LogsData, MalformedOtlp> {
  return attempt(() => decodeMessage(LOGS_DATA, new WireReader(bytes)));
}
