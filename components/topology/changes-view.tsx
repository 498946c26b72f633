'use client';
/** What changed between two moments of the last hour, the most telling first. */
import { Dot } from '@/components/ui/badge';
import { Segmented } from '@/components/ui/segmented';
import { ErrorState, Loading } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { TopologyAnswer } from '@/lib/api/topology';
import { formatClock, formatClockMs, formatFactor, formatMs, formatUnit, UNKNOWN } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { useControlActions, useFindings, useSelectedEngine } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useNow } from '@/lib/client/use-now';
import type { Change } from '@/lib/topology/changes';
import { FindingsStrip } from './findings-strip';
import { clockOf, momentAt } from './moment-input';
import { BACK, type Moments, useMoments } from './use-moments';

interface Props {
  readonly topology: TopologyAnswer;
  readonly onSelectNode: (id: string) => void;
  readonly onSelectEdge: (id: string) => void;
}

const BACK_OPTIONS = BACK.map((value) => ({ value, label: `−${value}` }));
const MAX_ROWS = 200;

export function ChangesView({ onSelectNode, onSelectEdge }: Props) {
  const moments = useMoments();
  const engine = useSelectedEngine();
  const now = useNow();
  const { data: findings } = useFindings(engine?.id ?? null);
  const { data: trail } = useControlActions(engine?.id ?? '');
  const { changes, error } = moments;
  return (
    <div className="absolute inset-0 overflow-auto px-3.5 pb-6 pt-14">
      <Choice moments={moments} now={now} />
      {now === null ? null : (
        <FindingsStrip
          findings={findings?.findings ?? []}
          actions={trail?.actions ?? []}
          nowMs={now}
          beforeMs={moments.beforeMs}
          afterMs={moments.afterMs}
          onBefore={moments.setBefore}
          onBoth={moments.setBoth}
        />
      )}
      {error && changes === null ? (
        <ErrorState title="The two moments could not be compared" message={errorMessage(error)} />
      ) : changes === null ? (
        <Loading />
      ) : changes.length === 0 ? (
        <p className="flex items-center gap-2 px-1 py-4 text-s text-ink-2">
          <Dot tone="ok" />
          Nothing differs that would tell anything: the same map, the same configuration, no finding, and no
          figure that moved by more than it usually does.
        </p>
      ) : (
        <Table label="What changed" className="mt-3 max-w-[1180px]">
          <thead>
            <tr>
              <Th className="w-[132px]">what</Th>
              <Th className="w-[230px]">where</Th>
              <Th>which</Th>
              <Th figure className="w-[130px]">
                before
              </Th>
              <Th figure className="w-[190px]">
                after
              </Th>
              <Th figure className="w-[90px]">
                at
              </Th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, MAX_ROWS).map((change) => (
              <ChangeRow
                key={change.key}
                change={change}
                onOpen={
                  change.place.kind === 'pipeline'
                    ? null
                    : () => (change.place.kind === 'node' ? onSelectNode : onSelectEdge)(change.place.id)
                }
              />
            ))}
          </tbody>
        </Table>
      )}
      {changes && changes.length > MAX_ROWS ? (
        <p className="px-2 pt-2 text-s text-ink-3">
          the first {MAX_ROWS} of {changes.length}
        </p>
      ) : null}
    </div>
  );
}

const TIME =
  'num h-[26px] rounded-m border border-line bg-surface px-2 text-s hover:border-line-strong [color-scheme:inherit]';

function Choice({ moments, now }: { readonly moments: Moments; readonly now: number | null }) {
  const cursor = useTimeCursor();
  const { beforeMs, afterMs, back } = moments;
  const set = (text: string, put: (ms: number) => void) => {
    const ms = now === null ? null : momentAt(text, now);
    if (ms !== null) put(ms);
  };
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-s text-ink-2">
      <h2 className="mr-1 text-m font-semibold text-ink">What changed</h2>
      <label className="flex items-center gap-1.5">
        between
        <input
          type="time"
          step={1}
          className={TIME}
          value={clockOf(beforeMs)}
          onChange={(event) => set(event.target.value, moments.setBefore)}
        />
      </label>
      <Segmented
        label="So long before"
        className="bg-surface"
        value={back}
        options={BACK_OPTIONS}
        onChange={moments.setBack}
      />
      <label className="flex items-center gap-1.5">
        and
        <input
          type="time"
          step={1}
          className={TIME}
          value={clockOf(afterMs)}
          onChange={(event) => set(event.target.value, moments.setAfter)}
        />
      </label>
      {cursor.live ? (
        <span className="text-ink-3">now</span>
      ) : (
        <button type="button" className="text-accent hover:underline" onClick={cursor.goLive}>
          up to now
        </button>
      )}
      <span className="flex-1" />
      {beforeMs === null || afterMs === null ? null : (
        <span className="text-ink-3">
          {afterMs > beforeMs
            ? `${formatMs(Math.round((afterMs - beforeMs) / 1_000) * 1_000)} between`
            : `${formatClockMs(beforeMs)} is not before ${formatClockMs(afterMs)}`}
        </span>
      )}
    </div>
  );
}

const WHAT: Readonly<
  Record<Change['kind'], { readonly text: string; readonly tone: 'bad' | 'ok' | 'control' | 'neutral' }>
> = {
  finding_opened: { text: 'began', tone: 'bad' },
  finding_closed: { text: 'ended', tone: 'ok' },
  action: { text: 'action', tone: 'control' },
  node_added: { text: 'node added', tone: 'neutral' },
  node_gone: { text: 'node gone', tone: 'neutral' },
  edge_added: { text: 'edge added', tone: 'neutral' },
  edge_gone: { text: 'edge gone', tone: 'neutral' },
  config: { text: 'configuration', tone: 'control' },
  state: { text: 'state', tone: 'control' },
  figure: { text: 'figure', tone: 'neutral' },
};

function ChangeRow({ change, onOpen }: { readonly change: Change; readonly onOpen: (() => void) | null }) {
  const { kind, place, text, before, after, unit, atUnixNano } = change;
  const what = WHAT[kind];
  return (
    <tr className="hover:bg-free/40">
      <Td>
        <span className="flex items-center gap-2 whitespace-nowrap text-ink-2">
          <Dot tone={what.tone === 'neutral' ? 'off' : what.tone} />
          {what.text}
        </span>
      </Td>
      <Td>
        {onOpen ? (
          <button
            type="button"
            className="max-w-[220px] truncate font-medium text-ink hover:text-accent"
            onClick={onOpen}
          >
            {place.id}
          </button>
        ) : (
          <span className="font-medium text-ink">{place.id}</span>
        )}
      </Td>
      <Td className="text-ink-2">{text}</Td>
      <Td figure className="text-ink-3">
        {valueText(before, unit)}
      </Td>
      <Td figure>
        {valueText(after, unit)}
        {typeof before === 'number' && typeof after === 'number' ? (
          <span className="ml-1.5 inline-block w-12 text-left text-ink-3">
            {factorText(before, after, unit)}
          </span>
        ) : null}
      </Td>
      <Td figure className="text-ink-3">
        {atUnixNano === null ? '' : formatClock(atUnixNano)}
      </Td>
    </tr>
  );
}

function valueText(value: string | number | null, unit: string): string {
  if (value === null) return unit === '' ? '' : UNKNOWN;
  return typeof value === 'number' ? formatUnit(value, unit) : value;
}

function factorText(before: number, after: number, unit: string): string {
  if (unit === 'ratio' || before <= 0 || after <= 0) return after > before ? '▴' : '▾';
  return formatFactor(before, after);
}
