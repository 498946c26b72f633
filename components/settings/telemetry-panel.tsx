'use client';

/** The telemetry level of an engine that takes its whole configuration: wanted against running, followed to its outcome. */
import { useState } from 'react';
import { Panel, PanelHeader } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import type { EngineInfo } from '@/lib/api/engines';
import { usePutConfig } from '@/lib/client/mutations';
import { useEngineConfig } from '@/lib/client/queries';
import { levelPatch, type PipelineLevel, type RuntimeLevel } from '@/lib/dialects/otap-steering';
import { LevelCards } from './level-cards';
import { RevisionProgress } from './tracing-panel';

interface TelemetryPanelProps {
  readonly engine: EngineInfo;
  readonly levels: readonly PipelineLevel[];
  readonly readOnly: boolean;
}

export function TelemetryPanel({ engine, levels, readOnly }: TelemetryPanelProps) {
  const [only, setOnly] = useState('');
  const [wanted, setWanted] = useState<RuntimeLevel | null>(null);
  const put = usePutConfig(engine.id);
  const config = useEngineConfig(engine.id, engine.configHash);
  const scope = levels.filter(({ pipeline }) => only === '' || pipeline === only);
  const running = common(scope);
  const isUnderWay = engine.remoteConfig?.status === 'pending' || engine.remoteConfig?.status === 'applying';
  const blocked = blockedBecause(engine, readOnly, config.error?.message);
  const choose = (level: RuntimeLevel) => {
    const [file] = config.data?.files ?? [];
    if (!file?.body || !config.data) return;
    setWanted(level);
    const pipelines = scope.map(({ pipeline }) => pipeline);
    put.mutate({ base: config.data.hash, patch: levelPatch(JSON.parse(file.body), pipelines, level) });
  };
  return (
    <Panel label="Telemetry level">
      <PanelHeader
        title="Telemetry level"
        aside={
          <span className="flex items-center gap-3">
            <RevisionProgress
              engine={engine}
              pending={put.isPending}
              sent={put.data?.revision}
              error={put.error?.message}
            />
            {levels.length > 1 && (
              <Select
                label="Pipeline"
                value={only}
                options={[
                  { value: '', label: `all ${levels.length} pipelines` },
                  ...levels.map(({ pipeline, level }) => ({
                    value: pipeline,
                    label: `${pipeline} · ${level ?? 'not told'}`,
                  })),
                ]}
                onChange={(next) => {
                  setOnly(next);
                  setWanted(null);
                }}
              />
            )}
          </span>
        }
      />
      <div className="flex flex-col gap-2 p-3">
        <LevelCards
          chosen={put.isPending || isUnderWay ? (wanted ?? running) : running}
          running={running}
          disabled={blocked !== null || put.isPending || isUnderWay || !config.data}
          onChoose={choose}
        />
        <p className="text-s text-ink-3">
          <code className="num">policies.telemetry.runtime_metrics</code> of the pipeline. The engine is sent
          its own configuration with this one change in it, and can be put back from the audit trail.
        </p>
        {blocked && <p className="text-s text-warn">{blocked}</p>}
      </div>
    </Panel>
  );
}

/** The level of all of them; null where they differ. */
function common(levels: readonly PipelineLevel[]): RuntimeLevel | null {
  const first = levels[0]?.level ?? null;
  return levels.every(({ level }) => level === first) ? first : null;
}

function blockedBecause(engine: EngineInfo, readOnly: boolean, problem: string | undefined): string | null {
  if (readOnly) return 'This server is read-only.';
  if (!engine.connected) return 'The engine is not connected; its level can be changed once it is back.';
  return problem ?? null;
}
