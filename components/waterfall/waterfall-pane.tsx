'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LineageAnswer, TraceAnswer } from '@/lib/api/traces';
import { traceHref } from '@/lib/client/trace-href';
import { useShortcut } from '@/lib/client/use-shortcut';
import { createValueStore, type ValueStore } from '@/lib/client/value-store';
import { FoldMenu } from './fold-menu';
import type { WaterfallHandle } from './grid-keys';
import type { LaneEvent } from './lane-events';
import { OverviewStrip } from './overview-strip';
import { SpanDetailPanel } from './span-detail';
import { formatCrumbs, formatSpanRef, parseCrumbs, parseSpanRef } from './span-ref';
import { TraceAside } from './trace-aside';
import { TraceSearch } from './trace-search';
import { firstRowsOf, useTraceUrl } from './trace-url';
import { joinPaths, overviewStrokes } from './use-journey';
import { useLane } from './use-lane';
import { useRowKeys } from './use-row-keys';
import type { Row } from './use-rows';
import { useZoomKeys } from './use-zoom';
import { formatView, parseView, type Viewport, wholeOf } from './viewport';
import { Waterfall } from './waterfall';
import type { WaterfallData } from './waterfall-groups';

const URL_AFTER_MS = 400;

/** Overview, rows and side panel of one trace or of a journey, with all that is selected, folded and searched. */
export function WaterfallPane(props: {
  readonly answer: TraceAnswer;
  readonly answers: readonly TraceAnswer[];
  readonly lineage: LineageAnswer | null;
  readonly data: WaterfallData;
  readonly journey: boolean;
  /** The first rows are here. */
  readonly onDrawn: () => void;
}) {
  const { answer, answers, data, journey } = props;
  const { traceId } = answer.trace;
  const [url, setUrl] = useTraceUrl();
  const router = useRouter();
  const search = useSearchParams();
  const whole = useMemo(() => wholeOf(data.endMs), [data.endMs]);
  const [view] = useState(() => createValueStore<Viewport>(parseView(url.z) ?? whole));
  useViewInUrl(view, whole, (z) => void setUrl({ z }));
  useZoomKeys(view, whole);
  const selected = parseSpanRef(url.span, traceId);
  const [reveal, setReveal] = useState(() => revealOf(selected?.spanId ?? null, 0));
  const ownSpan = useRef(url.span);
  const [toggled, setToggled] = useState<readonly string[]>([]);
  const [shut, setShut] = useState<readonly string[]>([]);
  const [unfolded, setUnfolded] = useState<readonly string[]>([]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [found, setFound] = useState<{ rows: readonly number[]; total: number } | null>(null);
  const [matchAt, setMatchAt] = useState(0);
  const handle = useRef<WaterfallHandle | null>(null);

  const lane = useLane(answers, parseView(url.z), data.originUnixNano);
  const [kinds, setKinds] = useState<ReadonlySet<string> | null>(null);
  const shownKinds = kinds ?? new Set(lane.kinds.filter((each) => !each.folded).map((each) => each.kind));
  const strokes = useMemo(() => overviewStrokes(answers, data), [answers, data]);
  const critical = useMemo(
    () =>
      journey && props.lineage
        ? new Set(props.lineage.criticalPath.map((step) => step.traceId + step.spanId))
        : null,
    [journey, props.lineage],
  );
  const request = { ...firstRowsOf(url, traceId), toggled, shut, reveal: reveal.spanId, unfolded };
  const revisions = useMemo(
    () => new Map(answers.map((each) => [each.trace.traceId, each.revision])),
    [answers],
  );
  // A link, the way back or someone's own URL: what was not chosen among the rows has to be brought into view.
  useEffect(() => {
    if (url.span === ownSpan.current) return;
    ownSpan.current = url.span;
    const spanId = parseSpanRef(url.span, traceId)?.spanId ?? null;
    setShut([]);
    setReveal((before) => revealOf(spanId, before.asked + 1));
  }, [url.span, traceId]);

  const select = useCallback(
    (row: Pick<Row, 'traceId' | 'spanId'> | null) => {
      ownSpan.current = row ? formatSpanRef(row, traceId) : '';
      void setUrl({ span: ownSpan.current || null, event: null });
    },
    [setUrl, traceId],
  );
  const isHere = useCallback((id: string) => data.groups.some((group) => group.traceId === id), [data]);
  const jump = useCallback(
    (toTrace: string, toSpan: string) => {
      const from = { traceId, spanId: url.span || (answer.spans[0]?.spanId ?? '') };
      const via = formatCrumbs([...parseCrumbs(url.via), from]);
      if (isHere(toTrace)) {
        ownSpan.current = formatSpanRef({ traceId: toTrace, spanId: toSpan }, traceId);
        setFolded((before) => without(before, toTrace));
        setShut([]);
        setReveal((before) => revealOf(toSpan, before.asked + 1));
        void setUrl({ span: ownSpan.current, event: null, via }, { history: 'push' });
        return;
      }
      router.push(traceHref(toTrace, search, { span: toSpan, via }));
    },
    [isHere, setUrl, url.via, url.span, traceId, answer, router, search],
  );
  // What is open, for whatever reason, is shut; what was shut is again what it was.
  const toggle = useCallback(
    (row: Pick<Row, 'spanId' | 'opened'>) => {
      if (row.opened || shut.includes(row.spanId)) setShut((before) => flippedList(before, row.spanId));
      else setToggled((before) => flippedList(before, row.spanId));
    },
    [shut],
  );
  const unfold = useCallback((row: Pick<Row, 'spanId'>) => {
    setUnfolded((before) => flippedList(before, row.spanId));
  }, []);
  const actions = useMemo(() => ({ select, toggle, unfold, jump }), [select, toggle, unfold, jump]);
  const setDepth = (depth: number | null) => {
    setToggled([]);
    setShut([]);
    setReveal((before) => revealOf(null, before.asked));
    void setUrl({ depth });
  };
  useRowKeys(handle, toggle, setDepth);
  useShortcut('clear', () => void setUrl(url.span ? { span: null } : { q: null }));

  const nodes = useMemo(() => joinPaths(answers).nodes.map((node) => node.id), [answers]);
  const matchRow = found?.rows[matchAt];
  const openTrace = (id: string) =>
    router.push(
      traceHref(id, search, {
        tab: 'journey',
        via: formatCrumbs([...parseCrumbs(url.via), { traceId, spanId: url.span }]),
      }),
    );
  const pickEvent = (event: LaneEvent) => {
    const first = event.spanIds[0];
    if (first) jump(event.traceId, first);
  };
  return (
    <div className="relative flex h-full min-h-0">
      <div className="absolute -top-[28px] right-4 z-10">
        <TraceSearch
          value={url.q}
          onChange={(q) => {
            setMatchAt(0);
            setShut([]);
            void setUrl({ q: q || null }, { throttleMs: 250 });
          }}
          at={matchAt}
          total={url.q === '' ? null : (found?.total ?? null)}
          onStep={(by) =>
            setMatchAt((at) =>
              found && found.rows.length > 0 ? (at + by + found.rows.length) % found.rows.length : 0,
            )
          }
        />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <OverviewStrip strokes={strokes.strokes} lanes={strokes.lanes} whole={whole} view={view} />
        <Waterfall
          data={data}
          request={request}
          revisions={revisions}
          asked={reveal.asked}
          foldMenu={
            <FoldMenu
              folding={request}
              nodes={nodes}
              onDepth={setDepth}
              onClosed={(closed) => void setUrl({ closed: closed.length > 0 ? [...closed] : null })}
              onFoldSimilar={(fold) => void setUrl({ alike: fold ? null : 'all' })}
            />
          }
          view={view}
          whole={whole}
          selected={selected}
          critical={critical}
          lane={lane}
          shownKinds={shownKinds}
          onToggleKind={(kind) => setKinds(flipped(shownKinds, kind))}
          onPickEvent={pickEvent}
          folded={folded}
          onToggleGroup={(id) => setFolded(flipped(folded, id))}
          onOpenTrace={openTrace}
          actions={actions}
          handle={handle}
          match={matchRow === undefined ? null : { traceId, row: matchRow }}
          onMatches={setFound}
          onDrawn={props.onDrawn}
        />
      </div>
      <aside
        aria-label="Detail"
        className="w-[clamp(300px,25vw,360px)] flex-none overflow-y-auto border-l border-line bg-surface px-3 pb-6 pt-3 min-[1200px]:px-4"
      >
        {selected ? (
          <SpanDetailPanel
            span={selected}
            answer={answer}
            jump={jump}
            event={url.event}
            onEvent={(event) => void setUrl({ event })}
            onClose={() => select(null)}
          />
        ) : (
          <TraceAside
            answer={journey ? { ...answer, path: joinPaths(answers) } : answer}
            lineage={props.lineage}
            journey={journey}
            jump={jump}
          />
        )}
      </aside>
    </div>
  );
}

/** Most folds that are remembered; the oldest go first. */
const MOST_FLIPPED = 400;

/** A span to bring into view; the number tells one asking from the next for the same span. */
function revealOf(spanId: string | null, asked: number) {
  return { spanId, asked };
}

function flippedList(list: readonly string[], id: string): readonly string[] {
  return list.includes(id) ? list.filter((each) => each !== id) : [...list, id].slice(-MOST_FLIPPED);
}

function without(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return set.has(key) ? new Set([...set].filter((each) => each !== key)) : set;
}

/** The shown stretch stands in the URL once it has rested; a new whole (more spans, another tab) is shown whole. */
function useViewInUrl(view: ValueStore<Viewport>, whole: Viewport, write: (z: string | null) => void): void {
  const latest = useRef(write);
  const shownWhole = useRef(whole);
  useEffect(() => {
    latest.current = write;
  });
  useEffect(() => {
    const before = shownWhole.current;
    shownWhole.current = whole;
    const now = view.get();
    if (before !== whole && now.fromMs === before.fromMs && now.toMs === before.toMs) view.set(whole);
  }, [view, whole]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = view.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const now = view.get();
        const all = now.fromMs === whole.fromMs && now.toMs === whole.toMs;
        latest.current(all ? null : formatView(now));
      }, URL_AFTER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [view, whole]);
}

function flipped(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
