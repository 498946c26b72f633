'use client';
/** What every channel and batch bore over the window, and what to set instead. */
import { Badge } from '@/components/ui/badge';
import { ErrorState, Loading } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { TopologyAnswer } from '@/lib/api/topology';
import type { BatchTuning, ChannelTuning, Suggestion } from '@/lib/api/tuning';
import { formatClock, formatCompact, formatCount, formatMs, formatPercent, UNKNOWN } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { useSelectedEngine, useTuning } from '@/lib/client/queries';
import { WINDOW_SECONDS } from '@/lib/model/stats-window';
import { LEAST_SECONDS } from '@/lib/topology/tuning-advice';
import { ApplyRemedy } from './apply-remedy';
import { colorStep, measureOf, stepColor } from './measures';

interface Props {
  readonly topology: TopologyAnswer;
  readonly onSelectNode: (id: string) => void;
  readonly onSelectEdge: (id: string) => void;
}

export function TuningView({ topology, onSelectNode, onSelectEdge }: Props) {
  const engine = useSelectedEngine();
  const { data, error, refetch } = useTuning(engine?.id ?? null);
  if (!data) {
    return error ? (
      <ErrorState
        className="pt-16"
        title="The tuning table could not be read"
        message={errorMessage(error)}
        onRetry={() => void refetch()}
      />
    ) : (
      <Loading className="absolute inset-0 grid place-items-center" />
    );
  }
  const advised = [...data.channels, ...data.batches].filter((row) => row.suggestions.length > 0).length;
  const openEdge = (channel: string) => {
    const edge = topology.edges.find((candidate) => candidate.channel === channel);
    if (edge) onSelectEdge(edge.id);
  };
  return (
    <div className="absolute inset-0 overflow-auto px-3 pb-6 pt-14">
      <p className="px-2 pb-2 text-s text-ink-2">
        {advised === 0
          ? 'Everything fits what it had to bear.'
          : `${advised} of ${data.channels.length + data.batches.length} would fit better.`}{' '}
        <span className="text-ink-3">
          Over the {data.window} until {formatClock(data.atUnixNano)}
          {data.partial ? ', as far as it was heard: the window is not full yet' : ''}.
          {WINDOW_SECONDS[data.window] < LEAST_SECONDS ? ' What is too large shows over 5 min or more.' : ''}
        </span>
      </p>
      <h2 className="eyebrow px-2 pb-1">CHANNELS · {data.channels.length}</h2>
      <Table label="Channels to tune">
        <thead>
          <tr>
            <Th>channel</Th>
            <Th>peak depth of capacity</Th>
            <Th figure title="Share of the seconds in which it was full">
              full
            </Th>
            <Th figure title="Share of the seconds in which next to nothing stood in it">
              empty
            </Th>
            <Th figure title="Median wait over those seconds in which it was full">
              wait when full
            </Th>
            <Th figure>wait p99</Th>
            <Th figure title="Share of sends that had to wait">
              blocked
            </Th>
            <Th figure title="Workers at work on the mean, in the busiest second, and all">
              workers used
            </Th>
            <Th className="w-[34%]">set instead</Th>
          </tr>
        </thead>
        <tbody>
          {data.channels.map((row) => (
            <ChannelRow key={row.channel} row={row} onOpen={() => openEdge(row.channel)} />
          ))}
        </tbody>
      </Table>
      {data.batches.length > 0 ? (
        <>
          <h2 className="eyebrow px-2 pb-1 pt-5">BATCHES · {data.batches.length}</h2>
          <Table label="Batches to tune">
            <thead>
              <tr>
                <Th>batch</Th>
                <Th>left by size · by timer</Th>
                <Th figure>flushes</Th>
                <Th figure>mean items</Th>
                <Th figure>held p99</Th>
                <Th className="w-[34%]">set instead</Th>
              </tr>
            </thead>
            <tbody>
              {data.batches.map((row) => (
                <BatchRow key={row.node} row={row} onOpen={() => onSelectNode(row.node)} />
              ))}
            </tbody>
          </Table>
        </>
      ) : null}
    </div>
  );
}

const NAME = 'text-left font-medium text-ink hover:text-accent';

