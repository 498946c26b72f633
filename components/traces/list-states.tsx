'use client';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { EmptyState } from '@/components/ui/states';
import type { TracingMode } from '@/lib/semconv/signals';

/** Nothing has come yet: how to send something, ready to copy. */
export function NothingYet({
  endpoint,
  mode,
}: {
  readonly endpoint: string;
  readonly mode: TracingMode | null;
}) {
  if (mode === 'none') {
    return (
      <EmptyState
        title="Tracing is off"
        action={
          <Link href="/settings" className="text-accent underline">
            Switch it on in Settings
          </Link>
        }
      >
        <p>
          The engine runs without making spans. Its counters and channels are still on the map and in the
          charts.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No trace has come yet">
      <p>
        Point an OpenTelemetry SDK or a Collector at this server, and each trace stands here as it arrives.
      </p>
      <CodeBlock
        label="environment of an SDK"
        code={`OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`}
      />
      <CodeBlock
        label="exporter of a Collector"
        code={`exporters:\n  otlphttp/weir:\n    endpoint: ${endpoint}\nservice:\n  pipelines:\n    traces:\n      exporters: [otlphttp/weir]`}
      />
    </EmptyState>
  );
}

export function FilteredToNothing({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState title="No trace matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>There are traces here, but none that all of the filters let through.</p>
    </EmptyState>
  );
}
