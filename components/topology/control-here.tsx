'use client';
import Link from 'next/link';
import { GroupHeading } from '@/components/ui/panel';
import { usePageHref } from '@/components/ui/use-page-href';
import type { ControlActionRow } from '@/lib/api/control';
import { formatClock, formatFactor, formatMs } from '@/lib/base/format';
import { useControlActions, useSelectedEngine } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';

const SHOWN = 6;

/** What was done to this node or channel, and what followed. */
export function ControlHere({ targets }: { readonly targets: readonly string[] }) {
  const engine = useSelectedEngine();
  const hrefFor = usePageHref();
  const { atUnixNano } = useTimeCursor();
  const { data } = useControlActions(engine?.id ?? '');
  // Frozen, what was done later has not happened yet.
  const isPast = (action: ControlActionRow) =>
    atUnixNano === null || BigInt(action.timeUnixNano) <= BigInt(atUnixNano);
  const actions = (data?.actions ?? []).filter((action) => targets.includes(action.target) && isPast(action));
  return (
    <section aria-label="Control here">
      <GroupHeading
        aside={
          <Link
            href={hrefFor(`/control?target=${encodeURIComponent(targets[0] ?? '')}`)}
            className="font-medium text-accent hover:underline"
          >
            change …
          </Link>
        }
      >
        CONTROL HERE
      </GroupHeading>
      {actions.length === 0 ? (
        <p className="text-s text-ink-3">Nothing in the last hour.</p>
      ) : (
        <ul>
          {actions.slice(0, SHOWN).map((action) => (
            <li
              key={action.id}
              title={action.message || action.summary}
              className="num grid min-h-6 grid-cols-[62px_1fr_auto] items-center gap-2 border-b border-line text-xs text-ink-2"
            >
              <span>{formatClock(action.timeUnixNano)}</span>
              <b className="truncate font-medium text-control">
                {action.action}
                {action.revision === null ? null : (
                  <span className="font-normal text-ink-3"> rev {action.revision}</span>
                )}
              </b>
              <span className={action.outcome === 'failed' ? 'text-bad' : 'text-ink-2'}>
                {outcomeOf(action)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function outcomeOf(action: ControlActionRow): string {
  if (action.outcome !== 'applied') return action.outcome;
  if (action.after === null)
    return action.tookMs === null ? 'applied' : `applied in ${formatMs(action.tookMs)}`;
  if (action.after.verdict === 'cannot_tell') return 'cannot tell';
  const changed = action.after.measures.filter((measure) => measure.changed);
  const first = changed[0];
  if (!first) return 'no change after';
  const factor = first.before && first.after ? ` ${formatFactor(first.before, first.after)}` : '';
  return `${first.measure}${factor} after`;
}
