'use client';
/** States that teach: why there is nothing to see, and what to do. Each is its own. */
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatBytes, formatClock } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { usePutTracingSettings } from '@/lib/client/mutations';
import { useHealth, useSelectedEngine, useTracingSettings } from '@/lib/client/queries';
import { collectorMetricsYaml, type Endpoints, sdkEnvironment } from '@/lib/dialects/connect-texts';
import { Button } from './button';
import { CodeBlock } from './code-block';
import { ProgressState } from './progress-state';
import { EmptyState } from './states';
import { usePageHref } from './use-page-href';

/** Until the server has said where it listens. */
const DEFAULT_ENDPOINTS: Endpoints = {
  otlpHttp: 'http://127.0.0.1:4318',
  otlpGrpc: 'http://127.0.0.1:4317',
  opampWs: 'ws://127.0.0.1:4318/v1/opamp',
  opampHttp: 'http://127.0.0.1:4318/v1/opamp',
};

/** Nothing received yet: what to paste, and where. */
export function NothingReceived({ what = 'telemetry' }: { readonly what?: string }) {
  const { data: health } = useHealth();
  const hrefFor = usePageHref();
  const endpoints = health?.endpoints ?? DEFAULT_ENDPOINTS;
  return (
    <EmptyState title={`No ${what} received yet`} className="h-full justify-center">
      <p>Weir listens for OTLP on {endpoints.otlpHttp}. It shows what arrives within a second.</p>
      <p>
        <Link href={hrefFor('/connect')} className="text-accent underline">
          Connect an engine
        </Link>{' '}
        has all there is to paste, part by part, and says what of it has arrived.
      </p>
      <CodeBlock
        label="OpenTelemetry Collector: add to its configuration"
        code={collectorMetricsYaml(endpoints)}
      />
      <CodeBlock label="Any OpenTelemetry SDK: environment" code={sdkEnvironment(endpoints)} />
      <CodeBlock label="The reference engine with its demo pipeline" code="npm run engine" />
    </EmptyState>
  );
}

/** Tracing is off in the engine: one click switches it on. */
export function TracingOff({ children }: { readonly children?: ReactNode }) {
  const engine = useSelectedEngine();
  const { data: settings } = useTracingSettings(engine?.id ?? null);
  const put = usePutTracingSettings(engine?.id ?? '');
  const switchOn = (mode: 'tail' | 'full') =>
    settings && put.mutate({ mode, tailSampling: settings.tailSampling });
  return (
    <EmptyState
      title="Tracing is off"
      action={
        <span className="flex items-center gap-2">
          <Button
            variant="primary"
            disabled={!settings || !engine?.connected}
            onClick={() => switchOn('tail')}
          >
            Switch on tail sampling
          </Button>
          <Button disabled={!settings || !engine?.connected} onClick={() => switchOn('full')}>
            Trace everything
          </Button>
          <ProgressState
            state={put.isError ? 'failed' : put.isPending ? 'pending' : put.isSuccess ? 'applying' : 'idle'}
            error={put.error ? errorMessage(put.error) : null}
          />
        </span>
      }
    >
      <p>
        {engine?.service ?? 'The engine'} records no spans in mode None. Counters and metrics of channels and
        nodes go on; single batches cannot be followed.
      </p>
      {children}
    </EmptyState>
  );
}

/** It was here and left: what the budget is, and how far back the store reaches now. */
export function Evicted({ what }: { readonly what: string }) {
  const { data: health } = useHealth();
  return (
    <EmptyState title={`${what} has left the store`}>
      <p>
        Weir keeps traces within {formatBytes(health?.store.budgetBytes)} and lets the oldest go first. The
        oldest still held began at <span className="num">{formatClock(health?.store.oldestUnixNano)}</span>.
      </p>
      <CodeBlock label="Keep more: set a larger budget" code="WEIR_STORE_BUDGET=1GiB npm start" />
    </EmptyState>
  );
}

/** Filters leave nothing: one click clears them. */
export function FilteredToNothing({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState title="Nothing fits these filters" action={<Button onClick={onClear}>Clear filters</Button>}>
      <p>What you look for may also not have been kept: see the sampling policies in Settings.</p>
    </EmptyState>
  );
}
