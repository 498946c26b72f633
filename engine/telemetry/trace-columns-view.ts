/** What policies look at, straight from the columns: one object, moved from trace to trace. */

import { drawTraceWords, type HashSeed } from '@/lib/sampling/trace-hash';
import type { TraceView } from '@/lib/sampling/trace-view';
import { ATTR } from '@/lib/semconv/attributes';
import { CONTROL_ACTIONS } from '@/lib/semconv/control';
import { SIGNALS } from '@/lib/semconv/signals';
import { A_NEXT, A_OWNER, ATTR_INTS, NONE } from './arena-columns';
import type { LayoutText } from './layout-text';
import type { Recorder } from './recorder';
import * as columns from './span-columns';
import * as ring from './span-ring';
import * as traceColumns from './trace-columns';

export class TraceColumnsView implements TraceView {
  private trace = 0;
  private slot = 0;
  private readonly words = new Int32Array(4);
  private readonly ints: Int32Array;
  private readonly times: Float64Array;

  constructor(
    private readonly recorder: Recorder,
    private readonly layouts: (ordinal: number) => LayoutText | undefined,
    private readonly resource: Readonly<Record<string, string>>,
  ) {
    this.ints = recorder.traces.ints;
    this.times = recorder.traces.times;
  }

  over(trace: number): this {
    this.trace = trace;
    this.slot = trace & this.recorder.traces.mask & traceColumns.SLOT_MASK;
    return this;
  }

  drawn(seed: HashSeed, share: number): boolean {
    this.recorder.traces.writeId(this.trace, this.words, 0);
    return drawTraceWords(seed, this.words, 0, share);
  }

  private int(column: number): number {
    return this.ints[this.slot * traceColumns.TRACE_INTS + column] as number;
  }

  private time(column: number): number {
    return this.times[this.slot * traceColumns.TRACE_TIMES + column] as number;
  }

  hasStatus(status: 'UNSET' | 'OK' | 'ERROR'): boolean {
    if (status === 'UNSET') return this.int(traceColumns.R_ENDED) > this.int(traceColumns.R_WITH_STATUS);
    return (this.int(traceColumns.R_STATUSES) & (status === 'ERROR' ? 4 : 2)) !== 0;
  }

  get durationMs(): number {
    return (this.time(traceColumns.RT_END) - this.time(traceColumns.RT_START)) / 1e6;
  }

  get spanCount(): number {
    return this.int(traceColumns.R_SPANS);
  }

  get droppedItems(): number {
    return this.int(traceColumns.R_DROPPED);
  }

  get blockedMs(): number {
    return this.time(traceColumns.RT_BLOCKED) / 1e6;
  }

  get nowSeconds(): number {
    return (this.recorder.now[0] as number) / 1e9;
  }

  hasControl(actions: readonly string[] | undefined): boolean {
    const mask = this.int(traceColumns.R_CONTROL);
    if (actions === undefined) return mask !== 0;
    return CONTROL_ACTIONS.some((action, bit) => (mask & (1 << bit)) !== 0 && actions.includes(action));
  }

  hasNode(id: string): boolean {
    for (let row = this.int(traceColumns.R_HEAD); this.recorder.spans.has(row); row = this.next(row)) {
      if (this.nodeIdOf(row) === id) return true;
    }
    return false;
  }

  hasAttribute(key: string, matches: (value: string) => boolean): boolean {
    const ofResource = this.resource[key];
    if (ofResource !== undefined && matches(ofResource)) return true;
    for (let row = this.int(traceColumns.R_HEAD); this.recorder.spans.has(row); row = this.next(row)) {
      const value = this.valueOf(row, key);
      if (value !== undefined && matches(value)) return true;
    }
    return false;
  }

  /** Ids of the nodes that it went through, oldest first. */
  nodes(): string[] {
    const ids = new Set<string>();
    for (let row = this.int(traceColumns.R_HEAD); this.recorder.spans.has(row); row = this.next(row))
      ids.add(this.nodeIdOf(row));
    return [...ids].reverse();
  }

  /** The different values of `key`, joined by line feeds. */
  values(key: string): string {
    const values = new Set<string>();
    const ofResource = this.resource[key];
    if (ofResource !== undefined) values.add(ofResource);
    for (let row = this.int(traceColumns.R_HEAD); this.recorder.spans.has(row); row = this.next(row)) {
      const value = this.valueOf(row, key);
      if (value !== undefined) values.add(value);
    }
    return [...values].join('\n');
  }

  get status(): 'UNSET' | 'OK' | 'ERROR' {
    return this.hasStatus('ERROR') ? 'ERROR' : this.hasStatus('OK') ? 'OK' : 'UNSET';
  }

  get controlActions(): readonly string[] {
    const mask = this.int(traceColumns.R_CONTROL);
    return CONTROL_ACTIONS.filter((_, bit) => (mask & (1 << bit)) !== 0);
  }

  private next(row: number): number {
    return this.recorder.spans.ints[
      (row & this.recorder.spans.mask) * columns.INT_STRIDE + columns.I_NEXT_IN_TRACE
    ] as number;
  }

  private nodeIdOf(row: number): string {
    const at = (row & this.recorder.spans.mask) * columns.INT_STRIDE;
    const ints = this.recorder.spans.ints;
    const place = ints[at + columns.I_PLACE] as number;
    return this.layouts(ring.layoutOfPlace(place))?.nodes[ring.nodeOfPlace(place)]?.node.id ?? '';
  }

  /** Attributes of the core that are texts, and those that node authors set. */
  private valueOf(row: number, key: string): string | undefined {
    const { spans, attributes } = this.recorder;
    const at = (row & spans.mask) * columns.INT_STRIDE;
    const place = spans.ints[at + columns.I_PLACE] as number;
    const layout = this.layouts(ring.layoutOfPlace(place));
    const node = layout?.nodes[ring.nodeOfPlace(place)]?.node;
    if (key === ATTR.nodeId) return node?.id;
    if (key === ATTR.nodeType) return node?.urn;
    if (key === ATTR.signalType) return SIGNALS[ring.signalOfPlace(place)];
    if (key === ATTR.outPort) {
      const sent = ((spans.ints[at + columns.I_STATE] as number) & columns.HAS_SENT) !== 0;
      return sent ? layout?.layout.edges[spans.ints[at + columns.I_EDGE] as number]?.port : undefined;
    }
    const first = (row & spans.mask) * columns.RARE_STRIDE + columns.X_ATTR_HEAD;
    for (let a = spans.rare[first] as number; a !== NONE; ) {
      if (attributes.ints[a * ATTR_INTS + A_OWNER] !== row) return undefined;
      if (attributes.keys[a] === key) return String(attributes.values[a]);
      a = attributes.ints[a * ATTR_INTS + A_NEXT] as number;
    }
    return undefined;
  }
}
