/** OTLP JSON lines (one export request a line, gzipped or not, of any signal), read as they are asked for. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { OtlpData } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import { err, type Result } from '@/lib/base/result';
import { otlpRequestsOf, parseDocument } from '@/lib/otlp/json-lines';
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

/** The request of a line; one that holds several signals is played as its first. */
export function parseOtlpLine(line: string): Result<OtlpData, string> {
  const document = parseDocument({ line: 1, text: line });
  if (!document.ok) return err(document.error.reason);
  const requests = otlpRequestsOf(document.value);
  if (!requests.ok) return requests;
  const [request] = requests.value;
  if (!request) return err('an empty list');
  const data = FROM_JSON[request.signal](request.json);
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
