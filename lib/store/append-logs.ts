/** Log records: those with a trace id become rows of that trace, the others rows of their source alone. */
import { type Appender, chainOf, newTrace, takesTooMuch } from './append-spans';
import type { Context } from './contexts';
import { linkRow, newRow } from './rows';
import { FLAG, NO_ITEMS, NO_TRACE, ROW_BYTES } from './segment';
import { indexOf, segmentOf } from './store-state';
import { inChunk } from './trace-table';

export function appendLog(appender: Appender, bytes: Uint8Array, i: number, context: Context): void {
  const { state, chains, eviction, scratch } = appender;
  const size = (scratch.wireEnd[i] as number) - (scratch.wireStart[i] as number);
  const traced = scratch.valid[i] === 1;
  const find = () =>
    traced
      ? state.index.find(
          scratch.trace0[i] as number,
          scratch.trace1[i] as number,
          scratch.trace2[i] as number,
          scratch.trace3[i] as number,
        )
      : -1;
  let slot = find();
  if (slot >= 0 ? takesTooMuch(state, slot, size) : size + ROW_BYTES > 0.5 * state.options.budgetBytes) {
    state.logs.pass();
    return;
  }
  const engine = state.engines.codeOf(context.engine);
  const chain = slot < 0 ? chains.chainOfEngine(engine) : chainOf(state, chains, slot);
  const rounds = eviction.rounds;
  eviction.reserve(chain, size);
  if (rounds !== eviction.rounds) slot = find();
  if (slot < 0 && traced) {
    slot = newTrace(
      state,
      scratch.trace0[i] as number,
      scratch.trace1[i] as number,
      scratch.trace2[i] as number,
      scratch.trace3[i] as number,
    );
    state.traces.chunk(slot).engine[inChunk(slot)] = engine;
  }
  const row = newRow(
    state,
    chains,
    chain,
    bytes,
    scratch.wireStart[i] as number,
    scratch.wireEnd[i] as number,
  );
  const segment = segmentOf(state, row);
  const k = indexOf(state, row);
  segment.trace[k] = traced ? slot : NO_TRACE;
  segment.start[k] = scratch.start[i] as number;
  segment.duration[k] = 0;
  segment.spanHigh[k] = scratch.spanHigh[i] as number;
  segment.spanLow[k] = scratch.spanLow[i] as number;
  segment.parentHigh[k] = 0;
  segment.parentLow[k] = 0;
  segment.context[k] = context.code;
  context.rows++;
  segment.items[k] = NO_ITEMS;
  segment.wait[k] = Number.NaN;
  segment.work[k] = Number.NaN;
  segment.blocked[k] = Number.NaN;
  segment.node[k] = 0;
  segment.name[k] = 0;
  segment.batchOffset[k] = 0;
  segment.batchLength[k] = 0;
  segment.flags[k] = FLAG.log;
  segment.signal[k] = 0;
  state.logs.store();
  if (!traced) return;
  linkRow(state, row, slot);
  const chunk = state.traces.chunk(slot);
  chunk.logs[inChunk(slot)] = (chunk.logs[inChunk(slot)] as number) + 1;
  chunk.bytes[inChunk(slot)] = (chunk.bytes[inChunk(slot)] as number) + size;
  if ((chunk.spans[inChunk(slot)] as number) > 0) state.changes.touch(slot);
}
