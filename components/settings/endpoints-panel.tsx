'use client';

/** Where agents send, and what to copy into them. */
import Link from 'next/link';
import { CodeBlock } from '@/components/ui/code-block';
import { KeyValues } from '@/components/ui/key-values';
import { Panel, PanelHeader } from '@/components/ui/panel';
import { usePageHref } from '@/components/ui/use-page-href';
import type { HealthAnswer } from '@/lib/api/health';
import { collectorForwardYaml, sdkEnvironment } from '@/lib/dialects/connect-texts';

export function EndpointsPanel({ endpoints }: { readonly endpoints: HealthAnswer['endpoints'] }) {
  const hrefFor = usePageHref();
  return (
    <Panel label="Endpoints">
      <PanelHeader title="Endpoints" />
      <div className="flex flex-col gap-3 p-3">
        <KeyValues
          wide
          items={[
            { key: 'OTLP/HTTP', value: endpoints.otlpHttp },
            ...(endpoints.otlpGrpc ? [{ key: 'OTLP/gRPC', value: endpoints.otlpGrpc }] : []),
            { key: 'OpAMP, WebSocket', value: endpoints.opampWs },
            { key: 'OpAMP, HTTP', value: endpoints.opampHttp },
            { key: 'tokens', value: accessOf(endpoints.otlpHttp) },
          ]}
        />
        <p className="text-s text-ink-2">
          <Link href={hrefFor('/connect')} className="text-accent underline">
            Connect an engine
          </Link>{' '}
          has what to paste for a Collector, an OTAP engine and SDKs, and shows what of it arrives.
        </p>
        <CodeBlock label="Any OpenTelemetry SDK: environment" code={sdkEnvironment(endpoints)} />
        <CodeBlock
          label="A Collector that forwards spans of applications"
          code={collectorForwardYaml(endpoints)}
        />
      </div>
    </Panel>
  );
}

/** No request is asked for a token: who reaches the ports is the only guard, and that is said. */
function accessOf(url: string): string {
  const { hostname } = new URL(url);
  return /^(localhost|127\.|\[::1\])/.test(hostname)
    ? 'none needed: only this machine reaches these ports'
    : 'none asked for: whoever reaches these ports may send, read and steer';
}
