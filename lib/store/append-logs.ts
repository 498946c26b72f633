/** Log records: those with a trace id become rows of that trace, the others rows of their source alone. */
import { type Appender, chainOf, newTrace, takesTooMuch } from './append-spans';
import type { Context } from './contexts';
import { linkRow } from './rows';
import { FLAG, NO_ROW, NO_TRACE, ROW_BYTES, type Segment } from './segment';
import { inChunk } from './trace-table';

export function appendLog(appender: Appender, bytes: Uint8Array, i: number, context: Context): void {
  const { state, chains, eviction, scratch } = appender;
  const start = scratch.prefix(i);
  const size = scratch.wireEnd(i) - start;
  const traced = scratch.valid(i) === 1;
  const w0 = scratch.trace(i, 0);
  const w1 = scratch.trace(i, 1);
  const w2 = scratch.trace(i, 2);
  const w3 = scratch.trace(i, 3);
  let slot = traced ? state.index.find(w0, w1, w2, w3) : NO_TRACE;
  if (slot >= 0 ? takesTooMuch(state, slot, size) : size + ROW_BYTES > 0.5 * state.options.budgetBytes) {
    state.logs.pass();
    return;
  }
  const engine = state.engines.codeOf(context.engine);
  const chain = slot < 0 ? chains.chainOfEngine(engine) : chainOf(state, chains, slot);
  const { rounds } = eviction;
  appender.reserve(chain, size);
  if (rounds !== eviction.rounds && traced) slot = state.index.find(w0, w1, w2, w3);
  if (slot < 0 && traced) {
    slot = newTrace(state, w0, w1, w2, w3);
    state.traces.chunk(slot).setEngine(inChunk(slot), engine);
  }
  const number = chains.active(chain);
  const segment = state.segments[number] as Segment;
  appender.enter(segment);
  const k = segment.length++;
  segment.setPlace(k, appender.run.place(segment, bytes, start, start + size));
  segment.setNext(k, NO_ROW);
  segment.setTrace(k, traced ? slot : NO_TRACE);
  segment.takeSpan(k, scratch, i);
  segment.setCodes(k, 0, 0, context.code, 0);
  segment.setFlags(k, FLAG.log, 0, 0);
  state.contexts.retainFor(context, segment.stamp, segment.contexts);
  state.logs.store();
  if (!traced) return;
  linkRow(state, number * state.rows + k, slot);
  const chunk = state.traces.chunk(slot);
  chunk.setLogs(inChunk(slot), chunk.logs(inChunk(slot)) + 1);
  chunk.addBytes(inChunk(slot), size);
  if (chunk.spans(inChunk(slot)) > 0) appender.touched.add(chunk, slot);
}
