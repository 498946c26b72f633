import { RESOURCE, SCOPE } from './common-schema';
import { enumeration, many, message, one, optional, repeatedScalar, scalar } from './schema';
import type { LogsData, OtlpLogRecord } from './types';

type ResourceLogs = LogsData['resourceLogs'][number];
type ScopeLogs = ResourceLogs['scopeLogs'][number];

const SEVERITIES: Readonly<Record<string, number>> = Object.fromEntries([
  ['SEVERITY_NUMBER_UNSPECIFIED', 0],
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level, i) =>
    ['', '2', '3', '4'].map((suffix, k) => [`SEVERITY_NUMBER_${level}${suffix}`, 4 * i + k + 1]),
  ),
]);

export const LOG_RECORD = message<OtlpLogRecord>({
  timeUnixNano: scalar(1, 'fixed64'),
  observedTimeUnixNano: scalar(11, 'fixed64'),
  severityNumber: enumeration(2, SEVERITIES),
  severityText: scalar(3, 'string'),
  body: optional(5, 'value'),
  attributes: repeatedScalar(6, 'keyValue'),
  droppedAttributesCount: scalar(7, 'uint32'),
  flags: scalar(8, 'fixed32'),
  traceId: scalar(9, 'hex'),
  spanId: scalar(10, 'hex'),
  eventName: scalar(12, 'string'),
});

export const LOGS_DATA = message<LogsData>({
  resourceLogs: many(
    1,
    message<ResourceLogs>({
      resource: one(1, RESOURCE),
      scopeLogs: many(
        2,
        message<ScopeLogs>({
          scope: one(1, SCOPE),
          logRecords: many(2, LOG_RECORD),
          schemaUrl: scalar(3, 'string'),
        }),
      ),
      schemaUrl: scalar(3, 'string'),
    }),
  ),
});
