'use client';
import Link from 'next/link';
import { usePageHref } from '@/components/ui/use-page-href';
import { formatCompact, formatRate } from '@/lib/base/format';
import { useHealth } from '@/lib/client/queries';

export function IngestRate() {
  const { data: health } = useHealth();
  const href = usePageHref();
  if (!health) return null;
  const { itemsPerSec, spansPerSec } = health.data;
  const title = `${formatCompact(itemsPerSec)} items a second through the engines, ${formatCompact(spansPerSec)} spans a second arriving here`;
  return (
    <Link
      href={href('/settings#health')}
      className="num flex-none rounded-s text-ink-2 hover:text-ink"
      title={`${title}. How Weir itself is doing: Settings`}
    >
      <span className="sr-only">{title}</span>
      <span aria-hidden="true">
        {itemsPerSec === null ? `${formatRate(spansPerSec)} spans` : formatRate(itemsPerSec)}
      </span>
    </Link>
  );
}
