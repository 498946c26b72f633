'use client';

/** Settings: how the chosen engine is traced, what Weir holds, where agents send. */
import { ErrorState, Loading } from '@/components/ui/states';
import type { EngineInfo } from '@/lib/api/engines';
import { useEngines, useHealth, useSelectedEngine } from '@/lib/client/queries';
import { AgentsPanel } from './agents-panel';
import { EndpointsPanel } from './endpoints-panel';
import { EnginesPanel } from './engines-panel';
import { HealthPanel } from './health-panel';
import { ReportsOnlyPanel } from './reports-only-panel';
import { StorePanel } from './store-panel';
import { TelemetryPanel } from './telemetry-panel';
import { TracingPanel } from './tracing-panel';

export function SettingsPage() {
  const engine = useSelectedEngine();
  const engines = useEngines();
  const health = useHealth();
  return (
    <div className="h-full overflow-auto">
      <div className="mx-auto flex max-w-[1240px] flex-col gap-3 p-4">
        <header className="flex items-baseline gap-3">
          <h1 className="text-l font-semibold">Settings</h1>
          {engine && (
            <p className="text-s text-ink-2">
              of <b className="text-ink">{engine.service}</b>{' '}
              <span className="num text-ink-3">{engine.instance}</span>
            </p>
          )}
        </header>
        {engine && <SteeringPanel engine={engine} readOnly={health.data?.readOnly ?? false} />}
        {!engine && engines.data && (
          <p className="rounded-m border border-line bg-surface p-4 text-s text-ink-2">
            No engine has reported yet. As soon as one does, its tracing can be set here.
          </p>
        )}
        {health.error && (
          <ErrorState
            title="The server does not answer"
            message={health.error.message}
            onRetry={() => void health.refetch()}
          />
        )}
        {engines.data && engines.data.length > 0 && <EnginesPanel engines={engines.data} />}
        {health.data ? (
          <>
            <div className="grid grid-cols-1 items-start gap-3 min-[1100px]:grid-cols-2">
              <div className="flex flex-col gap-3">
                <StorePanel health={health.data} />
                <AgentsPanel health={health.data} />
              </div>
              <EndpointsPanel endpoints={health.data.endpoints} />
            </div>
            <HealthPanel />
          </>
        ) : (
          <Loading />
        )}
      </div>
    </div>
  );
}

/** What can be set of an engine hangs on how it can be changed. */
function SteeringPanel({ engine, readOnly }: { readonly engine: EngineInfo; readonly readOnly: boolean }) {
  switch (engine.control.kind) {
    case 'actions':
      return <TracingPanel engine={engine} readOnly={readOnly} />;
    case 'state':
      return (
        <TelemetryPanel key={engine.id} engine={engine} levels={engine.control.levels} readOnly={readOnly} />
      );
    case 'none':
      return <ReportsOnlyPanel engine={engine} why={engine.control.why} />;
  }
}
