'use client';

/** How Weir itself is doing: what taking in and answering cost, how late it is, what is full, what never arrived. */
import type { ReactNode } from 'react';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading, Panel, PanelHeader } from '@/components/ui/panel';
import { ErrorState, Loading } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { Quantiles, VitalsAnswer } from '@/lib/api/vitals';
import { formatBytes, formatCount, formatMs, formatPercent, formatRate, UNKNOWN } from '@/lib/base/format';
import { useVitals } from '@/lib/client/queries';

/** Past it a page is felt to wait. */
const LATE_LOOP_MS = 10;

export function HealthPanel() {
  const { data, error, refetch } = useVitals();
  return (
    <Panel label="Health of Weir">
      <div id="health" className="scroll-mt-3" />
      <PanelHeader
        title="Health of Weir itself"
        aside={
          <span className="text-xs text-ink-3">
            the last minute · also as{' '}
            <a className="underline" href="/metrics-text">
              /metrics
            </a>
          </span>
        }
      />
      <div className="px-3 pb-3">
        {data ? (
          <Vitals vitals={data} />
        ) : error ? (
          <ErrorState title="No figures" message={error.message} onRetry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </Panel>
  );
}

function Vitals({ vitals }: { readonly vitals: VitalsAnswer }) {
  return (
    <>
      <div className="grid grid-cols-1 gap-x-8 md:grid-cols-3">
        <Ingest ingest={vitals.ingest} />
        <Process vitals={vitals} />
        <Watching vitals={vitals} />
      </div>
      <div className="grid grid-cols-1 gap-x-8 min-[1100px]:grid-cols-2">
        <Queries queries={vitals.queries} />
        <Tables tables={vitals.tables} />
      </div>
    </>
  );
}

function Ingest({ ingest }: { readonly ingest: VitalsAnswer['ingest'] }) {
  const { requestMs, loopShare, requestsPerSec, bytesPerSec, bytesInFlight, limitBytes } = ingest;
  return (
    <Group title="Taking in">
      <KeyValues
        items={[
          { key: 'requests', value: formatRate(requestsPerSec) },
          { key: 'bytes', value: bytesPerSec === null ? UNKNOWN : `${formatBytes(bytesPerSec)}/s` },
          { key: 'loop', label: 'share of the event loop', value: formatPercent(loopShare) },
          { key: 'p50', label: 'a request, p50 · p99', value: pair(requestMs) },
          { key: 'max', label: 'slowest request', value: formatMs(requestMs.maxMs) },
          {
            key: 'flight',
            label: 'in flight',
            value: `${formatBytes(bytesInFlight)} of ${formatBytes(limitBytes)}`,
          },
        ]}
      />
    </Group>
  );
}

function Process({ vitals: { process, loopDelayMs } }: { readonly vitals: VitalsAnswer }) {
  return (
    <Group title="Process">
      <KeyValues
        items={[
          { key: 'cpu', label: 'share of one CPU', value: formatPercent(process.cpuShare) },
          { key: 'rss', label: 'resident memory', value: formatBytes(process.rssBytes) },
          { key: 'arrays', label: 'of it spans and series', value: formatBytes(process.arrayBytes) },
          { key: 'heap', label: 'of it objects', value: formatBytes(process.heapBytes) },
          {
            key: 'loop',
            label: 'event loop late, p50 · p99',
            value: (
              <span className={loopDelayMs.p99 > LATE_LOOP_MS ? 'text-bad' : undefined}>
                {formatMs(loopDelayMs.p50)} · {formatMs(loopDelayMs.p99)}
              </span>
            ),
          },
          { key: 'worst', label: 'latest', value: formatMs(loopDelayMs.max) },
        ]}
      />
    </Group>
  );
}

function Watching({ vitals: { stream, unsent } }: { readonly vitals: VitalsAnswer }) {
  return (
    <Group title="Pages and engines">
      <KeyValues
        items={[
          {
            key: 'viewers',
            label: 'open pages',
            value: `${formatCount(stream.viewers)} of ${formatCount(stream.limit)}`,
          },
          {
            key: 'skipped',
            label: 'updates that a slow page skipped',
            title: 'A page that reads slowly is sent the newest state when it has caught up.',
            value: formatCount(stream.skipped),
          },
          ...(unsent.length === 0
            ? [{ key: 'unsent', label: 'never arrived from engines, last hour', value: 'none' }]
            : unsent.map(({ engine, signal, items }) => ({
                key: `${engine} ${signal}`,
                label: `${signal || 'items'} that ${engine} could not send, last hour`,
                title:
                  'Recorded while this server was away or refused, and given up when the engine’s own queue was full.',
                value: <span className="text-bad">{formatCount(items)}</span>,
              }))),
        ]}
      />
    </Group>
  );
}

function Queries({ queries }: Pick<VitalsAnswer, 'queries'>) {
  return (
    <Group title="Answers, slowest first">
      {queries.length === 0 ? (
        <p className="text-s text-ink-3">Nothing was asked in the last minute.</p>
      ) : (
        <Table label="Answers by endpoint">
          <thead>
            <tr>
              <Th>/api/v1/</Th>
              <Th figure>count</Th>
              <Th figure>p50</Th>
              <Th figure>p99</Th>
              <Th figure>slowest</Th>
            </tr>
          </thead>
          <tbody>
            {queries.map((query) => (
              <tr key={query.endpoint}>
                <Td className="num">{query.endpoint}</Td>
                <Td figure>{formatCount(query.count)}</Td>
                <Td figure>{formatMs(query.p50Ms)}</Td>
                <Td figure>{formatMs(query.p99Ms)}</Td>
                <Td figure>{formatMs(query.maxMs)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Group>
  );
}

function Tables({ tables }: Pick<VitalsAnswer, 'tables'>) {
  return (
    <Group title="Bounded tables">
      <Table label="Bounded tables">
        <thead>
          <tr>
            <Th>of</Th>
            <Th figure>entries</Th>
            <Th figure>limit</Th>
            <Th figure>found no room</Th>
          </tr>
        </thead>
        <tbody>
          {tables.map(({ name, size, limit, overflow, oldestLeaves = false }) => (
            <tr key={name}>
              <Td>{name}</Td>
              <Td figure>{formatCount(size)}</Td>
              <Td figure>{formatCount(limit)}</Td>
              <Td figure className={overflow && !oldestLeaves ? 'text-bad' : undefined}>
                {oldestLeaves ? `oldest ${formatCount(overflow)} left` : formatCount(overflow)}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Group>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <GroupHeading>{title}</GroupHeading>
      {children}
    </section>
  );
}

function pair({ p50Ms, p99Ms }: Quantiles): string {
  return `${formatMs(p50Ms)} · ${formatMs(p99Ms)}`;
}
