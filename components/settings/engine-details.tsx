'use client';

/** Behind one engine of the list: who it is, what its agent can and says, and its tree of health. */
import { Dot } from '@/components/ui/badge';
import { KeyValues } from '@/components/ui/key-values';
import type { ComponentHealth, EngineInfo } from '@/lib/api/engines';
import { formatClock, formatCount } from '@/lib/base/format';

export function EngineDetails({ engine }: { readonly engine: EngineInfo }) {
  const { agent, control, remoteConfig } = engine;
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-3 min-[900px]:grid-cols-2">
      <div className="flex flex-col gap-2">
        <KeyValues
          wide
          items={[
            { key: 'incarnation', value: engine.incarnation },
            { key: 'version', value: engine.version || '–' },
            { key: 'pipelines', value: engine.pipelines.join(', ') || '–' },
            { key: 'configuration', value: engine.configHash ?? 'not told' },
            { key: 'can be changed', value: HOW[control.kind] },
            {
              key: 'last change',
              value: remoteConfig ? `revision ${remoteConfig.revision}, ${remoteConfig.status}` : '–',
            },
            { key: 'its agent', value: agent?.capabilities.join(', ') ?? 'none' },
          ]}
        />
        {control.kind === 'none' && <p className="text-s text-ink-3">{control.why}.</p>}
        {remoteConfig?.error && <p className="text-s text-bad">The engine said: {remoteConfig.error}</p>}
        {agent?.conflict && <p className="text-s text-bad">{agent.conflict}.</p>}
        {agent?.problem && (
          <p className="text-s text-warn">
            {formatClock(agent.problem.atUnixNano)} {agent.problem.message}
            {agent.problem.count > 1 && ` (${formatCount(agent.problem.count)} times)`}
          </p>
        )}
      </div>
      {agent?.health && (
        <div>
          <h3 className="eyebrow mb-1">Health</h3>
          <ul aria-label={`Health of ${engine.id}`} className="text-s">
            <HealthNode component={{ name: engine.service, ...agent.health }} />
          </ul>
        </div>
      )}
    </div>
  );
}

const HOW: Readonly<Record<EngineInfo['control']['kind'], string>> = {
  actions: 'by settings and control actions',
  state: 'by its whole configuration',
  none: 'not from here',
};

function HealthNode({ component }: { readonly component: ComponentHealth }) {
  const { name, healthy, status, lastError, components } = component;
  return (
    <li>
      <span className="inline-flex items-baseline gap-1.5">
        <Dot
          tone={healthy ? 'ok' : 'warn'}
          label={healthy ? 'healthy' : 'unhealthy'}
          className="self-center"
        />
        <span className="num">{name}</span>
        <span className="text-xs text-ink-3">{status}</span>
        {lastError && <span className="text-bad">{lastError}</span>}
      </span>
      {components.length > 0 && (
        <ul className="ml-[3px] border-l border-line pl-3">
          {components.map((inner) => (
            <HealthNode key={inner.name} component={inner} />
          ))}
        </ul>
      )}
    </li>
  );
}
