import { encodeMessage } from './encode-message';
import { TRACES_DATA } from './traces-schema';
import type { TracesData } from './types';
import { WireWriter } from './wire-writer';

/** The inverse of `decodeTraces`; ids must be hex. */
export function encodeTraces(data: TracesData): Uint8Array {
  const writer = new WireWriter();
  encodeMessage(TRACES_DATA, data, writer);
  return writer.finish();
}
