'use client';
/** The findings of the last hour, a row each, with what was done; the two compared moments stand in it. */
import { type PointerEvent, useRef } from 'react';
import type { ControlActionRow } from '@/lib/api/control';
import type { Finding } from '@/lib/api/topology';
import { formatClockMs, formatMs, unixMsFromNano } from '@/lib/base/format';
import { CURSOR_REACH_MS } from '@/lib/client/time-cursor';

const MAX_ROWS = 10;
const TICKS = [60, 45, 30, 15, 0];
/** A press that moves less than this sets one moment; one that moves more sets both. */
const DRAG_PX = 5;

export function FindingsStrip(props: {
  readonly findings: readonly Finding[];
  readonly actions: readonly ControlActionRow[];
  readonly nowMs: number;
  readonly beforeMs: number | null;
  readonly afterMs: number | null;
  readonly onBefore: (ms: number) => void;
  readonly onBoth: (beforeMs: number, afterMs: number) => void;
}) {
  const { findings, actions, nowMs, beforeMs, afterMs, onBefore, onBoth } = props;
  const frame = useRef<HTMLDivElement>(null);
  const pressed = useRef<number | null>(null);
  const share = (ms: number) => Math.min(1, Math.max(0, 1 - (nowMs - ms) / CURSOR_REACH_MS));
  const timeAt = (clientX: number) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || box.width === 0) return nowMs;
    const at = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return nowMs - (1 - at) * CURSOR_REACH_MS;
  };
  const release = (event: PointerEvent) => {
    const start = pressed.current;
    pressed.current = null;
    if (start === null) return;
    if (Math.abs(event.clientX - start) < DRAG_PX) return onBefore(timeAt(start));
    const [left, right] = [start, event.clientX].sort((a, b) => a - b) as [number, number];
    onBoth(timeAt(left), timeAt(right));
  };
  const rows = findings.slice(0, MAX_ROWS).flatMap((finding) => {
    const fromMs = unixMsFromNano(finding.since);
    return fromMs === null ? [] : [{ finding, fromMs, toMs: unixMsFromNano(finding.until) ?? nowMs }];
  });
  return (
    <section aria-label="Timeline of findings" className="rounded-m border border-line bg-surface px-3 py-2">
      <div
        ref={frame}
        className="relative touch-none select-none"
        onPointerDown={(event) => {
          if ((event.target as Element).closest('button')) return;
          pressed.current = event.clientX;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={release}
      >
        <Axis />
        {beforeMs !== null && afterMs !== null ? (
          <span
            className="absolute inset-y-0 border-x border-accent bg-accent-bg/60"
            style={{ left: `${share(beforeMs) * 100}%`, right: `${(1 - share(afterMs)) * 100}%` }}
          />
        ) : null}
        <div className="relative h-3">
          {actions.map((action) => {
            const atMs = unixMsFromNano(action.timeUnixNano);
            return atMs === null || nowMs - atMs > CURSOR_REACH_MS ? null : (
              <span
                key={action.id}
                title={`${formatClockMs(atMs)} ${action.action} ${action.target}: ${action.outcome}`}
                className="absolute top-0.5 h-2.5 w-0.5 rounded-full bg-control"
                style={{ left: `${share(atMs) * 100}%` }}
              />
            );
          })}
        </div>
        {rows.length === 0 ? (
          <p className="relative py-1 text-s text-ink-3">Nothing was found in the last hour.</p>
        ) : (
          <ul className="relative">
            {rows.map(({ finding, fromMs, toMs }) => (
              <li key={finding.id} className="relative h-[18px]">
                <button
                  type="button"
                  title={`${formatClockMs(fromMs)}, for ${formatMs(toMs - fromMs)}: compare just before it with its last second`}
                  onClick={() => onBoth(fromMs - BEFORE_MS, Math.min(nowMs, toMs))}
                  className="group absolute inset-y-0 flex items-center whitespace-nowrap"
                  style={barPlace(share(fromMs), share(toMs))}
                >
                  <span
                    className={`absolute inset-y-1 left-0 right-0 rounded-[2px] ${finding.until ? 'bg-u4/35' : 'bg-u4'}`}
                  />
                  <span
                    className={`absolute text-xs text-ink-2 group-hover:text-ink ${
                      share(fromMs) > 0.6 ? 'right-full pr-1.5' : 'left-full pl-1.5'
                    }`}
                  >
                    {finding.title}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {findings.length > MAX_ROWS ? (
        <p className="text-xs text-ink-3">
          the newest {MAX_ROWS} of {findings.length}
        </p>
      ) : null}
    </section>
  );
}

/** A window before the onset that has none of it yet. */
const BEFORE_MS = 5_000;

function barPlace(from: number, to: number) {
  return { left: `${from * 100}%`, width: `max(4px, ${(to - from) * 100}%)` };
}

function Axis() {
  return (
    <div aria-hidden="true" className="relative mb-1 h-3.5 border-b border-line text-2xs text-ink-3">
      {TICKS.map((minutes) => (
        <span
          key={minutes}
          className={`num absolute ${minutes === 60 ? '' : minutes === 0 ? '-translate-x-full' : '-translate-x-1/2'}`}
          style={{ left: `${(1 - minutes / 60) * 100}%` }}
        >
          {minutes === 0 ? 'now' : `−${minutes} m`}
        </span>
      ))}
    </div>
  );
}
