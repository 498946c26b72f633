/**
 * Spans from the columns into an OTLP request, without an object in between. Each node's spans gather behind its scope;
 * a request is put together from the scopes that have any.
 */

import { batchName } from '@/engine/core/pdata';
import { nanosToMs } from '@/lib/base/time';
import { WireWriter } from '@/lib/otlp/wire-writer';
import { ATTR, LINK_TYPES, MAX_SPAN_LINKS } from '@/lib/semconv/attributes';
import {
  A_NEXT,
  A_OWNER,
  ATTR_INTS,
  E_ATTRS,
  E_KIND,
  E_LATE,
  E_NEXT,
  E_OWNER,
  EVENT_INTS,
  EVENT_NUMBERS,
  K_ACK,
  K_CUSTOM,
  K_EXPORT_SUCCESS,
  K_PORT_SELECTED,
  L_A,
  L_B,
  L_NEXT,
  L_OWNER,
  L_SPAN_ID,
  L_TRACE_ID,
  L_TYPE,
  LINK_INTS,
  LINK_MERGE,
  LINK_OTHER,
  LINK_RETRY,
  LINK_SPLIT,
  NONE,
} from './arena-columns';
import { BLOCKED_MS, eventAttributes, eventName } from './encode-event';
import { EVENT_NAMES } from './event-kinds';
import type { LayoutText, NodeText } from './layout-text';
import type { Recorder } from './recorder';
import * as columns from './span-columns';
import * as ring from './span-ring';
import * as traceColumns from './trace-columns';
import {
  WireTime,
  writeAny,
  writeBool,
  writeDouble,
  writeId,
  writeInt,
  writeString,
} from './wire-attributes';

const SPAN = {
  traceId: 1,
  spanId: 2,
  parentId: 4,
  name: 5,
  start: 7,
  end: 8,
  attribute: 9,
  event: 11,
  droppedEvents: 12,
  link: 13,
  droppedLinks: 14,
  status: 15,
} as const;
const EVENT = { time: 1, name: 2, attribute: 3 } as const;
const LINK = { traceId: 1, spanId: 2, attribute: 4 } as const;
const STATUS_ERROR = 2;
const STATUS_OK = 1;

export interface SpanEncoderOptions {
  readonly recorder: Recorder;
  /** Layouts by ordinal: a row knows under which it was written. */
  readonly layouts: (ordinal: number) => LayoutText | undefined;
  readonly resource: Uint8Array;
  readonly epoch: bigint;
  readonly policyName: (by: number) => string;
  /** All events leave as log records. */
  readonly eventsAsLogs: boolean;
  /** An event that leaves as a log record. */
  readonly onLogEvent: (row: number, event: number) => void;
}

export class SpanEncoder {
  /** Spans and bytes gathered since the last request. */
  count = 0;
  size = 0;
  private readonly scopes = new Map<NodeText, WireWriter>();
  private readonly time: WireTime;
  private readonly ids = new Int32Array(4);

  constructor(private readonly options: SpanEncoderOptions) {
    this.time = new WireTime(options.epoch);
  }

  /** Adds the span of a row; false where its layout is forgotten. */
  add(row: number): boolean {
    const { recorder } = this.options;
    const at = (row & recorder.spans.mask) * columns.INT_STRIDE;
    const ints = recorder.spans.ints;
    const place = ints[at + columns.I_PLACE] as number;
    const text = this.options.layouts(ring.layoutOfPlace(place));
    const node = text?.nodes[ring.nodeOfPlace(place)];
    if (text === undefined || node === undefined) return false;
    let writer = this.scopes.get(node);
    if (writer === undefined) {
      writer = new WireWriter(16_384);
      this.scopes.set(node, writer);
    }
    const before = writer.length;
    const mark = writer.openField(2);
    this.writeSpan(writer, row, at, text, node);
    writer.close(mark);
    this.size += writer.length - before;
    this.count++;
    return true;
  }

  /** The request with all that was added; empty again afterwards. */
  finish(): Uint8Array {
    const request = new WireWriter(this.size + 1_024);
    const resourceSpans = request.openField(1);
    const resource = request.openField(1);
    request.raw(this.options.resource);
    request.close(resource);
    for (const [node, writer] of this.scopes) {
      if (writer.length === 0) continue;
      const scopeSpans = request.openField(2);
      request.tag(1, 2);
      request.bytes(node.scope);
      request.raw(writer.written());
      request.close(scopeSpans);
      writer.clear();
    }
    request.close(resourceSpans);
    this.count = 0;
    this.size = 0;
    // Topologies change: scopes of earlier ones are not kept.
    if (this.scopes.size > 4_096) this.scopes.clear();
    return request.finish();
  }

