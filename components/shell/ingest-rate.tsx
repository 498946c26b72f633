'use client';
import { formatCompact, formatRate } from '@/lib/base/format';
import { useHealth } from '@/lib/client/queries';

export function IngestRate() {
  const { data: health } = useHealth();
  if (!health) return null;
  const { itemsPerSec, spansPerSec } = health.data;
  const title = `${formatCompact(itemsPerSec)} items a second through the engines, ${formatCompact(spansPerSec)} spans a second arriving here`;
  return (
    <span className="num flex-none text-ink-2" title={title}>
      <span className="sr-only">{title}</span>
      <span aria-hidden="true">
        {itemsPerSec === null ? `${formatRate(spansPerSec)} spans` : formatRate(itemsPerSec)}
      </span>
    </span>
  );
}
