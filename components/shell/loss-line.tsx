'use client';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import { Popover } from '@/components/ui/popover';
import type { HealthAnswer, LedgerCounts } from '@/lib/api/health';
import { formatBytes, formatCompact, formatCount, formatMs, unixMsFromNano } from '@/lib/base/format';
import { useHealth } from '@/lib/client/queries';
import { useNow } from '@/lib/client/use-now';

/** The operator's data first: what was lost of it. Then how far back Weir itself still holds traces. */
export function LossLine() {
  const { data: health } = useHealth();
  const now = useNow(5_000);
  if (!health) return null;
  const { lost, presumedLost, reduced } = health.data;
  const oldest = unixMsFromNano(health.store.oldestUnixNano);
  const bad = (lost ?? 0) > 0 || (presumedLost ?? 0) > 0;
  return (
    <Popover
      title="Your data, the last hour"
      className="w-[360px]"
      trigger={
        <Button className={cx('min-w-0 flex-none', bad && '!border-bad/60')}>
          <span aria-hidden="true" className={bad ? 'text-bad' : lost === null ? 'text-ink-3' : 'text-ok'}>
            {bad ? '✕' : lost === null ? '?' : '✓'}
          </span>
          <span className={bad ? 'font-medium text-bad' : 'text-ink-2'}>
            {lost === null ? 'loss not known' : `${formatCompact(lost)} lost`}
          </span>
          {presumedLost ? (
            <span className="text-bad">{`· ${formatCompact(presumedLost)} presumed`}</span>
          ) : null}
          {reduced ? (
            <span className="text-ink-3 max-xl:hidden">{`· ${formatCompact(reduced)} reduced`}</span>
          ) : null}
          {oldest !== null && now !== null ? (
            <span className="text-ink-3 max-xl:hidden">{`· traces of ${formatMs(Math.max(1_000, now - oldest))}`}</span>
          ) : null}
        </Button>
      }
    >
      <LossDetails health={health} />
    </Popover>
  );
}

function LossDetails({ health }: { readonly health: HealthAnswer }) {
  const { data, store, ledger, requests } = health;
  return (
    <>
      <KeyValues
        items={[
          { key: 'lost', value: formatCount(data.lost) },
          {
            key: 'presumed',
            label: 'presumed lost (in flight when an engine vanished)',
            value: formatCount(data.presumedLost),
          },
          {
            key: 'reduced',
            label: 'reduced by design (filters, samplers)',
            value: formatCount(data.reduced),
          },
        ]}
      />
      <GroupHeading>What Weir received and holds</GroupHeading>
      <LedgerTable ledger={ledger} />
      <p className="mt-1.5 text-xs text-ink-3">received = stored + evicted + rejected + duplicate</p>
      <GroupHeading>Requests and memory</GroupHeading>
      <KeyValues
        items={[
          { key: 'accepted', value: formatCount(requests.accepted) },
          { key: 'refused', label: 'refused under pressure', value: formatCount(requests.refused) },
          { key: 'rejected', label: 'rejected as malformed', value: formatCount(requests.rejected) },
          {
            key: 'store',
            label: 'trace store',
            value: `${formatBytes(store.bytes)} of ${formatBytes(store.budgetBytes)}`,
          },
          {
            key: 'series',
            label: 'series',
            value: `${formatBytes(store.seriesBytes)} of ${formatBytes(store.seriesBudgetBytes)}`,
          },
        ]}
      />
    </>
  );
}

const COLUMNS = ['received', 'stored', 'evicted', 'rejected', 'duplicate'] as const;

function LedgerTable({ ledger }: { readonly ledger: HealthAnswer['ledger'] }) {
  const rows: readonly (readonly [string, LedgerCounts])[] = [
    ['spans', ledger.spans],
    ['logs', ledger.logRecords],
    ['points', ledger.points],
  ];
  return (
    <table className="w-full text-right text-xs">
      <thead className="text-ink-3">
        <tr>
          <td />
          {COLUMNS.map((name) => (
            <th key={name} scope="col" className="font-normal">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, counts]) => (
          <tr key={name}>
            <th scope="row" className="text-left font-normal text-ink-2">
              {name}
            </th>
            {COLUMNS.map((column) => (
              <td key={column} className="num" title={formatCount(counts[column])}>
                {formatCompact(counts[column])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
