'use client';
import { cx } from '@/components/ui/cx';
import { formatClockMs, formatMs } from '@/lib/base/format';
import { useControlActions, useCoverage, useFindings, useSelectedEngine } from '@/lib/client/queries';
import { CURSOR_REACH_MS, type TimeCursor } from '@/lib/client/time-cursor';
import { useNow } from '@/lib/client/use-now';
import { findingSpans, heldSpans, marksOf } from './scrub-marks';

const REACH_S = CURSOR_REACH_MS / 1_000;

/** The last hour as a line: where traces are still held, what was wrong when, and what was done to the engine. */
export function Scrubber({ cursor }: { readonly cursor: TimeCursor }) {
  const now = useNow();
  const engine = useSelectedEngine();
  const { data: actions } = useControlActions(engine?.id ?? '');
  const { data: findings } = useFindings(engine?.id ?? null);
  const { data: coverage } = useCoverage();
  const ageS = now === null || cursor.atMs === null ? 0 : Math.round((now - cursor.atMs) / 1_000);
  const at = 1 - Math.min(1, ageS / REACH_S);
  return (
    <>
      <span className="num text-xs text-ink-3 max-2xl:hidden">−60 m</span>
      <div className="relative h-[26px] w-[clamp(90px,17vw,250px)] flex-none has-focus-visible:rounded-s has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <span className="absolute inset-x-0 top-3 h-0.5 rounded-full bg-line" />
        {now === null || !coverage
          ? null
          : heldSpans(coverage, now).map(({ from, to, some }) => (
              <span
                key={from}
                className={cx('absolute top-3 h-0.5 bg-line-strong', some && 'opacity-50')}
                style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
                title={
                  some
                    ? 'Of this time a few traces are left: failed, slow, or cited by a finding'
                    : 'Traces of this time are still held'
                }
              />
            ))}
        {now === null
          ? null
          : findingSpans(findings?.findings ?? [], now).map((span) => (
              <span
                key={span.key}
                title={span.title}
                className="absolute top-2 h-2.5 rounded-[2px] bg-u4/35"
                style={{ left: `${span.from * 100}%`, width: `max(3px, ${(span.to - span.from) * 100}%)` }}
              />
            ))}
        {now === null
          ? null
          : marksOf(actions?.actions ?? [], now).map((mark) => (
              <span
                key={mark.key}
                title={mark.title}
                className="absolute top-2 h-2.5 w-0.5 rounded-full bg-control"
                style={{ left: `${mark.at * 100}%` }}
              />
            ))}
        <span
          className="pointer-events-none absolute top-[7px] -ml-1.5 size-3 rounded-full bg-accent shadow-[0_0_0_3px_var(--accent-bg)]"
          style={{ left: `${at * 100}%` }}
        />
        <input
          type="range"
          aria-label="Time cursor, last hour"
          aria-valuetext={
            cursor.atMs === null
              ? 'live'
              : `frozen at ${formatClockMs(cursor.atMs)}, ${formatMs(Math.max(0, ageS) * 1_000)} ago`
          }
          min={-REACH_S}
          max={0}
          step={1}
          value={-Math.min(REACH_S, Math.max(0, ageS))}
          onChange={(event) => {
            const back = event.target.valueAsNumber;
            if (back === 0) cursor.goLive();
            else cursor.freeze(Date.now() + back * 1_000);
          }}
          className="absolute inset-0 w-full cursor-pointer opacity-0"
        />
      </div>
    </>
  );
}
