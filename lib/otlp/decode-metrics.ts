import type { Result } from '@/lib/base/result';
import { decodeMessage } from './decode-message';
import { attempt, type MalformedOtlp } from './malformed';
import { METRICS_DATA } from './metrics-schema';
import type { MetricsData } from './types';
import { WireReader } from './wire-reader';

/** An `ExportMetricsServiceRequest` (or `MetricsData`, which has the same wire form) as objects. */
export function decodeMetrics(bytes: Uint8Array): Result<MetricsData, MalformedOtlp> {
  return attempt(() => decodeMessage(METRICS_DATA, new WireReader(bytes)));
}
