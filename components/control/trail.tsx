'use client';

/** The audit trail: one line an action, and behind a line what it was, what it hit and what changed after it. */
import { ChevronRight, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { Fragment, useState } from 'react';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Td, Th } from '@/components/ui/table';
import { showToast } from '@/components/ui/toast';
import type { ControlActionRow } from '@/lib/api/control';
import { formatClock, formatCount, formatMs } from '@/lib/base/format';
import { useUndoControlAction } from '@/lib/client/mutations';
import { AfterSummary, AfterTable } from './change-after';

const OUTCOME_TONE: Readonly<Record<ControlActionRow['outcome'], Tone>> = {
  pending: 'warn',
  applied: 'ok',
  failed: 'bad',
  forced: 'bad',
  coalesced: 'neutral',
  replaced: 'neutral',
  dropped_during_drain: 'warn',
};

interface TrailProps {
  readonly actions: readonly ControlActionRow[];
  readonly readOnly: boolean;
  /** The row that the URL names. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

export function Trail({ actions, readOnly, selected, onSelect }: TrailProps) {
  const [undoing, setUndoing] = useState<ControlActionRow | null>(null);
  const undo = useUndoControlAction();
  return (
    <>
      <table aria-label="Audit trail" className="w-full border-collapse text-left text-s">
        <thead>
          <tr>
            <Th className="w-6">
              <span className="sr-only">details</span>
            </Th>
            <Th>time</Th>
            <Th>action</Th>
            <Th>target</Th>
            <Th>what</Th>
            <Th>origin</Th>
            <Th figure>rev</Th>
            <Th>outcome</Th>
            <Th figure>took</Th>
            <Th figure>batches</Th>
            <Th>change after</Th>
            <Th className="w-8">
              <span className="sr-only">undo</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => {
            const open = action.id === selected;
            return (
              <Fragment key={action.id}>
                <tr className={open ? 'bg-accent-bg/40' : 'hover:bg-free/30'}>
                  <Td>
                    <IconButton
                      label={open ? 'Hide details' : 'Show details'}
                      aria-expanded={open}
                      onClick={() => onSelect(open ? '' : action.id)}
                    >
                      <ChevronRight size={14} aria-hidden="true" className={open ? 'rotate-90' : ''} />
                    </IconButton>
                  </Td>
                  <Td className="num whitespace-nowrap">{formatClock(action.timeUnixNano)}</Td>
                  <Td className="whitespace-nowrap text-control">{action.action}</Td>
                  <Td className="max-w-36 truncate font-medium" title={action.target}>
                    {action.target}
                  </Td>
                  <Td className="num max-w-64 truncate text-ink-2" title={action.summary}>
                    {action.summary}
                  </Td>
                  <Td className="text-ink-2">{action.origin}</Td>
                  <Td figure>{action.revision ?? '–'}</Td>
                  <Td>
                    <Badge tone={OUTCOME_TONE[action.outcome]}>{action.outcome.replaceAll('_', ' ')}</Badge>
                  </Td>
                  <Td figure>{formatMs(action.tookMs)}</Td>
                  <Td figure>
                    {action.affected ? (
                      <Link
                        className="text-accent hover:underline"
                        href={`/traces?control=${encodeURIComponent(action.id)}`}
                      >
                        {formatCount(action.affected)}
                      </Link>
                    ) : (
                      formatCount(action.affected)
                    )}
                  </Td>
                  <Td className="whitespace-nowrap">
                    <AfterSummary after={action.after} />
                  </Td>
                  <Td>
                    {action.undoable && !readOnly && (
                      <IconButton
                        label={`Undo ${action.action} on ${action.target}`}
                        onClick={() => setUndoing(action)}
                      >
                        <Undo2 size={14} aria-hidden="true" />
                      </IconButton>
                    )}
                  </Td>
                </tr>
                {open && <Details action={action} />}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      <ConfirmDialog
        open={undoing !== null}
        title={`Undo ${undoing?.action ?? ''} on ${undoing?.target ?? ''}`}
        description="A new revision puts back what was in force before it. The action itself stays in the trail."
        confirmLabel="Undo"
        onConfirm={() => {
          if (undoing) undo.mutate(undoing.id, { onError: (error) => showToast(error.message, 'bad') });
          setUndoing(null);
        }}
        onClose={() => setUndoing(null)}
      />
    </>
  );
}

function Details({ action }: { readonly action: ControlActionRow }) {
  return (
    <tr>
      <td colSpan={12} className="border-b border-line bg-sunken px-9 py-3">
        <div className="flex flex-wrap gap-x-10 gap-y-3">
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-s">
            <dt className="text-ink-3">id</dt>
            <dd className="num">{action.id}</dd>
            <dt className="text-ink-3">what</dt>
            <dd className="num max-w-xl break-words">{action.summary || '–'}</dd>
            {action.message && (
              <>
                <dt className="text-ink-3">the engine said</dt>
                <dd className={action.outcome === 'failed' ? 'text-bad' : ''}>{action.message}</dd>
              </>
            )}
            {action.traceId && (
              <>
                <dt className="text-ink-3">span</dt>
                <dd>
                  <Link className="num text-accent hover:underline" href={`/traces/${action.traceId}`}>
                    {action.traceId}
                  </Link>
                </dd>
              </>
            )}
          </dl>
          <AfterTable after={action.after} />
          {(action.affected ?? 0) > 0 && (
            <Link className="self-start" href={`/traces?control=${encodeURIComponent(action.id)}`}>
              <Button>{formatCount(action.affected)} batches it met</Button>
            </Link>
          )}
        </div>
      </td>
    </tr>
  );
}
