'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Link2 } from 'lucide-react';
import Link from 'next/link';
import { memo, useEffect, useMemo, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import { TimeSplitBar } from '@/components/ui/time-split-bar';
import { formatClock, formatCount, formatMs } from '@/lib/base/format';
import { useNow } from '@/lib/client/use-now';
import type { TraceSummary } from '@/lib/model/trace-query';
import { CELL, columnHeader, grid, gridRow, HEAD_ROW } from './list-roles';
import { PathGlyph } from './path-glyph';
import type { Sort } from './use-list-filters';

export const ROW_HEIGHT = 30;
const GRID =
  'grid grid-cols-[28px_92px_minmax(110px,1.1fr)_minmax(110px,1.2fr)_72px_86px_minmax(90px,1.4fr)_minmax(80px,1.2fr)_minmax(80px,1fr)_28px] items-center gap-x-2 px-3';

export interface TableProps {
  readonly traces: readonly TraceSummary[];
  readonly total: number;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly current: number;
  readonly picked: readonly string[];
  readonly onPick: (traceId: string) => void;
  readonly onOpen: (traceId: string) => void;
  readonly hrefOf: (traceId: string) => string;
  readonly onReach: (traceId: string) => void;
  /** The pointer is over it, or over none. */
  readonly onRest: (traceId: string | null) => void;
  readonly onEnd: () => void;
}

export function TracesTable(props: TableProps) {
  const { traces, onEnd, current } = props;
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const virtualizer = useVirtualizer({
    count: traces.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    paddingStart: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT * 2,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (traces.length > 0 && last >= traces.length - 20) onEnd();
  }, [last, traces.length, onEnd]);
  const { scrollToIndex } = virtualizer;
  useEffect(() => {
    if (current >= 0) scrollToIndex(current);
  }, [current, scrollToIndex]);
  const now = useNow(RUNNING_MS / 4);
  const barLength = useMemo(() => logarithmicLength(traces.map((trace) => trace.durationMs)), [traces]);
  return (
    <div
      ref={setScroller}
      {...grid('Traces', props.total)}
      className="relative min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]"
    >
      <div
        {...HEAD_ROW}
        className={cx(
          GRID,
          'sticky top-0 z-10 border-b border-line bg-surface text-xs font-semibold text-ink-3',
        )}
        style={{ height: ROW_HEIGHT, marginBottom: -ROW_HEIGHT }}
      >
        <span {...columnHeader(undefined)}>
          <span className="sr-only">Compare</span>
        </span>
        <SortHead name="Time" by="start" sort={props.sort} onSort={props.onSort} />
        <span {...columnHeader(undefined)}>Batch</span>
        <span {...columnHeader(undefined)}>Path</span>
        <span {...columnHeader(undefined)} className="text-right">
          Items
        </span>
        <SortHead name="Duration" by="duration" sort={props.sort} onSort={props.onSort} right />
        <span {...columnHeader(undefined)}>wait · work · blocked</span>
        <span {...columnHeader(undefined)}>Status</span>
        <span {...columnHeader(undefined)}>Kept by</span>
        <span {...columnHeader(undefined)}>
          <span className="sr-only">Linked</span>
        </span>
      </div>
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const trace = traces[item.index];
          return trace ? (
            <TraceRow
              key={trace.traceId}
              trace={trace}
              index={item.index}
              top={item.start}
              length={barLength(trace.durationMs)}
              running={now !== null && trace.rootMissing && now - endMs(trace) < RUNNING_MS}
              current={item.index === current}
              picked={props.picked.includes(trace.traceId)}
              onPick={props.onPick}
              onOpen={props.onOpen}
              href={props.hrefOf(trace.traceId)}
              onReach={props.onReach}
              onRest={props.onRest}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

const TraceRow = memo(function TraceRow(props: {
  readonly trace: TraceSummary;
  readonly index: number;
  readonly top: number;
  /** Share of the column that its duration takes, on the list's logarithmic scale. */
  readonly length: number;
  /** Its last span is so young that its first may still be open. */
  readonly running: boolean;
  readonly current: boolean;
  readonly picked: boolean;
  readonly onPick: (traceId: string) => void;
  readonly onOpen: (traceId: string) => void;
  readonly href: string;
  /** The pointer is down on it: what it leads to may be asked for already. */
  readonly onReach: (traceId: string) => void;
  readonly onRest: (traceId: string | null) => void;
}) {
  const { trace } = props;
  const failed = trace.status === 'error';
  return (
    <div
      {...gridRow({ index: props.index, selected: props.current, onOpen: () => props.onOpen(trace.traceId) })}
      className={cx(
        GRID,
        'absolute inset-x-0 cursor-pointer border-b border-line/55 text-s',
        props.current ? 'bg-accent-bg' : 'hover:bg-free/40',
      )}
      style={{ top: props.top, height: ROW_HEIGHT }}
      onPointerEnter={() => props.onRest(trace.traceId)}
      onPointerLeave={() => props.onRest(null)}
    >
      <span {...CELL}>
        <input
          type="checkbox"
          aria-label={`Compare ${trace.batchId || trace.traceId}`}
          checked={props.picked}
          onClick={(event) => event.stopPropagation()}
          onChange={() => props.onPick(trace.traceId)}
          className="size-3.5 align-middle accent-accent not-checked:opacity-50"
        />
      </span>
      <span {...CELL} className="num text-ink-2">
        {formatClock(trace.startUnixNano, true)}
      </span>
      <span {...CELL} className="min-w-0 truncate">
        <Link
          href={props.href}
          onPointerDown={() => props.onReach(trace.traceId)}
          onClick={(event) => event.stopPropagation()}
          title={`trace ${trace.traceId}\n${trace.rootName}`}
          className="num font-medium hover:text-accent"
        >
          {trace.batchId || trace.traceId.slice(0, 16)}
        </Link>
      </span>
      <span {...CELL}>
        <PathGlyph nodeIds={trace.nodeIds} />
      </span>
      <span {...CELL} className="num text-right text-ink-2">
        {formatCount(trace.items)}
      </span>
      <span {...CELL} className="num text-right">
        {formatMs(trace.durationMs)}
      </span>
      <span {...CELL}>
        <span className="block rounded-[2px] bg-free/70" style={{ width: `${props.length * 100}%` }}>
          <TimeSplitBar split={trace} totalMs={trace.durationMs} />
        </span>
      </span>
      <span
        {...CELL}
        className={cx('min-w-0 truncate', failed ? 'text-bad' : 'text-ink-3')}
        title={trace.statusMessage}
      >
        {failed ? `● ${trace.statusMessage || 'error'}` : 'ok'}
        {trace.rootMissing ? <RootMissing running={props.running} /> : null}
      </span>
      <span {...CELL} className="min-w-0 truncate text-ink-3">
        {trace.policy ?? ''}
      </span>
      <span {...CELL} className="text-ink-3">
        {trace.linked ? (
          <span title="Linked: merged from, split into or retried with other batches">
            <Link2 size={13} aria-label="linked" />
          </span>
        ) : null}
      </span>
    </div>
  );
});

/** A receiver's span ends with its last outcome: until then its trace has no root, and nothing is wrong with it. */
const RUNNING_MS = 20_000;

function endMs(trace: TraceSummary): number {
  return Number(BigInt(trace.startUnixNano) / 1_000_000n) + trace.durationMs;
}

function RootMissing({ running }: { readonly running: boolean }) {
  return running ? (
    <Badge className="ml-1" title="Its first span is still open: it ends with the last outcome">
      running
    </Badge>
  ) : (
    <Badge tone="warn" className="ml-1" title="Its first span has not come, or is kept by nobody">
      root missing
    </Badge>
  );
}

function SortHead(props: {
  readonly name: string;
  readonly by: 'start' | 'duration';
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly right?: boolean;
}) {
  const descending: Sort = `-${props.by}`;
  const state = props.sort === descending ? 'descending' : props.sort === props.by ? 'ascending' : 'none';
  const Icon = state === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <span {...columnHeader(state)} className={props.right ? 'text-right' : ''}>
      <button
        type="button"
        onClick={() => props.onSort(state === 'descending' ? props.by : descending)}
        className={cx('inline-flex items-center gap-1', state === 'none' ? 'hover:text-ink' : 'text-ink')}
      >
        {props.name}
        {state === 'none' ? null : <Icon size={11} aria-hidden="true" />}
      </button>
    </span>
  );
}

/** From an eighth of the column for the shortest to all of it for the longest. */
function logarithmicLength(durations: readonly number[]): (ms: number) => number {
  const known = durations.filter((ms) => ms > 0);
  const [low, high] = known.reduce(
    ([a, b], ms) => [Math.min(a, ms), Math.max(b, ms)],
    [Number.POSITIVE_INFINITY, 0],
  );
  const span = Math.log(high / low);
  return (ms) => (ms <= 0 ? 0 : span > 0 ? 0.125 + 0.875 * (Math.log(ms / low) / span) : 1);
}
