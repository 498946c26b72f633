/** Rows of several traces, fetched by pages as they come into view, and asked for again when folds or search change. */
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RowMarks, RowsAnswer } from '@/lib/api/traces';
import { queryKeys } from '@/lib/client/query-keys';
import { type RowsRequest, rowsQuery } from '@/lib/client/rows-query';

export interface WantedPage {
  /** Of the trace, as far as is known: rows of an earlier one are asked for anew. */
  readonly revision: number;
  readonly traceId: string;
  readonly page: number;
}

export interface LoadedRows {
  readonly pages: ReadonlyMap<string, RowsAnswer>;
  readonly error: Error | null;
}

export function pageKey(traceId: string, page: number): string {
  return `${traceId}/${page}`;
}

/** While `waits`, only what is known already is shown. */
export function useRows(wanted: readonly WantedPage[], request: RowsRequest, waits: boolean): LoadedRows {
  const client = useQueryClient();
  const answers = useQueries({
    queries: wanted.map(({ traceId, page }) => ({ ...rowsQuery(traceId, page, request), enabled: !waits })),
  });
  // Spans have come since: the page stays on screen until it is there anew.
  useEffect(() => {
    wanted.forEach(({ traceId, page, revision }, i) => {
      const answer = answers[i];
      if (!answer?.data || answer.data.revision >= revision || answer.isFetching || answer.isError) return;
      void client.invalidateQueries({ queryKey: queryKeys.rows(traceId, page, request) });
    });
  });
  // What a page showed last stays on screen while it is asked for anew: folded or searched.
  const shown = useRef<ReadonlyMap<string, ShownPage>>(new Map());
  const pages = new Map<string, RowsAnswer>();
  const kept = new Map<string, ShownPage>();
  wanted.forEach(({ traceId, page }, i) => {
    const key = pageKey(traceId, page);
    const answer = answers[i]?.data;
    const before = shown.current.get(key);
    const now = answer === undefined || answer === before?.answer ? before : shownPage(answer);
    if (!now) return;
    kept.set(key, now);
    pages.set(key, answer === undefined ? now.whileWaiting : now.answer);
  });
  shown.current = kept;
  return { pages, error: answers.find((answer) => answer.error)?.error ?? null };
}

interface ShownPage {
  readonly answer: RowsAnswer;
  /** The same without what it said of a span that was asked for then. */
  readonly whileWaiting: RowsAnswer;
}

function shownPage(answer: RowsAnswer): ShownPage {
  return {
    answer,
    whileWaiting: answer.revealed === null ? answer : { ...answer, revealed: null },
  };
}

/** One row, on the time of the page. */
export interface Row {
  readonly traceId: string;
  readonly spanId: string;
  readonly node: string;
  readonly name: string;
  readonly batch: string;
  readonly depth: number;
  /** Place among the rows of its trace and span of the one above, if there is one. */
  readonly parent: { readonly row: number; readonly spanId: string } | null;
  readonly descendants: number;
  readonly opened: boolean;
  /** Rows like it, and how many of them are folded behind it. */
  readonly similar: number;
  readonly folded: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly waitMs: number | null;
  readonly workMs: number | null;
  readonly blockedMs: number | null;
  readonly outcomeWaitMs: number | null;
  readonly heldMs: number | null;
  readonly failed: boolean;
  readonly critical: boolean;
  readonly offsetMs: number;
  readonly marks: RowMarks | null;
}

/** Rows that were made of an answer, so that scrolling meets the same objects again and renders only what is new. */
const made = new WeakMap<RowsAnswer, Map<string, Row>>();

/** `offsetMs` is where the trace's origin lies on the time of the page. */
export function rowOf(answer: RowsAnswer, index: number, traceId: string, offsetMs: number): Row | null {
  const rows = made.get(answer) ?? new Map<string, Row>();
  made.set(answer, rows);
  const key = `${index}@${offsetMs}`;
  const row = rows.get(key) ?? makeRow(answer, index, traceId, offsetMs);
  if (row) rows.set(key, row);
  return row;
}

function makeRow(answer: RowsAnswer, index: number, traceId: string, offsetMs: number): Row | null {
  const spanId = answer.spanId[index];
  if (spanId === undefined) return null;
  return {
    traceId,
    spanId,
    node: answer.node[index] ?? '',
    name: answer.name[index] ?? '',
    batch: answer.batch[index] ?? '',
    depth: answer.depth[index] ?? 0,
    parent: parentOf(answer, index),
    descendants: answer.descendants[index] ?? 0,
    opened: answer.opened[index] ?? true,
    similar: answer.similar[index] ?? 0,
    folded: answer.folded[index] ?? 0,
    startMs: (answer.startMs[index] ?? 0) + offsetMs,
    durationMs: answer.durationMs[index] ?? 0,
    waitMs: answer.waitMs[index] ?? null,
    workMs: answer.workMs[index] ?? null,
    blockedMs: answer.blockedMs[index] ?? null,
    outcomeWaitMs: answer.outcomeWaitMs[index] ?? null,
    heldMs: heldAfter(answer.marks[index], answer.heldMs[index] ?? null),
    failed: answer.status[index] === 2,
    critical: answer.critical[index] ?? false,
    offsetMs,
    marks: answer.marks[index] ?? null,
  };
}

function parentOf(answer: RowsAnswer, index: number): Row['parent'] {
  const row = answer.parentRow[index] ?? -1;
  return row < 0 ? null : { row, spanId: answer.parentSpanId[index] ?? '' };
}

/**
 * A contributor was held until its merge was flushed: the link that leads back to it says how long. What a merge held,
 * it held before it began, and that is drawn where its contributors are.
 */
function heldAfter(marks: RowMarks | undefined, ownMs: number | null): number | null {
  const merges = marks?.links.filter((link) => link.type === 'merge') ?? [];
  if (merges.some((link) => link.direction === 'out')) return null;
  return ownMs ?? merges.find((link) => link.heldMs !== null)?.heldMs ?? null;
}
