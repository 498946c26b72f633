'use client';

/** The control page: what was done to the pipeline, by whom, with what outcome; and the means to act on it. */
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextInput } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { EmptyState, ErrorState, Loading, Truncated } from '@/components/ui/states';
import type { ControlActionsAnswer } from '@/lib/api/control';
import { formatCount } from '@/lib/base/format';
import { useControlActions, useHealth, useSelectedEngine, useTopology } from '@/lib/client/queries';
import { Composer } from './composer';
import { Trail } from './trail';
import { filterTrail, NO_FILTER, occurring, type TrailFilter } from './trail-filter';

export function ControlPage() {
  const engine = useSelectedEngine();
  const trail = useControlActions(engine?.id ?? '');
  const topology = useTopology().data;
  const health = useHealth().data;
  const [filter, setFilter] = useState<TrailFilter>(NO_FILTER);
  const [selected, setSelected] = useQueryState('action', { defaultValue: '' });
  const [target, setTarget] = useQueryState('target', { defaultValue: '' });
  const actions = trail.data?.actions ?? [];
  const shown = filterTrail(actions, filter);
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)_380px]">
      <section aria-label="Audit trail" className="flex min-h-0 flex-col border-r border-line">
        <header className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
          <h1 className="mr-2 text-l font-semibold">Control</h1>
          <FilterBar actions={actions} filter={filter} onChange={setFilter} />
          <span className="flex-1" />
          {trail.data && <Folded answer={trail.data} />}
        </header>
        <div className="min-h-0 flex-1 overflow-auto">
          {trail.error && (
            <ErrorState
              title="The trail could not be read"
              message={trail.error.message}
              onRetry={() => void trail.refetch()}
            />
          )}
          {trail.isPending && <Loading />}
          {trail.data && actions.length === 0 && (
            <EmptyState title="No control action yet">
              <p>
                Everything that is done to the pipeline stands here: configuration updates, drains, shutdowns
                and restarts, from this page or from the engine itself. Acks, nacks and ticks are counted
                above and not listed.
              </p>
            </EmptyState>
          )}
          {actions.length > 0 && shown.length === 0 && (
            <EmptyState
              title="No action matches"
              action={<Button onClick={() => setFilter(NO_FILTER)}>Clear the filter</Button>}
            />
          )}
          {shown.length > 0 && (
            <Trail
              actions={shown}
              readOnly={health?.readOnly ?? false}
              selected={selected}
              onSelect={(id) => void setSelected(id || null)}
            />
          )}
          {trail.data && <Truncated shown={actions.length} total={trail.data.total} />}
        </div>
      </section>
      <aside className="flex min-h-0 flex-col bg-surface p-3">
        {engine && topology ? (
          <Composer
            engine={engine.id}
            control={engine.control}
            base={engine.configHash}
            connected={engine.connected && engine.agent !== null}
            readOnly={health?.readOnly ?? false}
            topology={topology}
            actions={actions}
            target={target}
            onTarget={(next) => void setTarget(next)}
          />
        ) : (
          <EmptyState title="No engine to act on">
            <p>An engine that speaks OpAMP can be acted on from here as soon as it reports.</p>
          </EmptyState>
        )}
      </aside>
    </div>
  );
}

interface FilterBarProps {
  readonly actions: ControlActionsAnswer['actions'];
  readonly filter: TrailFilter;
  readonly onChange: (filter: TrailFilter) => void;
}

function FilterBar({ actions, filter, onChange }: FilterBarProps) {
  return (
    <>
      <TextInput
        className="w-44 [&>label]:sr-only"
        label="Search the trail"
        placeholder="Search target, message"
        value={filter.text}
        onChange={(text) => onChange({ ...filter, text })}
      />
      {(['action', 'outcome', 'origin'] as const).map((key) => (
        <Select
          key={key}
          label={`By ${key}`}
          value={filter[key]}
          options={[
            { value: '', label: `any ${key}` },
            ...occurring(actions, key).map((one) => ({ value: one, label: one.replaceAll('_', ' ') })),
          ]}
          onChange={(value) => onChange({ ...filter, [key]: value })}
        />
      ))}
    </>
  );
}

/** Acks, nacks and ticks: too many to list, and still worth a figure. */
function Folded({ answer }: { readonly answer: ControlActionsAnswer }) {
  const byAction = new Map<string, number>();
  for (const { action, count } of answer.folded) byAction.set(action, (byAction.get(action) ?? 0) + count);
  if (byAction.size === 0) return null;
  return (
    <p className="pb-1 text-xs text-ink-3">
      folded:{' '}
      {[...byAction].map(([action, count], index) => (
        <span key={action}>
          {index > 0 && ' · '}
          {action} <span className="num text-ink-2">{formatCount(count)}</span>
        </span>
      ))}
    </p>
  );
}
