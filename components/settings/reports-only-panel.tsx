'use client';

/** An engine that cannot be changed from here: why, and what to copy into its own configuration instead. */
import { CodeBlock } from '@/components/ui/code-block';
import { Panel, PanelHeader } from '@/components/ui/panel';
import type { EngineInfo } from '@/lib/api/engines';

export function ReportsOnlyPanel({ engine, why }: { readonly engine: EngineInfo; readonly why: string }) {
  return (
    <Panel label="Telemetry level">
      <PanelHeader title={`${engine.service} cannot be changed from here`} />
      <div className="flex flex-col gap-3 p-3">
        <p className="text-s text-ink-2">
          {why[0]?.toUpperCase() + why.slice(1)}. What it sends is shown all the same.
        </p>
        {engine.dialect === 'collector' && (
          <>
            <CodeBlock label="How much it tells, in its own configuration" code={COLLECTOR_LEVEL} />
            <p className="text-xs text-ink-3">
              Change its file and start it again. With <code className="num">normal</code> there are no
              working times and batch sizes, with <code className="num">basic</code> only what goes in and
              out, <code className="num">none</code> leaves the map without figures.
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

const COLLECTOR_LEVEL = ['service:', '  telemetry:', '    metrics:', '      level: detailed'].join('\n');
