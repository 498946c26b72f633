'use client';

/** Settings: how the chosen engine is traced, what Weir holds, where agents send. */
import { ErrorState, Loading } from '@/components/ui/states';
import { useEngines, useHealth, useSelectedEngine } from '@/lib/client/queries';
import { EndpointsPanel } from './endpoints-panel';
import { HealthPanel } from './health-panel';
import { StorePanel } from './store-panel';
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
        {engine && <TracingPanel engine={engine} readOnly={health.data?.readOnly ?? false} />}
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
        {health.data ? (
          <>
            <div className="grid grid-cols-1 items-start gap-3 min-[1100px]:grid-cols-2">
              <StorePanel health={health.data} />
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
