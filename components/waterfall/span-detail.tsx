'use client';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import { ErrorState, Loading } from '@/components/ui/states';
import type { TraceAnswer } from '@/lib/api/traces';
import { formatMs } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { fetchJson } from '@/lib/client/fetch-json';
import { nodeColor } from '@/lib/client/node-color';
import type { SpanDetail } from '@/lib/model/span';
import { ATTR } from '@/lib/semconv/attributes';
import { AttributeList } from './attribute-list';
import { EventList } from './event-list';
import { LinkList } from './link-list';
import { PathMap } from './path-map';
import type { RowActions } from './row-line';
import type { SpanRef } from './span-ref';
import { WhyKept } from './why-kept';

/** Everything that one span carried. */
export function SpanDetailPanel(props: {
  readonly span: SpanRef;
  readonly answer: TraceAnswer;
  readonly jump: RowActions['jump'];
  /** Moment of the event that is looked at, or empty. */
  readonly event: string;
  readonly onEvent: (timeUnixNano: string) => void;
  readonly onClose: () => void;
}) {
  const { traceId, spanId } = props.span;
  const { data, error } = useQuery({
    queryKey: ['traces', 'span', traceId, spanId],
    queryFn: ({ signal }) =>
      fetchJson<SpanDetail>(
        `/api/v1/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
        { signal },
      ),
    retry: false,
    placeholderData: (before) => before,
  });
  if (error) return <ErrorState title="This span cannot be shown" message={errorMessage(error)} />;
  if (!data) return <Loading label="Reading the span …" />;
  return (
    <>
      <div className="flex items-center gap-2">
        <i className="size-2 flex-none rounded-[2px]" style={{ background: nodeColor(data.nodeId) }} />
        <h2 className="min-w-0 truncate text-l font-semibold" title={data.name}>
          {data.nodeId || data.name}
        </h2>
        <span className="num min-w-0 flex-1 truncate text-xs text-ink-3" title={data.nodeType}>
          {shortType(data)}
        </span>
        <IconButton label="Close the detail (Esc)" onClick={props.onClose}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {data.status === 'error' ? (
        <p className="mt-2 break-words rounded-s border border-bad/40 px-2 py-1 text-s text-bad">
          {data.statusMessage || 'failed'}
        </p>
      ) : null}
      <div className="mt-3">
        <PathMap path={props.answer.path} current={data.nodeId} />
      </div>
      <Times span={data} />
      <AttributeList title="ATTRIBUTES" attributes={data.attributes} />
      <EventList span={data} current={props.event} onPick={props.onEvent} />
      <LinkList span={data} jump={props.jump} />
      <WhyKept answer={props.answer} />
      <AttributeList title="RESOURCE" attributes={data.resource} />
      <AttributeList title={`SCOPE ${data.scope.name}`} attributes={data.scope.attributes} />
      <details className="mt-4">
        <summary className="eyebrow">RAW</summary>
        <CodeBlock className="mt-2" label={data.spanId} code={JSON.stringify(data, null, 2)} />
      </details>
    </>
  );
}

function Times({ span }: { readonly span: SpanDetail }) {
  const depth = span.attributes[ATTR.queueDepth];
  const capacity = span.attributes[ATTR.channelCapacity];
  const queue = typeof depth === 'number' && typeof capacity === 'number' ? `${depth}/${capacity} in it` : '';
  const nacked = span.status === 'error' ? 'until nack' : 'until ack';
  return (
    <>
      <GroupHeading aside={<span className="num">{formatMs(span.durationMs)} in all</span>}>
        TIMES
      </GroupHeading>
      <KeyValues
        wide
        items={[
          {
            key: 'wait',
            label: (
              <>
                in channel <span className="text-ink-3">{queue && `(${queue})`}</span>
              </>
            ),
            value: formatMs(span.waitMs),
          },
          {
            key: 'work',
            label: 'working',
            value: <span className="text-work">{formatMs(span.workMs)}</span>,
          },
          {
            key: 'blocked',
            label: 'blocked on send',
            value: <span className={span.blockedMs ? 'text-blocked' : ''}>{formatMs(span.blockedMs)}</span>,
          },
          { key: 'outcome', label: nacked, value: formatMs(span.outcomeWaitMs) },
          ...(span.heldMs === null
            ? []
            : [{ key: 'held', label: 'held in a batch', value: formatMs(span.heldMs) }]),
        ]}
      />
    </>
  );
}

/** `processor/batch` of `urn:otel:processor:batch`; what else it is, as it is. */
function shortType(span: SpanDetail): string {
  const parts = span.nodeType.split(':');
  return parts.length === 4 ? `${parts[2]}/${parts[3]}` : span.nodeType || span.kind;
}