  private writeSpan(writer: WireWriter, row: number, at: number, text: LayoutText, node: NodeText): void {
    const { recorder } = this.options;
    const { ints, times, mask } = recorder.spans;
    const t = (row & mask) * columns.TIME_STRIDE;
    const state = ints[at + columns.I_STATE] as number;
    const { ids } = this;
    recorder.traces.writeId(ints[at + columns.I_TRACE] as number, ids, 0);
    writeId(writer, SPAN.traceId, ids, 0, 4);
    recorder.spans.writeId(row, ids, 0);
    writeId(writer, SPAN.spanId, ids, 0, 2);
    const parent = ints[at + columns.I_PARENT] as number;
    if (parent !== 0) {
      recorder.spans.writeId(parent, ids, 0);
      writeId(writer, SPAN.parentId, ids, 0, 2);
    }
    if ((state & columns.HAS_NAME) === 0) writer.raw(node.nameAndKind);
    else {
      writer.tag(SPAN.name, 2);
      writer.string(recorder.spans.names[row & mask] ?? node.name);
      writer.raw(node.kind);
    }
    this.time.write(writer, SPAN.start, times[t] as number);
    this.time.write(writer, SPAN.end, times[t + columns.T_END] as number);
    this.writeAttributes(writer, row, at, text, node);
    this.writeEvents(writer, row, at, text);
    if ((state & columns.HAS_RARE) !== 0) this.writeLinks(writer, row);
    const failed =
      recorder.spans.rare[(row & mask) * columns.RARE_STRIDE + columns.X_OUTCOME] !== 0 ||
      (state & columns.STATUS_ERROR) !== 0;
    if (failed || (state & columns.STATUS_OK) !== 0) {
      const status = writer.openField(SPAN.status);
      if ((state & columns.HAS_MESSAGE) !== 0 && failed) {
        writer.tag(2, 2);
        writer.string(recorder.spans.messages[row & mask] ?? '');
      }
      writer.tag(3, 0);
      writer.varint32(failed ? STATUS_ERROR : STATUS_OK);
      writer.close(status);
    }
  }

  private writeAttributes(
    writer: WireWriter,
    row: number,
    at: number,
    text: LayoutText,
    node: NodeText,
  ): void {
    const { recorder } = this.options;
    const { ints, times, mask } = recorder.spans;
    const t = (row & mask) * columns.TIME_STRIDE;
    const state = ints[at + columns.I_STATE] as number;
    const blocked = times[t + columns.T_BLOCKED] as number;
    const outcomeWait = times[t + columns.T_OUTCOME_WAIT] as number;
    const work = (times[t + columns.T_END] as number) - (times[t] as number) - blocked - outcomeWait;
    const signal = ring.signalOfPlace(ints[at + columns.I_PLACE] as number);
    const x = (row & mask) * columns.RARE_STRIDE;
    const { rare } = recorder.spans;
    writer.raw(node.attributes[signal] ?? new Uint8Array(0));
    const parts = (state & columns.HAS_PARTS) !== 0 ? recorder.spans.parts[row & mask] : ring.NO_PARTS;
    writeString(
      writer,
      SPAN.attribute,
      ATTR.pdataId,
      batchName((ints[at + columns.I_SERIAL] as number) >>> 0, parts ?? ring.NO_PARTS),
    );
    writeInt(writer, SPAN.attribute, ATTR.batchSize, ints[at + columns.I_ITEMS] as number);
    const itemsOut = rare[x + columns.X_ITEMS_OUT] as number;
    if (itemsOut !== NONE && itemsOut !== ints[at + columns.I_ITEMS])
      writeInt(writer, SPAN.attribute, ATTR.batchSizeOut, itemsOut);
    writeDouble(writer, SPAN.attribute, ATTR.latencyMs, nanosToMs(work));
    writeBool(
      writer,
      SPAN.attribute,
      ATTR.error,
      rare[x + columns.X_OUTCOME] !== 0 || (state & columns.STATUS_ERROR) !== 0,
    );
    const wait = times[t + columns.T_WAIT] as number;
    if ((state & columns.HAS_INPUT) !== 0) {
      writer.raw(node.channel);
      writeInt(writer, SPAN.attribute, ATTR.queueDepth, ints[at + columns.I_DEPTH] as number);
      writeInt(writer, SPAN.attribute, ATTR.channelCapacity, ints[at + columns.I_CAPACITY] as number);
      if (wait >= 0) writeDouble(writer, SPAN.attribute, ATTR.waitMs, nanosToMs(wait));
    }
    if ((state & columns.HAS_SENT) !== 0) {
      const edge = ints[at + columns.I_EDGE] as number;
      writeString(writer, SPAN.attribute, ATTR.outPort, text.layout.edges[edge]?.port ?? '');
      const depth = ints[at + columns.I_SEND_DEPTH] as number;
      if (depth !== NONE) writeInt(writer, SPAN.attribute, ATTR.sendQueueDepth, depth);
      writeDouble(writer, SPAN.attribute, ATTR.sendBlockedMs, nanosToMs(blocked));
    }
    if (outcomeWait > 0 || node.node.waitsForOutcome) {
      writeDouble(writer, SPAN.attribute, ATTR.outcomeWaitMs, nanosToMs(outcomeWait));
    }
    const held = recorder.spans.heldNs[row & mask] as number;
    if (held >= 0) writeDouble(writer, SPAN.attribute, ATTR.heldMs, nanosToMs(held));
    const contributors = rare[x + columns.X_CONTRIBUTORS] as number;
    if (contributors > 0) writeInt(writer, SPAN.attribute, 'contributors.count', contributors);
    if ((state & columns.IS_ROOT) !== 0) this.writeDecision(writer, ints[at + columns.I_TRACE] as number);
    for (let a = rare[x + columns.X_ATTR_HEAD] as number; a !== NONE; ) {
      const entry = a * ATTR_INTS;
      if (recorder.attributes.ints[entry + A_OWNER] !== row) break;
      writeAny(writer, SPAN.attribute, recorder.attributes.keys[a] ?? '', recorder.attributes.values[a]);
      a = recorder.attributes.ints[entry + A_NEXT] as number;
    }
  }

