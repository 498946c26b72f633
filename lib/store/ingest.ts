/**
 * The taking side of spans and log records. A request is walked first and stored after: one that turns out malformed
 * leaves nothing behind. A large one is walked to its end first, then stored slice by slice, so that nobody waits for
 * it: ingesting is a generator that yields between slices, and is driven to its end at once where nobody does.
 */
import { decodeMessage } from '@/lib/otlp/decode-message';
import { logsJsonToWire, tracesJsonToWire } from '@/lib/otlp/json-to-wire';
import { LOG_RECORD } from '@/lib/otlp/logs-schema';
import { attempt } from '@/lib/otlp/malformed';
import type { OtlpLogRecord } from '@/lib/otlp/types';
import { WireReader } from '@/lib/otlp/wire-reader';
import { appendLog } from './append-logs';
import type { Appender } from './append-spans';
import { type Context, resourceOf, scopeOf } from './contexts';
import type { IngestResult } from './span-store';
import { BlockWalk, type WalkItem } from './walk-blocks';

/** Yields where other work may run. */
export type Ingesting = Generator<undefined, IngestResult>;

/** Items after which the tables that grow beside the rows are looked at. */
const CHECK_EVERY = 64;
const BAD_IDS = 'spans without a valid trace id (16 bytes) and span id (8 bytes) were refused';

/** Clocks differ by seconds; by an hour one of them is wrong. */
const AHEAD_NS = 3_600e9;

/** What is wrong with items of a request that was taken. */
interface Faults {
  rejected: number;
  /** Spans from a time that is yet to come. */
  ahead: number;
}

/** Stores what one slice left in the scratch. */
type AppendSlice = (
  appender: Appender,
  bytes: Uint8Array,
  contexts: readonly Context[],
  faults: Faults,
) => void;

export function* ingestTraces(appender: Appender, bytes: Uint8Array): Ingesting {
  return yield* ingestItems(appender, bytes, appender.walkSpan, appendSpans);
}

export function* ingestLogs(appender: Appender, bytes: Uint8Array): Ingesting {
  return yield* ingestItems(appender, bytes, appender.walkLog, appendLogs);
}

export function* ingestTracesJson(appender: Appender, bytes: Uint8Array): Ingesting {
  const wire = tracesJsonToWire(bytes);
  if (!wire.ok) return { ok: false, message: wire.error.message };
  return yield* ingestTraces(appender, wire.value);
}

export function* ingestLogsJson(appender: Appender, bytes: Uint8Array): Ingesting {
  const wire = logsJsonToWire(bytes);
  if (!wire.ok) return { ok: false, message: wire.error.message };
  return yield* ingestLogs(appender, wire.value);
}

/** Goes through with it without a break. */
export function atOnce(ingesting: Ingesting): IngestResult {
  for (;;) {
    const step = ingesting.next();
    if (step.done) return step.value;
  }
}

function* ingestItems(
  appender: Appender,
  bytes: Uint8Array,
  walkItem: WalkItem,
  append: AppendSlice,
): Ingesting {
  const { scratch } = appender;
  let walk = new BlockWalk(bytes);
  let slice = walkSlice(appender, walk, walkItem);
  if (typeof slice === 'string') return { ok: false, message: slice };
  if (!slice.last) {
    // Large: to the end and back again, since it must be known whole before any of it is stored.
    for (let last = false; !last; ) {
      release(appender, slice.contexts);
      yield;
      slice = walkSlice(appender, walk, walkItem);
      if (typeof slice === 'string') return { ok: false, message: slice };
      last = slice.last;
    }
    release(appender, slice.contexts);
    walk = new BlockWalk(bytes);
    slice = walkSlice(appender, walk, walkItem);
  }
  let received = 0;
  const faults: Faults = { rejected: 0, ahead: 0 };
  for (;;) {
    if (typeof slice === 'string') throw new Error(`a request was whole and is not any more: ${slice}`);
    received += scratch.items;
    append(appender, bytes, slice.contexts, faults);
    release(appender, slice.contexts);
    appender.eviction.fit(0);
    if (slice.last) return { ok: true, received, rejected: faults.rejected, message: messageOf(faults) };
    yield;
    slice = walkSlice(appender, walk, walkItem);
  }
}

