'use client';

/** Picks a target, says what would change, asks, sends, and follows the action to its outcome. */
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { NumberInput } from '@/components/ui/field';
import { Panel, PanelHeader } from '@/components/ui/panel';
import { type ChangeState, ProgressState } from '@/components/ui/progress-state';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { EmptyState } from '@/components/ui/states';
import type { ControlActionRow } from '@/lib/api/control';
import type { EngineInfo } from '@/lib/api/engines';
import type { TopologyAnswer } from '@/lib/api/topology';
import { usePostControlAction } from '@/lib/client/mutations';
import { CopyInstead } from './copy-instead';
import { DiffList } from './diff-list';
import {
  actionsFor,
  consequence,
  type Draft,
  draftChanges,
  freshDraft,
  holdsRedacted,
  requestOf,
  stateConsequence,
  stateRequestOf,
  targetsOf,
} from './draft';
import { Edits } from './edits';

interface ComposerProps {
  readonly engine: string;
  readonly control: EngineInfo['control'];
  /** Hash of the configuration that the map was made of. */
  readonly base: string | null;
  readonly connected: boolean;
  readonly readOnly: boolean;
  readonly topology: TopologyAnswer;
  readonly actions: readonly ControlActionRow[];
  readonly target: string;
  readonly onTarget: (target: string) => void;
}

export function Composer(props: ComposerProps) {
  const { topology, control, target } = props;
  const targets = useMemo(() => targetsOf(topology, control.kind), [topology, control.kind]);
  const chosen = targets.find((one) => one.id === target) ?? targets[1] ?? targets[0];
  if (!chosen) return control.kind === 'none' ? <NotFromHere why={control.why} /> : null;
  return <ComposerFor key={`${props.engine} ${chosen.id}`} {...props} chosen={chosen} targets={targets} />;
}

type Targets = ReturnType<typeof targetsOf>;

function ComposerFor({
  engine,
  control,
  base,
  connected,
  readOnly,
  actions,
  onTarget,
  chosen,
  targets,
}: ComposerProps & { readonly chosen: Targets[number]; readonly targets: Targets }) {
  const [edited, setEdited] = useState<Draft | null>(null);
  const [asking, setAsking] = useState(false);
  const [sentId, setSentId] = useState<string | null>(null);
  const post = usePostControlAction();
  const draft = edited ?? freshDraft(chosen.id, chosen.target);
  const changes = draftChanges(draft, chosen.target);
  const update = (part: Partial<Draft>) => setEdited({ ...draft, ...part });
  // Fields that hold text of their own start over with it.
  const [editsKey, setEditsKey] = useState(0);
  const reset = () => {
    setEdited(null);
    setEditsKey((key) => key + 1);
  };
  const nothingToDo = draft.action === 'config_update' && changes.length === 0;
  const isWhole = control.kind !== 'actions';
  const request = isWhole
    ? stateRequestOf(draft, chosen.target, engine, base)
    : requestOf(draft, chosen.target, engine);
  const blocked = blockedBecause(connected, readOnly, isWhole && holdsRedacted(request));
  const meaning = isWhole ? stateConsequence(chosen.target) : consequence(draft);
  const send = () => {
    setAsking(false);
    post.mutate(request, {
      onSuccess: ({ id }) => {
        setSentId(id);
        reset();
      },
    });
  };
  const sent = actions.find((action) => action.id === sentId);
  return (
    <Panel label="Composer" className="flex min-h-0 flex-col">
      <PanelHeader
        title="Act"
        aside={<Outcome pending={post.isPending} error={post.error?.message} sentId={sentId} sent={sent} />}
      />
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-3">
        <Select
          label="Target"
          value={chosen.id}
          options={targets.map(({ id, target }) => ({
            value: id,
            label: target.kind === 'channel' ? `channel ${id}` : id,
          }))}
          onChange={onTarget}
        />
        <Segmented
          label="Action"
          value={draft.action}
          options={actionsFor(chosen.target, control.kind).map((action) => ({
            value: action,
            label: action.replace('_', ' '),
          }))}
          onChange={(action) => update({ action })}
        />
        {draft.action === 'config_update' && (
          <Edits key={editsKey} draft={draft} chosen={chosen} isWhole={isWhole} onChange={update} />
        )}
        {(draft.action === 'drain' || draft.action === 'shutdown') && (
          <NumberInput
            label="Deadline"
            unit="ms"
            min={0}
            max={600_000}
            value={draft.deadlineMs}
            onChange={(deadlineMs) => update({ deadlineMs: deadlineMs ?? 0 })}
          />
        )}
        {changes.length > 0 && <DiffList changes={changes} />}
        {control.kind === 'none' ? (
          <CopyInstead why={control.why} chosen={chosen} config={draft.config} changed={changes.length > 0} />
        ) : (
          <p className="text-s text-ink-2">{meaning}</p>
        )}
      </div>
      <footer className="flex items-center gap-2 border-t border-line p-3">
        <span className="flex-1 text-xs text-ink-3">{control.kind === 'none' ? '' : blocked}</span>
        {edited && <Button onClick={reset}>Reset</Button>}
        {control.kind !== 'none' && (
          <Button
            variant={draft.action === 'config_update' ? 'primary' : 'danger'}
            disabled={blocked !== '' || nothingToDo || post.isPending}
            onClick={() => setAsking(true)}
          >
            {draft.action === 'config_update'
              ? 'Apply…'
              : `${draft.action[0]?.toUpperCase()}${draft.action.slice(1)}…`}
          </Button>
        )}
      </footer>
      <ConfirmDialog
        open={asking}
        title={`${draft.action.replace('_', ' ')}: ${draft.target}`}
        description={meaning}
        confirmLabel={draft.action === 'config_update' ? 'Apply' : draft.action}
        danger={draft.action !== 'config_update'}
        onConfirm={send}
        onClose={() => setAsking(false)}
      >
        {changes.length > 0 && <DiffList changes={changes} />}
      </ConfirmDialog>
    </Panel>
  );
}

function Outcome({
  pending,
  error,
  sentId,
  sent,
}: {
  readonly pending: boolean;
  readonly error?: string | undefined;
  readonly sentId: string | null;
  readonly sent?: ControlActionRow | undefined;
}) {
  const state: ChangeState = error ? 'failed' : pending ? 'pending' : !sentId ? 'idle' : outcomeState(sent);
  return <ProgressState state={state} error={error ?? (sent?.outcome === 'failed' ? sent.message : null)} />;
}

function outcomeState(sent: ControlActionRow | undefined): ChangeState {
  if (!sent || sent.outcome === 'pending') return 'applying';
  return sent.outcome === 'applied' || sent.outcome === 'coalesced' ? 'applied' : 'failed';
}

function blockedBecause(connected: boolean, readOnly: boolean, isRedacted: boolean): string {
  if (readOnly) return 'This server is read-only.';
  if (isRedacted) return 'What changes holds a redacted value: give the whole of it, or leave it.';
  return connected ? '' : 'The engine is not connected.';
}

function NotFromHere({ why }: { readonly why: string }) {
  return (
    <EmptyState title="It cannot be changed from here">
      <p>{why}.</p>
    </EmptyState>
  );
}
