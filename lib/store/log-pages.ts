/**
 * The log records of a window as they were sent, each read anew from the bytes that were kept, with its resource and
 * scope; in the order in which they came. What is there at the beginning is told once: a record that moves to the traces
 * that are kept longer, or leaves, while a slow reader takes his time, is left out.
 */
import { decodeMessage } from '@/lib/otlp/decode-message';
import { LOG_RECORD } from '@/lib/otlp/logs-schema';
import { attempt } from '@/lib/otlp/malformed';
import type { LogsData, OtlpLogRecord, Resource, Scope } from '@/lib/otlp/types';
import { WireReader } from '@/lib/otlp/wire-reader';
import { resourceOf, scopeOf } from './contexts';
import { wireOf } from './rows';
import { FLAG, MOVED, NO_TRACE, type Segment } from './segment';
import type { StoreState } from './store-state';

const PAGE = 200;
/** Rows looked at before other work may run. */
const ROWS_A_SLICE = 16_384;

export interface LogQuery {
  /** Null for all. */
  readonly engine: string | null;
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

export interface LogPage {
  readonly data: LogsData;
  readonly records: number;
}

type ResourceLogs = LogsData['resourceLogs'][number];

export async function* logPages(
  state: StoreState,
  { engine, fromUnixNano, toUnixNano }: LogQuery,
  pause: () => Promise<void>,
): AsyncGenerator<LogPage> {
  const from = Number(fromUnixNano - state.epoch);
  const to = Number(toUnixNano - state.epoch);
  const held = state.segments.flatMap((segment) =>
    segment === undefined ? [] : [{ segment, stamp: segment.stamp, length: segment.length }],
  );
  let since = 0;
  for (const { segment, stamp, length } of held) {
    let page: number[] = [];
    for (let k = 0; k < length && segment.stamp === stamp; k++) {
      if (++since === ROWS_A_SLICE) {
        since = 0;
        await pause();
        if (segment.stamp !== stamp) break;
      }
      if (!isLog(state, segment, k)) continue;
      const at = segment.start(k);
      if (at < from || at > to) continue;
      if (engine !== null && state.contexts.at(segment.context(k)).engine !== engine) continue;
      page.push(k);
      if (page.length < PAGE) continue;
      yield pageOf(state, segment, page);
      page = [];
      since = 0;
      await pause();
    }
    // Rows found before a pause, of a segment that was given to others in it, are not what they were.
    if (page.length === 0 || segment.stamp !== stamp) continue;
    yield pageOf(state, segment, page);
    since = 0;
    await pause();
  }
}

function isLog(state: StoreState, segment: Segment, k: number): boolean {
  if ((segment.flags(k) & FLAG.log) === 0) return false;
  const slot = segment.trace(k);
  return slot === NO_TRACE || (slot !== MOVED && state.traces.isLive(slot));
}

/** What has the same resource and scope goes together, in the order of the first of each. */
function pageOf(state: StoreState, segment: Segment, rows: readonly number[]): LogPage {
  const groups = new Map<
    number,
    { resource: Resource | undefined; scope: Scope | undefined; logRecords: OtlpLogRecord[] }
  >();
  let records = 0;
  for (const k of rows) {
    // What could not be read was refused when it came.
    const record = attempt(() => decodeMessage(LOG_RECORD, new WireReader(wireOf(segment, k))));
    if (!record.ok) continue;
    const code = segment.context(k);
    let group = groups.get(code);
    if (group === undefined) {
      const context = state.contexts.at(code);
      group = {
        resource: context.resourceBytes.length > 0 ? resourceOf(context) : undefined,
        scope: context.scopeBytes.length > 0 ? scopeOf(context) : undefined,
        logRecords: [],
      };
      groups.set(code, group);
    }
    group.logRecords.push(record.value);
    records++;
  }
  const resourceLogs: ResourceLogs[] = [...groups.values()].map(({ resource, scope, logRecords }) => ({
    resource,
    scopeLogs: [{ scope, logRecords, schemaUrl: '' }],
    schemaUrl: '',
  }));
  return { data: { resourceLogs }, records };
}
