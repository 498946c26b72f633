'use client';
/**
 * The waterfall: overview, ruler, control lane and rows on one time. Only the rows in sight are in the document and
 * only their pages are fetched, so that a trace of any size scrolls alike. The viewport is a store outside React's
 * state: zooming renders bars, never the list.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { ErrorState } from '@/components/ui/states';
import { errorMessage } from '@/lib/client/api-error';
import { PAGE_ROWS, type RowsRequest } from '@/lib/client/rows-query';
import type { ValueStore } from '@/lib/client/value-store';
import { ControlGuides, ControlLane, ControlLaneHead } from './control-lane';
import { onGridKey, type WaterfallHandle } from './grid-keys';
import { COLUMN_HEADER, ROW, treegrid } from './grid-roles';
import { GROUP_HEIGHT, GroupLine } from './group-line';
import type { JoinedLane, LaneEvent } from './lane-events';
import { LinkArrows } from './link-arrows';
import { ROW_HEIGHT } from './row-bar';
import { type RowActions, RowLine, RowOnItsWay } from './row-line';
import { indexOfRow, pagesBetween, placeAt, placeCount, type RowGroup } from './row-places';
import type { SpanRef } from './span-ref';
import { GridLines, TimeRuler } from './time-ruler';
import { useBrush } from './use-brush';
import { useLeap } from './use-leap';
import { pageKey, type Row, rowOf, useRows } from './use-rows';
import { useWidth } from './use-size';
import { useWheelZoom } from './use-zoom';
import type { Viewport } from './viewport';
import type { WaterfallData } from './waterfall-groups';

const RULER = 26;
const LANE = 34;
const HEAD = RULER + LANE;
const TREE_SHARE = 0.36;

export interface WaterfallProps {
  readonly data: WaterfallData;
  readonly request: RowsRequest;
  /** Of each trace that is known. */
  readonly revisions: ReadonlyMap<string, number>;
  /** How often a span was asked to be brought into view. */
  readonly asked: number;
  readonly foldMenu: ReactNode;
  readonly view: ValueStore<Viewport>;
  readonly whole: Viewport;
  readonly selected: SpanRef | null;
  readonly critical: ReadonlySet<string> | null;
  readonly lane: JoinedLane;
  readonly shownKinds: ReadonlySet<string>;
  readonly onToggleKind: (kind: string) => void;
  readonly onPickEvent: (event: LaneEvent) => void;
  readonly folded: ReadonlySet<string>;
  readonly onToggleGroup: (traceId: string) => void;
  readonly onOpenTrace: (traceId: string) => void;
  readonly actions: RowActions;
  readonly handle: { current: WaterfallHandle | null };
  /** Scrolled to when it changes: the row among those that match. */
  readonly match: { readonly traceId: string; readonly row: number } | null;
  readonly onMatches: (found: { readonly rows: readonly number[]; readonly total: number } | null) => void;
  readonly onDrawn: () => void;
}

