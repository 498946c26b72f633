'use client';
import Link from 'next/link';
import { cx } from '@/components/ui/cx';
import { usePageHref } from '@/components/ui/use-page-href';
import { formatNs, formatPercent } from '@/lib/base/format';
import { useSelectedEngine } from '@/lib/client/queries';
import { TRACING_MODES } from '@/lib/semconv/signals';

const NAMES = { none: 'None', tail: 'Tail', full: 'Full' } as const;

/** What tracing is set to and what that costs now, as the engine measures it. Leads to where it is set. */
export function ModePill() {
  const tracing = useSelectedEngine()?.tracing ?? null;
  const hrefFor = usePageHref();
  if (!tracing) return null;
  const { mode } = tracing;
  const perHop = mode ? (tracing.overheadNs[mode] ?? null) : null;
  const cost = [
    perHop === null ? null : `${formatNs(perHop)}/hop`,
    tracing.cpuShare === null ? null : formatPercent(tracing.cpuShare),
  ].filter((part) => part !== null);
  const said = mode ? `Tracing mode ${NAMES[mode]}` : 'Tracing mode not told yet';
  return (
    <Link
      href={hrefFor('/settings')}
      aria-label={`${said}${cost.length > 0 ? `, costs ${cost.join(', ')} of the engine’s CPU` : ''}. Opens Settings`}
      title="Cost per hop of recording, and the share of the engine’s CPU that export takes. Opens Settings"
      className="flex flex-none items-center gap-2 rounded-m"
    >
      <span className="inline-flex h-[26px] overflow-hidden rounded-m border border-line text-s">
        {TRACING_MODES.map((name) => (
          <span
            key={name}
            className={cx(
              'px-2.5 leading-6',
              name === mode ? 'bg-accent-bg font-medium text-accent' : 'text-ink-3',
            )}
          >
            {NAMES[name]}
          </span>
        ))}
      </span>
      {cost.length > 0 ? <span className="num text-ink-3 max-xl:hidden">{cost.join(' · ')}</span> : null}
    </Link>
  );
}
