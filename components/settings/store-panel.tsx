'use client';

/** What Weir holds, within which budget, and the ledger that accounts for everything that arrived. */
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading, Panel, PanelHeader } from '@/components/ui/panel';
import { Table, Td, Th } from '@/components/ui/table';
import type { HealthAnswer, LedgerCounts } from '@/lib/api/health';
import { formatBytes, formatClock, formatCount, formatPercent } from '@/lib/base/format';

export function StorePanel({ health }: { readonly health: HealthAnswer }) {
  const { store, ledger, requests } = health;
  return (
    <Panel label="Store">
      <PanelHeader
        title="Store"
        aside={
          <span className="text-xs text-ink-3">
            budgets: <code className="num">WEIR_STORE_BUDGET</code>,{' '}
            <code className="num">WEIR_SERIES_BUDGET</code>
          </span>
        }
      />
      <div className="p-3">
        <Budget label="Spans and log records" bytes={store.bytes} budget={store.budgetBytes} />
        <Budget label="Series of the last hour" bytes={store.seriesBytes} budget={store.seriesBudgetBytes} />
        <KeyValues
          className="mt-3 max-w-sm"
          items={[
            { key: 'traces', value: formatCount(store.traces) },
            { key: 'spans', value: formatCount(store.spans) },
            { key: 'series', value: formatCount(store.series) },
            { key: 'oldest trace held', value: formatClock(store.oldestUnixNano) },
          ]}
        />
        <GroupHeading aside="received = stored + evicted + rejected + duplicate">Ledger</GroupHeading>
        <Table label="Ledger">
          <thead>
            <tr>
              <Th>items</Th>
              <Th figure>received</Th>
              <Th figure>stored</Th>
              <Th figure>evicted</Th>
              <Th figure>rejected</Th>
              <Th figure>duplicate</Th>
              <Th figure>adds up</Th>
            </tr>
          </thead>
          <tbody>
            <LedgerRow name="spans" counts={ledger.spans} />
            <LedgerRow name="log records" counts={ledger.logRecords} />
            <LedgerRow name="metric points" counts={ledger.points} />
          </tbody>
        </Table>
        <p className="pt-2 text-s text-ink-2">
          Requests: <span className="num">{formatCount(requests.accepted)}</span> accepted,{' '}
          <span className="num">{formatCount(requests.refused)}</span> refused under pressure,{' '}
          <span className="num">{formatCount(requests.rejected)}</span> rejected as malformed.
        </p>
      </div>
    </Panel>
  );
}

function Budget({
  label,
  bytes,
  budget,
}: {
  readonly label: string;
  readonly bytes: number;
  readonly budget: number;
}) {
  const share = budget > 0 ? Math.min(1, bytes / budget) : 0;
  return (
    <div className="mb-2">
      <div className="flex justify-between text-s">
        <span className="text-ink-2">{label}</span>
        <span className="num">
          {formatBytes(bytes)} of {formatBytes(budget)} · {formatPercent(share)}
        </span>
      </div>
      <div className="mt-1 h-1.5 overflow-hidden rounded-[2px] bg-free">
        <div className="h-full bg-work" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

function LedgerRow({ name, counts }: { readonly name: string; readonly counts: LedgerCounts }) {
  const adds = counts.received === counts.stored + counts.evicted + counts.rejected + counts.duplicate;
  return (
    <tr>
      <Td>{name}</Td>
      <Td figure>{formatCount(counts.received)}</Td>
      <Td figure>{formatCount(counts.stored)}</Td>
      <Td figure>{formatCount(counts.evicted)}</Td>
      <Td figure>{formatCount(counts.rejected)}</Td>
      <Td figure>{formatCount(counts.duplicate)}</Td>
      <Td figure className={adds ? 'text-ok' : 'text-bad'}>
        {adds ? '✓' : 'no'}
      </Td>
    </tr>
  );
}