export function Waterfall(props: WaterfallProps) {
  const { data, request, view, whole, selected, actions } = props;
  const [measure, outer] = useWidth();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const tree = Math.round(Math.min(352, Math.max(220, outer * TREE_SHARE)));
  const width = Math.max(0, outer - tree);
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map());
  const groups: RowGroup[] = data.groups.map((group) => ({
    traceId: group.traceId,
    rows:
      props.folded.has(group.traceId) || group.state !== 'held'
        ? 0
        : (counts.get(group.traceId) ?? group.spans),
    header: group.header,
  }));
  const virtualizer = useVirtualizer({
    count: placeCount(groups),
    getScrollElement: () => scroller,
    estimateSize: (index) => (placeAt(groups, index)?.kind === 'header' ? GROUP_HEIGHT : ROW_HEIGHT),
    paddingStart: HEAD,
    scrollPaddingStart: HEAD + ROW_HEIGHT,
    scrollPaddingEnd: ROW_HEIGHT,
    overscan: 6,
    isScrollingResetDelay: 80,
  });
  const items = virtualizer.getVirtualItems();
  const wanted = pagesBetween(groups, items[0]?.index ?? 0, items.at(-1)?.index ?? 40, PAGE_ROWS).map(
    ({ group, page }) => {
      const traceId = groups[group]?.traceId ?? '';
      return { traceId, page, revision: props.revisions.get(traceId) ?? 0 };
    },
  );
  const { pages, error } = useRows(wanted, request, useLeap(virtualizer));
  const rowAt = (index: number): Row | null => {
    const place = placeAt(groups, index);
    if (place?.kind !== 'row') return null;
    const group = data.groups[place.group];
    const answer = group && pages.get(pageKey(group.traceId, Math.floor(place.row / PAGE_ROWS)));
    return group && answer
      ? rowOf(
          answer,
          place.row % PAGE_ROWS,
          group.traceId,
          offsetOf(data, group.offsetMs, answer.originUnixNano),
        )
      : null;
  };

  // True totals replace the estimate as answers come.
  useEffect(() => {
    const changed = [...pages].filter(([key, page]) => counts.get(traceOf(key)) !== page.totalRows);
    if (changed.length === 0) return;
    setCounts(new Map([...counts, ...changed.map(([key, page]) => [traceOf(key), page.totalRows] as const)]));
  }, [pages, counts]);

  const { measure: remeasure } = virtualizer;
  const shape = groups.map((group) => `${group.rows}${group.header}`).join();
  useEffect(() => {
    if (shape) remeasure();
  }, [shape, remeasure]);

  const { onMatches, onDrawn } = props;
  const isDrawn = pages.size > 0 || error !== null;
  useEffect(() => {
    if (isDrawn) onDrawn();
  }, [isDrawn, onDrawn]);
  // Every page of a trace tells the same matches, so any that is here will do.
  const firstTrace = data.groups[0]?.traceId;
  const matches = [...pages].find(([key]) => traceOf(key) === firstTrace)?.[1].matches ?? null;
  useEffect(() => onMatches(matches), [matches, onMatches]);

  // A span that was asked for comes into view once its row is known.
  const revealed = useRef(-1);
  useEffect(() => {
    if (!scroller || request.reveal === null || revealed.current === props.asked) return;
    for (const [key, page] of pages) {
      if (page.revealed === null) continue;
      const group = data.groups.findIndex((each) => each.traceId === traceOf(key));
      revealed.current = props.asked;
      virtualizer.scrollToIndex(indexOfRow(groups, group, page.revealed), { align: 'center' });
      return;
    }
  });
  const { match } = props;
  const matched = useRef('');
  useEffect(() => {
    const key = match ? pageKey(match.traceId, match.row) : '';
    if (!match || matched.current === key) return;
    matched.current = key;
    const group = data.groups.findIndex((each) => each.traceId === match.traceId);
    virtualizer.scrollToIndex(indexOfRow(groups, group, match.row), { align: 'center' });
  });

  const found = useMemo(() => new Set(matches?.rows ?? []), [matches]);
  const visible = items.map((item) => ({ item, row: rowAt(item.index) }));
  const selectedIndex = visible.find(({ row }) => row && isSame(row, selected))?.item.index ?? -1;
  const firstRow = visible.find(({ item, row }) => row && item.end > (virtualizer.scrollOffset ?? 0) + HEAD)
    ?.item.index;
  // Keys take the focus along, so that each row is read out as it is come to.
  const focuses = useRef(false);
  useEffect(() => {
    if (!focuses.current || selectedIndex < 0) return;
    const row = scroller?.querySelector<HTMLElement>('[role="row"][aria-selected="true"]');
    if (!row) return;
    focuses.current = false;
    row.focus({ preventScroll: true });
  });
  const moveTo = (row: SpanRef, index: number) => {
    focuses.current = true;
    actions.select(row);
    virtualizer.scrollToIndex(index);
  };
  props.handle.current = {
    current: () => (selectedIndex < 0 ? null : rowAt(selectedIndex)),
    step(by) {
      const from = selectedIndex < 0 ? (items[0]?.index ?? 0) - (by > 0 ? 1 : 0) : selectedIndex;
      for (let index = from + by; index >= 0 && index < placeCount(groups); index += by) {
        const row = rowAt(index);
        if (!row) continue;
        moveTo(row, index);
        return;
      }
    },
    toParent() {
      const row = selectedIndex < 0 ? null : rowAt(selectedIndex);
      if (!row?.parent) return;
      const group = data.groups.findIndex((each) => each.traceId === row.traceId);
      moveTo({ traceId: row.traceId, spanId: row.parent.spanId }, indexOfRow(groups, group, row.parent.row));
    },
  };

  useWheelZoom(scroller, view, whole, tree);
  const brush = useBrush(() => view.get(), whole, width, view);
  const shown = props.lane.events.filter((event) => props.shownKinds.has(event.kind));
  const total = virtualizer.getTotalSize();
  return (
    <div
      ref={(element) => {
        measure(element);
        setScroller(element);
      }}
      {...treegrid('Spans', placeCount(groups), (event) => onGridKey(event, props.handle.current, actions))}
      className="relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden bg-bg [scrollbar-gutter:stable]"
      style={{ ['--tree' as string]: `${tree}px` }}
    >
      <div {...ROW} className="sticky top-0 z-20 bg-surface" style={{ height: HEAD, marginBottom: -HEAD }}>
        <div {...COLUMN_HEADER} className="flex border-b border-line" style={{ height: RULER }}>
          <span className="flex w-(--tree) flex-none items-center justify-between border-r border-line px-3 text-xs text-ink-3">
            {props.foldMenu}
            <span className="num">total</span>
          </span>
          <div className="flex min-w-0 flex-1 cursor-crosshair touch-none" title="Drag to zoom" {...brush}>
            <TimeRuler view={view} width={width} />
          </div>
        </div>
        <div {...COLUMN_HEADER} className="flex border-b border-line" style={{ height: LANE }}>
          <span className="flex w-(--tree) flex-none items-center border-r border-line px-3">
            <ControlLaneHead
              kinds={props.lane.kinds}
              shown={props.shownKinds}
              onToggle={props.onToggleKind}
            />
          </span>
          <ControlLane events={shown} view={view} width={width} onPick={props.onPickEvent} />
        </div>
      </div>
      <div className="relative" style={{ height: total }}>
        <div className="pointer-events-none absolute bottom-0 right-0" style={{ top: HEAD, left: tree }}>
          <GridLines view={view} width={width} />
        </div>
        {visible.map(({ item, row }) => {
          const place = placeAt(groups, item.index);
          const group = place && data.groups[place.group];
          if (!place || !group) return null;
          if (place.kind === 'header') {
            return (
              <GroupLine
                key={group.traceId}
                group={group}
                folded={props.folded.has(group.traceId)}
                index={item.index}
                top={item.start}
                width={width}
                view={view}
                onToggle={() => props.onToggleGroup(group.traceId)}
                onOpen={() => props.onOpenTrace(group.traceId)}
              />
            );
          }
          if (!row) return <RowOnItsWay key={item.index} top={item.start} />;
          return (
            <RowLine
              key={`${row.traceId}${row.spanId}`}
              row={row}
              index={item.index}
              top={item.start}
              width={width}
              selected={isSame(row, selected)}
              tabbable={selectedIndex < 0 && item.index === firstRow}
              matched={place.group === 0 && found.has(place.row)}
              critical={props.critical ? props.critical.has(row.traceId + row.spanId) : row.critical}
              view={view}
              actions={actions}
            />
          );
        })}
        <div className="pointer-events-none absolute bottom-0 right-0" style={{ top: HEAD, left: tree }}>
          <ControlGuides events={shown} view={view} width={width} />
          <LinkArrows
            rows={visible.flatMap(({ item, row }) => (row ? [{ row, y: item.start - HEAD }] : []))}
            view={view}
            width={width}
          />
        </div>
      </div>
      {error ? (
        <ErrorState title="The rows cannot be shown" message={errorMessage(error)} className="mt-16" />
      ) : null}
    </div>
  );
}

function isSame(row: Row, ref: SpanRef | null): boolean {
  return ref !== null && row.spanId === ref.spanId && row.traceId === ref.traceId;
}

function traceOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** By the origins themselves where the page has one, because a group's first batch may start after its trace. */
function offsetOf(data: WaterfallData, estimateMs: number, originUnixNano: string): number {
  return data.originUnixNano === 0n ? estimateMs : Number(BigInt(originUnixNano) - data.originUnixNano) / 1e6;
}
