'use client';

/** Where agents send, and what to copy into them. */
import { CodeBlock } from '@/components/ui/code-block';
import { exporterSnippets } from '@/components/ui/exporter-snippets';
import { KeyValues } from '@/components/ui/key-values';
import { Panel, PanelHeader } from '@/components/ui/panel';
import type { HealthAnswer } from '@/lib/api/health';

export function EndpointsPanel({ endpoints }: { readonly endpoints: HealthAnswer['endpoints'] }) {
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
          ]}
        />
        {exporterSnippets(endpoints.otlpHttp).map((snippet) => (
          <div key={snippet.key} className="flex flex-col gap-1">
            <CodeBlock label={snippet.title} code={snippet.code} />
            <p className="text-xs text-ink-3">{snippet.note}</p>
          </div>
        ))}
      </div>
    </Panel>
  );
}