  private writeDecision(writer: WireWriter, trace: number): void {
    const table = this.options.recorder.traces;
    if (!table.has(trace)) return;
    const r = (trace & table.mask) * traceColumns.TRACE_INTS;
    const by = this.options.policyName(table.ints[r + traceColumns.R_BY] as number);
    if (by !== '') writeString(writer, SPAN.attribute, ATTR.samplingPolicy, by);
    const missing =
      (table.ints[r + traceColumns.R_MISSING] as number) + (table.ints[r + traceColumns.R_LOST] as number);
    if (missing > 0) writeInt(writer, SPAN.attribute, ATTR.samplingMissing, missing);
  }

  private writeEvents(writer: WireWriter, row: number, at: number, text: LayoutText): void {
    const { recorder, eventsAsLogs } = this.options;
    if (eventsAsLogs) {
      recorder.tellFirstSend(row, at);
      recorder.tellEnd(row, at);
    }
    const state = recorder.spans.ints[at + columns.I_STATE] as number;
    if ((state & columns.SENT_FIRST) !== 0) this.writeFirstSend(writer, row, at, text);
    if ((state & columns.HAS_EVENTS) !== 0) this.writeListed(writer, row, at, text);
    if ((state & columns.ENDS_IN_ACK) !== 0) this.writeEnd(writer, row, state);
  }

  private writeListed(writer: WireWriter, row: number, at: number, text: LayoutText): void {
    const { recorder, eventsAsLogs } = this.options;
    const { events } = recorder;
    const total = recorder.spans.ints[at + columns.I_EVENT_COUNT] as number;
    let seen = 0;
    for (let event = recorder.spans.ints[at + columns.I_EVENT_HEAD] as number; event !== NONE; ) {
      const e = event * EVENT_INTS;
      if (events.ints[e + E_OWNER] !== row) break;
      seen++;
      if (eventsAsLogs || events.ints[e + E_LATE] === 1) this.options.onLogEvent(row, event);
      else this.writeEvent(writer, row, event, text);
      event = events.ints[e + E_NEXT] as number;
    }
    if (seen < total) {
      writer.tag(SPAN.droppedEvents, 0);
      writer.varint32(total - seen);
    }
  }

  private writeFirstSend(writer: WireWriter, row: number, at: number, text: LayoutText): void {
    const { ints, times, mask } = this.options.recorder.spans;
    const time = times[(row & mask) * columns.TIME_STRIDE + columns.T_SENT] as number;
    const mark = this.openEvent(writer, time, K_PORT_SELECTED);
    const port = text.layout.edges[ints[at + columns.I_EDGE] as number]?.port ?? '';
    writeString(writer, EVENT.attribute, ATTR.outPort, port);
    writeInt(writer, EVENT.attribute, ATTR.sendQueueDepth, ints[at + columns.I_SEND_DEPTH] as number);
    writeDouble(writer, EVENT.attribute, BLOCKED_MS, 0);
    writer.close(mark);
  }