function ChannelRow({ row, onOpen }: { readonly row: ChannelTuning; readonly onOpen: () => void }) {
  return (
    <tr className="align-top hover:bg-free/40">
      <Td className="!py-1.5">
        <button type="button" className={NAME} onClick={onOpen}>
          <span className="font-normal text-ink-3">{row.from.join(', ')} →</span> {row.node}
        </button>
      </Td>
      <Td className="!py-1.5">
        <Fill row={row} />
      </Td>
      <Td figure className={`!py-1.5 ${(row.fullRatio ?? 0) >= 0.01 ? 'text-u4' : ''}`}>
        {formatPercent(row.fullRatio)}
      </Td>
      <Td figure className="!py-1.5">
        {formatPercent(row.emptyRatio)}
      </Td>
      <Td figure className="!py-1.5">
        {formatMs(row.waitWhenFullMs, 2)}
      </Td>
      <Td figure className="!py-1.5">
        {formatMs(row.waitP99Ms, 2)}
      </Td>
      <Td figure className="!py-1.5">
        {formatPercent(row.blockedRatio)}
      </Td>
      <Td figure className="!py-1.5">
        {row.usedConcurrency === null
          ? UNKNOWN
          : `${workersText(row.usedConcurrency)} · ${workersText(row.peakConcurrency)}`}
        <span className="text-ink-3"> / {formatCount(row.concurrency)}</span>
      </Td>
      <Td className="!py-1.5">
        <Suggestions list={row.suggestions} />
      </Td>
    </tr>
  );
}

function workersText(workers: number | null): string {
  if (workers === null) return UNKNOWN;
  return workers > 0 && workers < 0.01 ? '<0.01' : formatCompact(workers);
}

/** Mean as a bar, the highest second as a tick: a surge is not averaged away. */
function Fill({ row }: { readonly row: ChannelTuning }) {
  const share = row.utilization ?? 0;
  const peak = row.peakUtilization;
  return (
    <span className="flex items-center gap-2">
      <span className="relative h-2 w-20 flex-none rounded-[2px] bg-free" aria-hidden="true">
        <span
          className="absolute inset-y-0 left-0 rounded-[2px]"
          style={{
            width: `${share * 100}%`,
            background: stepColor(colorStep(peak, measureOf('utilization').limits)),
          }}
        />
        {peak === null ? null : (
          <span
            className="absolute -inset-y-0.5 w-0.5 bg-ink"
            style={{ left: `calc(${Math.min(1, peak) * 100}% - 1px)` }}
          />
        )}
      </span>
      <span className="num whitespace-nowrap">
        {row.peakDepth === null ? formatPercent(peak) : formatCompact(row.peakDepth)}
        <span className="text-ink-3"> / {formatCount(row.capacity)}</span>
      </span>
    </span>
  );
}

function BatchRow({ row, onOpen }: { readonly row: BatchTuning; readonly onOpen: () => void }) {
  const { sizeFlushes: size, timerFlushes: timer } = row;
  const all = size === null || timer === null ? null : size + timer;
  return (
    <tr className="align-top hover:bg-free/40">
      <Td className="!py-1.5">
        <button type="button" className={NAME} onClick={onOpen}>
          {row.node}
        </button>
      </Td>
      <Td className="!py-1.5">
        {all === null ? (
          <span className="text-ink-3">not told by this source</span>
        ) : (
          <span className="flex items-center gap-2">
            <span
              className="flex h-2 w-28 flex-none overflow-hidden rounded-[2px] bg-free"
              aria-hidden="true"
            >
              <span className="fill-work" style={{ width: `${all ? ((size ?? 0) / all) * 100 : 0}%` }} />
              <span className="fill-hatched flex-1" />
            </span>
            <span className="num">
              {formatPercent(all ? (size ?? 0) / all : null)} ·{' '}
              {formatPercent(all ? (timer ?? 0) / all : null)}
            </span>
          </span>
        )}
      </Td>
      <Td figure className="!py-1.5">
        {formatCompact(all)}
      </Td>
      <Td figure className="!py-1.5">
        {formatCompact(row.meanItems)}
      </Td>
      <Td figure className="!py-1.5">
        {formatMs(row.heldP99Ms, 2)}
      </Td>
      <Td className="!py-1.5">
        <Suggestions list={row.suggestions} />
      </Td>
    </tr>
  );
}

function Suggestions({ list }: { readonly list: readonly Suggestion[] }) {
  if (list.length === 0) return <span className="text-ink-3">fits</span>;
  return (
    <ul className="flex flex-col gap-2">
      {list.map((one) => (
        <li key={`${one.what} ${one.key ?? ''}`} className="grid grid-cols-[1fr_auto] items-start gap-x-3">
          <span>
            <Badge tone={one.fit === 'undersized' ? 'bad' : 'neutral'}>{one.fit}</Badge>{' '}
            <span className="text-ink">{one.key ?? one.what}</span>{' '}
            <span className="num whitespace-nowrap">
              <span className="text-ink-3">{one.now} →</span>{' '}
              <b className="font-semibold text-ink">{one.value}</b>
            </span>
            <span className="block text-xs leading-snug text-ink-3">{one.why}</span>
          </span>
          <ApplyRemedy remedy={one} why={`It was ${one.why}.`} />
        </li>
      ))}
    </ul>
  );
}
