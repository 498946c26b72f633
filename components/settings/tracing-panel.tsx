'use client';

/** Tracing of one engine: mode and tail policies, wanted against running, with what-if before anything is sent. */
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Panel, PanelHeader } from '@/components/ui/panel';
import { type ChangeState, ProgressState } from '@/components/ui/progress-state';
import { EmptyState, Loading } from '@/components/ui/states';
import type { EngineInfo } from '@/lib/api/engines';
import type { TracingSettings, TracingSettingsAnswer } from '@/lib/api/settings';
import { usePutTracingSettings, useWhatIf } from '@/lib/client/mutations';
import { useTopology, useTracingSettings } from '@/lib/client/queries';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { tailSamplingSchema } from '@/lib/sampling/config';
import { ModeCards } from './mode-cards';
import { PolicyEditor } from './policy-editor';
import { WhatIf } from './what-if';

interface TracingPanelProps {
  readonly engine: EngineInfo;
  readonly readOnly: boolean;
}

export function TracingPanel({ engine, readOnly }: TracingPanelProps) {
  const settings = useTracingSettings(engine.tracing ? engine.id : null);
  if (!engine.tracing) {
    return (
      <Panel label="Tracing">
        <EmptyState title={`${engine.service} does not take tracing settings`}>
          <p>
            {engine.control.kind === 'none'
              ? `${engine.control.why}.`
              : 'What it sends is shown all the same.'}
          </p>
        </EmptyState>
      </Panel>
    );
  }
  if (!settings.data) return <Loading />;
  return <TracingForm key={engine.id} engine={engine} readOnly={readOnly} settings={settings.data} />;
}

function TracingForm({
  engine,
  readOnly,
  settings,
}: TracingPanelProps & { readonly settings: TracingSettingsAnswer }) {
  const [draft, setDraft] = useState<TailSamplingConfig | null>(null);
  const put = usePutTracingSettings(engine.id);
  const whatIf = useWhatIf(engine.id);
  const nodes = useTopology().data?.nodes.map((node) => node.id) ?? [];
  const policies = draft ?? settings.tailSampling;
  const parsed = tailSamplingSchema.safeParse(policies);
  const disabled = readOnly || !engine.connected;
  /** What was just chosen is shown as wanted at once, before the engine has it. */
  const wantedMode = put.isPending ? put.variables.mode : settings.mode;
  const send = (next: TracingSettings) => put.mutate(next, { onSuccess: () => setDraft(null) });
  const kept = new Map(whatIf.data?.byPolicy.map((one) => [one.policy, one.kept]));
  return (
    <>
      <Panel label="Tracing mode">
        <PanelHeader
          title="Tracing mode"
          aside={
            <RevisionProgress
              engine={engine}
              pending={put.isPending}
              sent={put.data?.revision}
              error={put.error?.message}
            />
          }
        />
        <div className="p-3">
          <ModeCards
            engine={engine}
            chosen={wantedMode}
            disabled={disabled || put.isPending}
            onChoose={(mode) => send({ mode, tailSampling: settings.tailSampling })}
          />
          {disabled && (
            <p className="pt-2 text-s text-warn">
              {readOnly
                ? 'This server is read-only.'
                : 'The engine is not connected; settings can be changed once it is back.'}
            </p>
          )}
        </div>
      </Panel>
      <Panel label="Tail sampling">
        <PanelHeader
          title="What Tail keeps"
          aside={
            <span className="text-xs text-ink-3">
              order does not matter: a drop wins, then any that samples; kept ones bring their lineage
            </span>
          }
        />
        <div className="flex flex-col gap-3 px-3 pb-3">
          <PolicyEditor value={policies} nodes={nodes} kept={kept} disabled={disabled} onChange={setDraft} />
          {whatIf.data && <WhatIf answer={whatIf.data} />}
          {whatIf.error && <p className="text-s text-bad">{whatIf.error.message}</p>}
          <div className="flex items-center gap-2">
            <Button disabled={!parsed.success || whatIf.isPending} onClick={() => whatIf.mutate(policies)}>
              What if?
            </Button>
            <span className="flex-1" />
            {draft && <Button onClick={() => setDraft(null)}>Reset</Button>}
            <Button
              variant="primary"
              disabled={disabled || !draft || !parsed.success || put.isPending}
              onClick={() => parsed.success && send({ mode: settings.mode, tailSampling: parsed.data })}
            >
              Apply policies
            </Button>
          </div>
        </div>
      </Panel>
    </>
  );
}

interface ProgressProps {
  readonly engine: EngineInfo;
  readonly pending: boolean;
  readonly sent: number | undefined;
  readonly error: string | undefined;
}

/** Pending until the engine has the revision, then what it says of it. */
export function RevisionProgress({ engine, pending, sent, error }: ProgressProps) {
  if (error) return <ProgressState state="failed" error={error} />;
  if (pending) return <ProgressState state="pending" />;
  const remote = engine.remoteConfig;
  if (!remote || (sent !== undefined && remote.revision < sent)) {
    return <ProgressState state={sent === undefined ? 'idle' : 'pending'} />;
  }
  const state: ChangeState = sent === undefined && remote.status === 'applied' ? 'idle' : remote.status;
  return (
    <span className="flex items-center gap-2 text-xs text-ink-3">
      <span className="num">revision {remote.revision}</span>
      <ProgressState state={state} error={remote.error ?? null} />
    </span>
  );
}
