'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Dot } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { formatClockMs } from '@/lib/base/format';
import { useConnection } from '@/lib/client/connection';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { Scrubber } from './scrubber';

/** Live, or frozen at a moment of the last hour; the whole product shows that moment. */
export function TimeCursorBar() {
  const cursor = useTimeCursor();
  const connection = useConnection();
  const moving = connection.kind === 'open';
  return (
    <div className="flex flex-none items-center gap-1.5">
      <button
        type="button"
        onClick={cursor.toggle}
        title={cursor.live ? 'Freeze (Space)' : 'Back to live (Space)'}
        className="inline-flex h-[26px] items-center gap-1.5 rounded-m px-1.5 text-s hover:bg-free/50"
      >
        <Dot tone={cursor.live ? (moving ? 'ok' : 'off') : 'accent'} />
        {cursor.atMs === null ? (
          <b className="font-semibold">Live</b>
        ) : (
          <>
            <span className="text-accent max-lg:sr-only">frozen at</span>
            <span className="num font-medium text-accent">{formatClockMs(cursor.atMs)}</span>
          </>
        )}
      </button>
      {cursor.live ? null : (
        <span className="flex">
          <IconButton label="One second back ( , )" onClick={() => cursor.step(-1_000)} className="!w-5">
            <ChevronLeft size={14} aria-hidden="true" />
          </IconButton>
          <IconButton label="One second on ( . )" onClick={() => cursor.step(1_000)} className="!w-5">
            <ChevronRight size={14} aria-hidden="true" />
          </IconButton>
        </span>
      )}
      <Scrubber cursor={cursor} />
    </div>
  );
}
