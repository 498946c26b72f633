/** OTLP JSON lines (one export request a line, gzipped or not, of any signal), read as they are asked for. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { OtlpData, OtlpSignal } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import { err, type Result } from '@/lib/base/result';
import { pointsOf } from '../items';
import { FROM_JSON } from './otlp-request';

/** Lines of a file; a failure to read ends the iteration with that error. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => input.destroy(error));
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line;
  }
}

const SIGNAL_BY_KEY: readonly (readonly [string, OtlpSignal])[] = [
  ['resourceSpans', 'traces'],
  ['resourceLogs', 'logs'],
  ['resourceMetrics', 'metrics'],
];

export function parseOtlpLine(line: string): Result<OtlpData, string> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  if (typeof json !== 'object' || json === null) return err('no OTLP JSON object');
  const found = SIGNAL_BY_KEY.find(([key]) => key in json);
  if (!found) return err('neither spans nor log records nor metrics');
  const data = FROM_JSON[found[1]](json);
  return data.ok ? data : err(data.error.message);
}

/** When the request was sent, as near as its contents tell: its latest moment. Zero where it holds none. */
export function latestUnixNano(data: OtlpData): bigint {
  let latest = 0n;
  const see = (time: bigint) => {
    if (time > latest) latest = time;
  };
  switch (data.signal) {
    case 'logs':
      for (const { scopeLogs } of data.data.resourceLogs)
        for (const { logRecords } of scopeLogs)
          for (const record of logRecords) see(record.observedTimeUnixNano || record.timeUnixNano);
      return latest;
    case 'traces':
      for (const { scopeSpans } of data.data.resourceSpans)
        for (const { spans } of scopeSpans) for (const span of spans) see(span.endTimeUnixNano);
      return latest;
    case 'metrics':
      for (const { scopeMetrics } of data.data.resourceMetrics)
        for (const { metrics } of scopeMetrics)
          for (const metric of metrics) for (const point of pointsOf(metric)) see(point.timeUnixNano);
      return latest;
    default:
      return assertUnreachable(data);
  }
}
