import { encodeMessage } from './encode-message';
import { METRICS_DATA } from './metrics-schema';
import type { MetricsData } from './types';
import { WireWriter } from './wire-writer';

/** The inverse of `decodeMetrics`; ids must be hex. */
export function encodeMetrics(data: MetricsData): Uint8Array {
  const writer = new WireWriter();
  encodeMessage(METRICS_DATA, data, writer);
  return writer.finish();
}
