/**
 * The public API over rows: flyweights behind `Span`, reused. A handle whose span has ended rests in quarantine until
 * QUARANTINE more have ended; a call on it within that time is recognised by its row, ignored and counted. A caller
 * that holds on to a handle for longer writes to whatever span has it then: the one thing this cannot see.
 */

import type {
  Attributes,
  AttributeValue,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import { INVALID_SPAN_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { bytesFromHex } from '@/lib/base/bytes';
import { EVENT } from '@/lib/semconv/events';
import {
  E_ATTRS,
  EVENT_INTS,
  K_CUSTOM,
  L_SPAN_ID,
  L_TRACE_ID,
  LINK_INTS,
  LINK_OTHER,
  NONE,
} from './arena-columns';
import type { Recorder } from './recorder';
import * as columns from './span-columns';

/** Ended handles that rest before the first of them is used again. */
export const QUARANTINE = 1_024;
const NOOP_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

export class SpanHandles {
  private readonly handles: RecordedSpan[] = [];
  /** Handles at rest, oldest first: a ring that grows with the number of handles. */
  private readonly resting: RecordedSpan[] = [];
  private restingFrom = 0;

  constructor(private readonly recorder: Recorder) {}

  /** How many there are: as many as were open at once, and those at rest. */
  get size(): number {
    return this.handles.length;
  }

  of(row: number): Span {
    const { spans } = this.recorder;
    if (!spans.has(row)) return NOOP_SPAN;
    const at = (row & spans.mask) * columns.RARE_STRIDE + columns.X_HANDLE;
    const known = spans.rare[at] as number;
    if (known !== NONE) return this.handles[known] ?? NOOP_SPAN;
    const handle = this.rested() ?? this.made();
    handle.row = row;
    spans.rare[at] = handle.index;
    const state = (row & spans.mask) * columns.INT_STRIDE + columns.I_STATE;
    spans.ints[state] = (spans.ints[state] as number) | columns.HAS_RARE;
    return handle;
  }

  release(index: number): void {
    const handle = this.handles[index];
    if (handle) this.resting.push(handle);
  }

  private rested(): RecordedSpan | null {
    if (this.resting.length - this.restingFrom <= QUARANTINE) return null;
    const handle = this.resting[this.restingFrom++] ?? null;
    // The spent front is cut off in one piece, now and then.
    if (this.restingFrom >= QUARANTINE * 4) {
      this.resting.copyWithin(0, this.restingFrom);
      this.resting.length -= this.restingFrom;
      this.restingFrom = 0;
    }
    return handle;
  }

  private made(): RecordedSpan {
    const handle = new RecordedSpan(this.recorder, this.handles.length);
    this.handles.push(handle);
    return handle;
  }
}

class RecordedSpan implements Span {
  row = 0;

  constructor(
    private readonly recorder: Recorder,
    readonly index: number,
  ) {}

  /** Allocates two strings and an object: the price of the public API. */
  spanContext(): SpanContext {
    const { spans, traces } = this.recorder;
    if (!spans.has(this.row)) return INVALID_SPAN_CONTEXT;
    const at = (this.row & spans.mask) * columns.INT_STRIDE;
    return {
      traceId: traces.hexId(spans.ints[at + columns.I_TRACE] as number),
      spanId: spans.hexId(this.row),
      traceFlags: TraceFlags.SAMPLED,
    };
  }

  setAttribute(key: string, value: AttributeValue): this {
    const at = this.recorder.openAt(this.row);
    if (at >= 0) {
      const { spans, attributes } = this.recorder;
      const head = (this.row & spans.mask) * columns.RARE_STRIDE + columns.X_ATTR_HEAD;
      spans.rare[head] = attributes.set(this.row, spans.rare[head] as number, key, value);
    }
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== undefined) this.setAttribute(key, value);
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput): this {
    const at = this.recorder.openAt(this.row);
    if (at < 0) return this;
    this.recorder.readClock(this.row);
    const event = this.recorder.eventOn(this.row, at, K_CUSTOM, 0, 0, name);
    if (isAttributes(attributesOrTime)) {
      let head = NONE;
      for (const key in attributesOrTime) {
        const value = attributesOrTime[key];
        if (value !== undefined) head = this.recorder.attributes.set(this.row, head, key, value);
      }
      this.recorder.events.ints[event * EVENT_INTS + E_ATTRS] = head;
    }
    return this;
  }

  addLink(link: Link): this {
    const at = this.recorder.openAt(this.row);
    if (at < 0) return this;
    const { links, spans } = this.recorder;
    const x = (this.row & spans.mask) * columns.RARE_STRIDE;
    const added = links.add(this.row, spans.rare[x + columns.X_LINK_HEAD] as number, LINK_OTHER, 0, 0);
    spans.rare[x + columns.X_LINK_HEAD] = added;
    spans.rare[x + columns.X_LINK_COUNT] = (spans.rare[x + columns.X_LINK_COUNT] as number) + 1;
    links.attributes[added] = link.attributes ?? null;
    writeWords(link.context.traceId, links.ints, added * LINK_INTS + L_TRACE_ID, 4);
    writeWords(link.context.spanId, links.ints, added * LINK_INTS + L_SPAN_ID, 2);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus(status: SpanStatus): this {
    const at = this.recorder.openAt(this.row);
    if (at < 0) return this;
    const { spans } = this.recorder;
    const clear = (spans.ints[at + columns.I_STATE] as number) & ~(columns.STATUS_OK | columns.STATUS_ERROR);
    if (status.code === SpanStatusCode.OK) spans.ints[at + columns.I_STATE] = clear | columns.STATUS_OK;
    else if (status.code === SpanStatusCode.ERROR) {
      spans.ints[at + columns.I_STATE] = clear | columns.STATUS_ERROR | columns.HAS_MESSAGE;
      spans.messages[this.row & spans.mask] = status.message ?? '';
    }
    return this;
  }

  updateName(name: string): this {
    const at = this.recorder.openAt(this.row);
    if (at >= 0) {
      const { spans } = this.recorder;
      spans.ints[at + columns.I_STATE] = (spans.ints[at + columns.I_STATE] as number) | columns.HAS_NAME;
      spans.names[this.row & spans.mask] = name;
    }
    return this;
  }

  /** The engine ends its spans itself, when the handling is over: a node author's `end` changes nothing. */
  end(): void {
    this.recorder.openAt(this.row);
  }

  isRecording(): boolean {
    const { spans } = this.recorder;
    const at = (this.row & spans.mask) * columns.INT_STRIDE;
    return (
      spans.ints[at] === this.row &&
      ((spans.ints[at + columns.I_STATE] as number) & columns.STATE_MASK) === columns.OPEN
    );
  }

  recordException(exception: Exception): void {
    const attributes: Attributes = {};
    if (typeof exception === 'string') attributes['exception.message'] = exception;
    else {
      if (exception.name) attributes['exception.type'] = exception.name;
      if (exception.message) attributes['exception.message'] = exception.message;
      if (exception.stack) attributes['exception.stacktrace'] = exception.stack;
    }
    this.addEvent(EVENT.exception, attributes);
  }
}

/** A time is a number, a date or a pair of numbers; what else is an object are attributes. */
function isAttributes(value: Attributes | TimeInput | undefined): value is Attributes {
  return typeof value === 'object' && !(value instanceof Date) && !Array.isArray(value);
}

function writeWords(hex: string, out: Int32Array, at: number, count: number): void {
  const bytes = bytesFromHex(hex);
  const view = bytes?.length === count * 4 ? new DataView(bytes.buffer) : null;
  for (let i = 0; i < count; i++) out[at + i] = view?.getInt32(i * 4) ?? 0;
}
