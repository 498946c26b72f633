import { encodeMessage } from './encode-message';
import { LOGS_DATA } from './logs-schema';
import type { LogsData } from './types';
import { WireWriter } from './wire-writer';

/** The inverse of `decodeLogs`; ids must be hex. */
export function encodeLogs(data: LogsData): Uint8Array {
  const writer = new WireWriter();
  encodeMessage(LOGS_DATA, data, writer);
  return writer.finish();
}
