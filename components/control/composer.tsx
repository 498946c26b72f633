'use client';

/** Picks a target, says what would change, asks, sends, and follows the action to its outcome. */
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { NumberInput } from '@/components/ui/field';
import { GroupHeading, Panel, PanelHeader } from '@/components/ui/panel';
import { type ChangeState, ProgressState } from '@/components/ui/progress-state';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { ControlActionRow } from '@/lib/api/control';
import type { TopologyAnswer } from '@/lib/api/topology';
import { usePostControlAction } from '@/lib/client/mutations';
import { ConfigForm } from './config-form';
import { DiffList } from './diff-list';
import { actionsFor, consequence, type Draft, draftChanges, freshDraft, requestOf, targetsOf } from './draft';
import { FAULT_FIELDS } from './fault-fields';
import { schemaFields } from './schema-fields';

interface ComposerProps {
  readonly engine: string;
  readonly connected: boolean;
  readonly readOnly: boolean;
  readonly topology: TopologyAnswer;
  readonly actions: readonly ControlActionRow[];
  readonly target: string;
  readonly onTarget: (target: string) => void;
}

export function Composer(props: ComposerProps) {
  const targets = useMemo(() => targetsOf(props.topology), [props.topology]);
  const chosen = targets.find((one) => one.id === props.target) ?? targets[1] ?? targets[0];
  if (!chosen) return null;
  return <ComposerFor key={`${props.engine} ${chosen.id}`} {...props} chosen={chosen} targets={targets} />;
}

type Targets = ReturnType<typeof targetsOf>;

function ComposerFor({
  engine,
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
  const nothingToDo = draft.action === 'config_update' && changes.length === 0;
  const send = () => {
    setAsking(false);
    post.mutate(requestOf(draft, chosen.target, engine), {
      onSuccess: ({ id }) => {
        setSentId(id);
        setEdited(null);
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
          options={actionsFor(chosen.target).map((action) => ({
            value: action,
            label: action.replace('_', ' '),
          }))}
          onChange={(action) => update({ action })}
        />
        {draft.action === 'config_update' && <Edits draft={draft} chosen={chosen} onChange={update} />}
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
        <p className="text-s text-ink-2">{consequence(draft)}</p>
      </div>
      <footer className="flex items-center gap-2 border-t border-line p-3">
        <span className="flex-1 text-xs text-ink-3">{blockedBecause(connected, readOnly)}</span>
        {edited && <Button onClick={() => setEdited(null)}>Reset</Button>}
        <Button
          variant={draft.action === 'config_update' ? 'primary' : 'danger'}
          disabled={!connected || readOnly || nothingToDo || post.isPending}
          onClick={() => setAsking(true)}
        >
          {draft.action === 'config_update'
            ? 'Apply…'
            : `${draft.action[0]?.toUpperCase()}${draft.action.slice(1)}…`}
        </Button>
      </footer>
      <ConfirmDialog
        open={asking}
        title={`${draft.action.replace('_', ' ')}: ${draft.target}`}
        description={consequence(draft)}
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

function Edits({
  draft,
  chosen,
  onChange,
}: {
  readonly draft: Draft;
  readonly chosen: Targets[number];
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  if (chosen.target.kind === 'channel') {
    return (
      <NumberInput
        label="Capacity"
        unit="messages"
        min={1}
        max={65_536}
        step={1}
        hint="A larger channel buys time; it does not make its reader faster."
        value={draft.capacity}
        onChange={(capacity) => onChange({ capacity })}
      />
    );
  }
  if (chosen.target.kind !== 'node') return null;
  const { node } = chosen.target;
  const fields = schemaFields(node.configSchema);
  return (
    <div>
      <GroupHeading aside={node.type.replace(/^urn:otel:/, '')}>Configuration</GroupHeading>
      {fields.length > 0 ? (
        <ConfigForm fields={fields} value={draft.config} onChange={(config) => onChange({ config })} />
      ) : (
        <p className="text-s text-ink-3">This node has nothing to configure.</p>
      )}
      {node.kind !== 'receiver' && (
        <>
          <GroupHeading>Workers</GroupHeading>
          <NumberInput
            label="Concurrency"
            min={1}
            max={1_024}
            step={1}
            value={draft.concurrency}
            onChange={(concurrency) => onChange({ concurrency })}
          />
        </>
      )}
      <GroupHeading aside="for rehearsing an incident">Faults</GroupHeading>
      <ConfigForm fields={FAULT_FIELDS} value={draft.faults} onChange={(faults) => onChange({ faults })} />
    </div>
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

function blockedBecause(connected: boolean, readOnly: boolean): string {
  if (readOnly) return 'This server is read-only.';
  return connected ? '' : 'The engine is not connected.';
}
