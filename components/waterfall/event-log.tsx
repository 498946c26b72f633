'use client';
import { Truncated } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { TraceAnswer } from '@/lib/api/traces';
import { formatClock, formatMs } from '@/lib/base/format';
import { nodeColor } from '@/lib/client/node-color';
import { eventLabel } from '@/lib/traces/event-label';
import { MARKERS, markerKind } from './event-shapes';
import { useFullAnswers } from './use-journey';

const MOST = 1_000;

/** Every event of the trace or journey by time, as one list. */
export function EventLog(props: { readonly answers: readonly TraceAnswer[] }) {
  const answers = useFullAnswers(props.answers);
  const events = answers
    .flatMap(({ trace, spans }) =>
      spans.flatMap((span) =>
        span.events.map((event, i) => ({ trace, span, event, key: `${trace.traceId}${span.spanId}${i}` })),
      ),
    )
    .sort((a, b) => (a.event.timeUnixNano < b.event.timeUnixNano ? -1 : 1));
  const first = events[0];
  if (!first) return <p className="p-4 text-s text-ink-3">None of its spans carried an event.</p>;
  const zero = BigInt(first.event.timeUnixNano);
  return (
    <div className="h-full overflow-auto">
      <Table label="Events by time" className="[&_tr>*:first-child]:pl-4 [&_tr>*:last-child]:pr-4">
        <thead>
          <tr>
            <Th figure>At</Th>
            <Th figure>After the first</Th>
            <Th>Node</Th>
            <Th>Batch</Th>
            <Th className="w-full">Event</Th>
          </tr>
        </thead>
        <tbody>
          {events.slice(0, MOST).map(({ trace, span, event, key }) => {
            const kind = markerKind(event.name);
            return (
              <tr key={key} className="hover:bg-free/40">
                <Td figure className="text-ink-3">
                  {formatClock(event.timeUnixNano, true)}
                </Td>
                <Td figure>{formatMs(Number(BigInt(event.timeUnixNano) - zero) / 1e6)}</Td>
                <Td>
                  <span className="flex items-center gap-1.5 whitespace-nowrap">
                    <i className="size-2 rounded-[2px]" style={{ background: nodeColor(span.nodeId) }} />
                    {span.nodeId}
                  </span>
                </Td>
                <Td className="num whitespace-nowrap text-ink-2">
                  {span.batchId || trace.traceId.slice(0, 8)}
                </Td>
                <Td
                  style={{
                    color:
                      kind === 'failed' || kind === 'drop' || kind === 'control'
                        ? MARKERS[kind].color
                        : undefined,
                  }}
                >
                  {eventLabel(event.name, event.attributes)}
                </Td>
              </tr>
            );
          })}
        </tbody>
      </Table>
      <Truncated shown={Math.min(MOST, events.length)} total={events.length} />
    </div>
  );
}
