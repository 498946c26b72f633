'use client';

/** Who reports, against the bounds, and what agents sent that could not be taken. */
import { cx } from '@/components/ui/cx';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading, Panel, PanelHeader } from '@/components/ui/panel';
import type { HealthAnswer } from '@/lib/api/health';
import { formatBytes, formatClock, formatCount } from '@/lib/base/format';

export function AgentsPanel({ health }: { readonly health: HealthAnswer }) {
  const { engines, agents } = health;
  const turnedAway = (count: number) => (
    <span className={cx(count > 0 && 'text-bad')}>{formatCount(count)} turned away</span>
  );
  return (
    <Panel label="Agents">
      <PanelHeader title="Agents" />
      <div className="p-3">
        <KeyValues
          items={[
            {
              key: 'engines',
              value: (
                <>
                  {formatCount(engines.held)} of {formatCount(engines.max)} · {turnedAway(engines.turnedAway)}
                </>
              ),
            },
            {
              key: 'OpAMP agents',
              value: (
                <>
                  {formatCount(agents.connected)} connected, {formatCount(agents.held)} of{' '}
                  {formatCount(agents.max)} held · {turnedAway(agents.turnedAway)}
                </>
              ),
            },
            {
              key: 'their configurations',
              value: `${formatBytes(agents.configBytes)} of ${formatBytes(agents.maxConfigBytes)}`,
            },
          ]}
        />
        {agents.problems.length > 0 && (
          <>
            <GroupHeading aside="newest first">Could not be taken</GroupHeading>
            <ul aria-label="What agents sent that could not be taken" className="flex flex-col gap-1 text-s">
              {agents.problems.map((problem) => (
                <li key={`${problem.agent} ${problem.message}`} className="flex flex-wrap gap-x-2">
                  <span className="num text-ink-3">{formatClock(problem.atUnixNano)}</span>
                  <span className="num break-all">{problem.agent}</span>
                  <span className="text-bad">{problem.message}</span>
                  {problem.count > 1 && <span className="num text-ink-3">×{formatCount(problem.count)}</span>}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}
