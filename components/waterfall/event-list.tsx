'use client';
import { useEffect, useRef } from 'react';
import { GroupHeading } from '@/components/ui/panel';
import { formatMs } from '@/lib/base/format';
import type { SpanDetail, SpanEvent } from '@/lib/model/span';
import { eventLabel } from '@/lib/traces/event-label';
import { valueText } from './attribute-list';
import { MARKERS, markerKind } from './event-shapes';

const MOST = 200;

/** Events by time after the span's start, whichever way they were told. */
export function EventList(props: {
  readonly span: SpanDetail;
  /** Moment of the one that a link leads to, or empty. */
  readonly current: string;
  readonly onPick: (timeUnixNano: string) => void;
}) {
  const { span, current } = props;
  const target = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current !== '' && span.spanId !== '') target.current?.scrollIntoView({ block: 'nearest' });
  }, [current, span.spanId]);
  if (span.events.length === 0) return null;
  return (
    <>
      <GroupHeading aside={<span className="num">{span.events.length}</span>}>EVENTS</GroupHeading>
      <ul className="flex flex-col gap-[3px] text-s">
        {span.events.slice(0, MOST).map((event) => (
          <li
            key={`${event.timeUnixNano}${event.name}${JSON.stringify(event.attributes)}`}
            ref={event.timeUnixNano === current ? target : null}
            aria-current={event.timeUnixNano === current ? 'true' : undefined}
            className="grid grid-cols-[70px_1fr] gap-2 rounded-s aria-[current]:bg-accent-bg"
          >
            <button
              type="button"
              onClick={() => props.onPick(event.timeUnixNano)}
              title="Mark this event, so that a copied link leads to it"
              className="num text-left text-ink-3 hover:text-accent"
            >
              {offset(span, event)}
            </button>
            <span
              className="min-w-0 break-words"
              style={{ color: labelColor(event.name) }}
              title={`${event.encoding === 'log_record' ? 'told as a log record\n' : ''}${Object.entries(
                event.attributes,
              )
                .map(([key, value]) => `${key}: ${valueText(value)}`)
                .join('\n')}`}
            >
              {eventLabel(event.name, event.attributes)}
            </span>
          </li>
        ))}
      </ul>
      {span.events.length > MOST ? (
        <p className="num mt-1 text-ink-3">
          {MOST} of {span.events.length} shown
        </p>
      ) : null}
    </>
  );
}

function offset(span: SpanDetail, event: SpanEvent): string {
  const ms = Number(BigInt(event.timeUnixNano) - BigInt(span.startUnixNano)) / 1e6;
  return ms < 0 ? formatMs(ms) : `+${formatMs(ms)}`;
}

function labelColor(name: string): string {
  const kind = markerKind(name);
  return kind === 'failed' || kind === 'drop' || kind === 'control' ? MARKERS[kind].color : 'var(--text)';
}
