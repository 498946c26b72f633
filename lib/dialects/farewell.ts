/**
 * A process that says that it ends: whoever comes next under its name is its successor, and not a second member. A
 * Collector's OpAMP extension says no goodbye; its last log record, flushed when all else has stopped, does.
 */
import { plainValue } from './attributes';
import type { ResourceLogs } from './dialect';

/** Looked for in the bytes before they are decoded. */
export const LAST_WORDS = 'Shutdown complete.';
const SPEAKER = 'go.opentelemetry.io/collector/service';

export function saysFarewell({ scopeLogs }: ResourceLogs): boolean {
  return scopeLogs.some(
    ({ scope, logRecords }) =>
      scope?.name === SPEAKER && logRecords.some(({ body }) => plainValue(body) === LAST_WORDS),
  );
}