  private writeEnd(writer: WireWriter, row: number, state: number): void {
    const { times, statuses, mask } = this.options.recorder.spans;
    const index = row & mask;
    const time = times[index * columns.TIME_STRIDE + columns.T_END] as number;
    if ((state & columns.ENDS_IN_SUCCESS) !== 0) {
      const mark = this.openEvent(writer, time, K_EXPORT_SUCCESS);
      writeString(writer, EVENT.attribute, 'status', statuses[index] ?? '');
      writer.close(mark);
    }
    writer.close(this.openEvent(writer, time, K_ACK));
  }

  private openEvent(writer: WireWriter, time: number, kind: number): number {
    const mark = writer.openField(SPAN.event);
    this.time.write(writer, EVENT.time, time);
    writer.tag(EVENT.name, 2);
    writer.string(EVENT_NAMES[kind] ?? '');
    return mark;
  }

  private writeEvent(writer: WireWriter, row: number, event: number, text: LayoutText): void {
    const { recorder } = this.options;
    const { events, attributes } = recorder;
    const mark = writer.openField(SPAN.event);
    this.time.write(writer, EVENT.time, events.numbers[event * EVENT_NUMBERS] as number);
    writer.tag(EVENT.name, 2);
    writer.string(eventName(events, event));
    if (events.ints[event * EVENT_INTS + E_KIND] === K_CUSTOM) {
      for (let a = events.ints[event * EVENT_INTS + E_ATTRS] as number; a !== NONE; ) {
        if (attributes.ints[a * ATTR_INTS + A_OWNER] !== row) break;
        writeAny(writer, EVENT.attribute, attributes.keys[a] ?? '', attributes.values[a]);
        a = attributes.ints[a * ATTR_INTS + A_NEXT] as number;
      }
    } else {
      for (const [key, value] of eventAttributes(events, event, text.layout)) {
        if (typeof value === 'object' && value !== null && 'double' in value) {
          writeDouble(writer, EVENT.attribute, key, Number(value.double));
        } else writeAny(writer, EVENT.attribute, key, value);
      }
    }
    writer.close(mark);
  }

  private writeLinks(writer: WireWriter, row: number): void {
    const { links, spans } = this.options.recorder;
    const x = (row & spans.mask) * columns.RARE_STRIDE;
    const total = Math.max(
      spans.rare[x + columns.X_LINK_COUNT] as number,
      spans.rare[x + columns.X_CONTRIBUTORS] as number,
    );
    let written = 0;
    for (
      let link = spans.rare[x + columns.X_LINK_HEAD] as number;
      link !== NONE && written < MAX_SPAN_LINKS;
    ) {
      const l = link * LINK_INTS;
      if (links.ints[l + L_OWNER] !== row) break;
      if (links.ints[l + L_SPAN_ID] !== 0 || links.ints[l + L_SPAN_ID + 1] !== 0) {
        this.writeLink(writer, link, l);
        written++;
      }
      link = links.ints[l + L_NEXT] as number;
    }
    if (written < total) {
      writer.tag(SPAN.droppedLinks, 0);
      writer.varint32(total - written);
    }
  }

  private writeLink(writer: WireWriter, link: number, l: number): void {
    const { links } = this.options.recorder;
    const mark = writer.openField(SPAN.link);
    writeId(writer, LINK.traceId, links.ints, l + L_TRACE_ID, 4);
    writeId(writer, LINK.spanId, links.ints, l + L_SPAN_ID, 2);
    const a = links.ints[l + L_A] as number;
    const type = links.ints[l + L_TYPE] as number;
    if (type !== LINK_OTHER) writeString(writer, LINK.attribute, ATTR.linkType, LINK_TYPES[type] ?? 'other');
    if (type === LINK_SPLIT) {
      writeInt(writer, LINK.attribute, ATTR.partIndex, a);
      writeInt(writer, LINK.attribute, ATTR.partCount, links.ints[l + L_B] as number);
    } else if (type === LINK_MERGE) {
      writeString(writer, LINK.attribute, ATTR.pdataId, links.texts[link] ?? '');
      writeInt(writer, LINK.attribute, ATTR.linkItems, a);
      writeDouble(writer, LINK.attribute, ATTR.heldMs, nanosToMs(links.numbers[link] as number));
    } else if (type === LINK_RETRY) writeInt(writer, LINK.attribute, ATTR.retryCount, a);
    else
      for (const [key, value] of Object.entries(links.attributes[link] ?? {}))
        writeAny(writer, LINK.attribute, key, value);
    writer.close(mark);
  }
}
