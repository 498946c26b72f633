'use client';
import type { ReactNode } from 'react';
import { formatClock, formatClockMs, formatMs, unixMsFromNano } from '@/lib/base/format';
import { useConnection } from '@/lib/client/connection';
import { useSelectedEngine } from '@/lib/client/queries';
import { useNow } from '@/lib/client/use-now';

/** Says that what is on screen stands still, why, and since when. It goes by itself. */
export function DisconnectedBanner() {
  const connection = useConnection();
  const engine = useSelectedEngine();
  const now = useNow();
  if (connection.kind === 'lost') {
    return (
      <Banner>
        <b className="font-semibold">Weir’s server is not reachable</b> since{' '}
        <span className="num">{formatClockMs(connection.sinceMs)}</span>
        {now ? ` (${formatMs(Math.max(1_000, now - connection.sinceMs))})` : ''}. Figures stand still;
        reconnecting every second.
      </Banner>
    );
  }
  if (!engine || engine.connected) return null;
  const since = unixMsFromNano(engine.disconnectedSinceUnixNano);
  return (
    <Banner>
      <b className="font-semibold">{engine.service} is disconnected</b>
      {since === null ? null : (
        <>
          {' '}
          since <span className="num">{formatClock(engine.disconnectedSinceUnixNano)}</span>
          {now ? ` (${formatMs(Math.max(1_000, now - since))})` : ''}
        </>
      )}
      . What you see is its last known state; it shows live again on its own.
    </Banner>
  );
}

function Banner({ children }: { readonly children: ReactNode }) {
  return (
    <div
      role="status"
      className="flex-none border-b border-bad/50 bg-[color-mix(in_srgb,var(--bad)_12%,var(--surface))] px-3.5 py-1.5 text-s text-ink"
    >
      {children}
    </div>
  );
}