function messageOf({ rejected, ahead }: Faults): string {
  if (rejected > 0) return BAD_IDS;
  return ahead > 0 ? `${ahead} spans start more than an hour from now: one of the clocks is wrong` : '';
}

interface Slice {
  readonly last: boolean;
  /** By block of the scratch, held until `release`. */
  readonly contexts: readonly Context[];
}

/** Walks on; a text says why it is no OTLP. */
function walkSlice(appender: Appender, walk: BlockWalk, walkItem: WalkItem): Slice | string {
  const { scratch } = appender;
  const { contexts: table, options } = appender.state;
  const contexts: Context[] = [];
  const result = attempt(() => {
    const last = walk.next(scratch, options.sliceItems ?? SLICE_ITEMS, walkItem);
    for (let b = 0; b < scratch.blocks; b++) {
      const at = 4 * b;
      const { blockRanges: ranges } = scratch;
      contexts.push(
        table.acquire(
          walk,
          ranges[at] as number,
          ranges[at + 1] as number,
          ranges[at + 2] as number,
          ranges[at + 3] as number,
        ),
      );
    }
    return last;
  });
  if (result.ok) return { last: result.value, contexts };
  release(appender, contexts);
  return result.error.message;
}

/** Items of a slice: a millisecond or two. */
export const SLICE_ITEMS = 1_024;

function release(appender: Appender, contexts: readonly Context[]): void {
  for (const context of contexts) appender.state.contexts.release(context);
}

function appendSpans(
  appender: Appender,
  bytes: Uint8Array,
  contexts: readonly Context[],
  faults: Faults,
): void {
  const { state, scratch } = appender;
  const { observer } = state.options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latest = state.options.clock.nowNs() + AHEAD_NS;
  let block = -1;
  let context = contexts[0] as Context;
  let observed: Context['engine'] | null = null;
  appender.begin();
  for (let i = 0; i < scratch.items; i++) {
    if (scratch.valid(i) === 0) {
      state.spans.reject();
      faults.rejected++;
      continue;
    }
    if (scratch.start(i) > latest) faults.ahead++;
    if (i % CHECK_EVERY === 0) appender.fit();
    if (scratch.block(i) !== block) {
      block = scratch.block(i);
      appender.beginBlock();
      context = contexts[block] as Context;
      observed = observer?.listens(context.engine) ? context.engine : null;
    }
    appender.appendSpan(bytes, view, i, context, observed);
  }
  appender.finish();
}

function appendLogs(appender: Appender, bytes: Uint8Array, contexts: readonly Context[]): void {
  const { state, scratch } = appender;
  const named: number[] = [];
  appender.begin();
  for (let i = 0; i < scratch.items; i++) {
    if (i % CHECK_EVERY === 0) appender.fit();
    if (scratch.nameEnd(i) > scratch.nameStart(i)) named.push(i);
    appendLog(appender, bytes, i, contexts[scratch.block(i)] as Context);
  }
  appender.finish();
  if (state.options.onLogs && named.length > 0) tellLogs(appender, bytes, contexts, named);
}

/** Hands on the records that have an event name, those of one resource and scope together. */
function tellLogs(
  appender: Appender,
  bytes: Uint8Array,
  contexts: readonly Context[],
  named: readonly number[],
): void {
  const { scratch, state } = appender;
  const byBlock = new Map<number, OtlpLogRecord[]>();
  for (const i of named) {
    const record = decodeMessage(LOG_RECORD, new WireReader(bytes, scratch.wireStart(i), scratch.wireEnd(i)));
    const list = byBlock.get(scratch.block(i));
    if (list) list.push(record);
    else byBlock.set(scratch.block(i), [record]);
  }
  for (const [block, logRecords] of byBlock) {
    const context = contexts[block] as Context;
    const resource = context.resourceBytes.length > 0 ? resourceOf(context) : undefined;
    const scope = context.scopeBytes.length > 0 ? scopeOf(context) : undefined;
    state.options.onLogs?.(context.engine, resource, {
      resource,
      scopeLogs: [{ scope, logRecords, schemaUrl: '' }],
      schemaUrl: '',
    });
  }
}
