/**
 * A recorder of its own over a pipeline of three nodes, and hops through it as the core makes them: what the live
 * calibration and the benches run. Calls are guarded as in the core, so that without recording only the guard is left.
 */

import { CorePdata } from '@/engine/core/core-pdata';
import { CounterStore } from '@/engine/core/counter-store';
import { Flow, type FlowOwner } from '@/engine/core/flow';
import type { Payload } from '@/engine/core/payload';
import { UNTRACED } from '@/engine/core/pdata';
import type { LayoutNode, PipelineLayout, SpanRow } from '@/engine/core/telemetry';
import type { Clock } from '@/lib/base/clock';
import type { CompiledPolicies } from '@/lib/sampling/compile';
import { Recorder, type RecordingMode } from './recorder';
import * as columns from './span-columns';
import { SpanHandles } from './span-handles';
import * as ring from './span-ring';
import { TailSampler } from './tail-sampler';
import { TraceColumnsView } from './trace-columns-view';

/** Spans of one trace here: admission, processing, export. */
export const HOPS_A_TRACE = 3;

export interface ScratchPipeline {
  readonly recorder: Recorder;
  setMode(mode: RecordingMode): void;
  /** Traces of three hops each, with `work` done inside every hop. */
  run(traces: number, work: () => void): void;
  /** The same without a word about telemetry. */
  runBare(traces: number, work: () => void): void;
  /** Row of the span in which `work` is being done; UNTRACED at the door, and where nothing is recorded. */
  open(): SpanRow;
  /** What follows on recording: decisions, and rows taken off the queue of those that are kept. */
  drain(): void;
}

export interface ScratchOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly rows: number;
  readonly policies: CompiledPolicies;
}

export function createScratchPipeline(options: ScratchOptions): ScratchPipeline {
  const recorder = new Recorder(options);
  const layout = scratchLayout();
  const counters = new CounterStore(layout.nodes.length, layout.channels.length, layout.edges.length);
  counters.capacity.fill(128);
  recorder.setLayout(layout, counters, 1);
  const view = new TraceColumnsView(recorder, () => undefined, {});
  const sampler = new TailSampler({ recorder, view, onDecided: () => undefined });
  sampler.setPolicies(
    options.policies,
    options.policies.policies.map((_, index) => index),
    30_000,
  );
  const handles = new SpanHandles(recorder);
  recorder.listener = {
    completed: (trace) => sampler.completed(trace),
    overdue: (trace) => sampler.force(trace),
    lateEvent: () => undefined,
    handle: (row) => handles.of(row),
    released: (handle) => handles.release(handle),
  };
  const pdata = scratchPdata();
  const counts = counters.out.batches;

  let open = UNTRACED;
  const oneTrace = (work: () => void) => {
    open = UNTRACED;
    let receiver = UNTRACED;
    let processor = UNTRACED;
    let exporter = UNTRACED;
    pdata.trace = UNTRACED;
    // A receiver has read and checked what it admits; what it admits goes out at once.
    work();
    if (recorder.recording) {
      receiver = recorder.beginAdmission(0, pdata, true);
      recorder.opened(pdata.trace);
    }
    counts[0] = (counts[0] as number) + 1;
    if (recorder.recording) {
      recorder.sent(0, 0, 0, 1, pdata);
      recorder.accepted(receiver, 0, 1, 0);
      recorder.outcomeWaitBegins(receiver);
    }
    if (recorder.recording) processor = recorder.begin(1, pdata, 0, 0, 1);
    open = processor;
    work();
    counts[1] = (counts[1] as number) + 1;
    if (recorder.recording) {
      pdata.span = processor;
      recorder.sent(1, 1, 0, 1, pdata);
      recorder.accepted(processor, 1, 1, 0);
      recorder.end(processor, 'success', '');
    }
    if (recorder.recording) exporter = recorder.begin(2, pdata, 1, 0, 1);
    open = exporter;
    work();
    counts[2] = (counts[2] as number) + 1;
    if (recorder.recording) {
      recorder.acked(exporter, 'ok');
    }
    if (recorder.recording) {
      recorder.acked(receiver, null);
      recorder.resolved(pdata.trace);
    }
  };
  const bareTrace = (work: () => void) => {
    pdata.trace = UNTRACED;
    work();
    counts[0] = (counts[0] as number) + 1;
    work();
    counts[1] = (counts[1] as number) + 1;
    work();
    counts[2] = (counts[2] as number) + 1;
  };
  const drain = () => {
    if (recorder.mode === 'tail') sampler.decide();
    const { spans, ready } = recorder;
    for (let row = ready.shift(); row !== 0; row = ready.shift()) {
      const at = (row & spans.mask) * columns.INT_STRIDE + columns.I_STATE;
      spans.ints[at] = ((spans.ints[at] as number) & ~columns.STATE_MASK) | columns.DONE;
    }
  };
  return {
    recorder,
    setMode: (mode) => recorder.setMode(mode),
    run(traces, work) {
      for (let i = 0; i < traces; i++) oneTrace(work);
    },
    runBare(traces, work) {
      for (let i = 0; i < traces; i++) bareTrace(work);
    },
    open: () => open,
    drain,
  };
}

/** A pdata of the core's own kind, so that the live recorder's code sees no second one. */
function scratchPdata(): CorePdata {
  const payload: Payload = {
    signal: 'logs',
    bytes: () => new Uint8Array(0),
    decoded: () => ({ signal: 'logs', data: { resourceLogs: [] } }),
  };
  const owner: FlowOwner = {
    index: 0,
    get runtime(): never {
      throw new Error('nobody hears what becomes of a scratch pdata');
    },
    completed: () => undefined,
  };
  const flow = new Flow('admission', owner, { heard: () => undefined });
  return new CorePdata(1, ring.NO_PARTS, 'logs', 512, payload, flow);
}

function scratchLayout(): PipelineLayout {
  const node = (index: number, kind: LayoutNode['kind'], channel: number): LayoutNode => ({
    index,
    id: `${kind}-${index}`,
    urn: `urn:otel:${kind}:scratch`,
    kind,
    typeId: 'scratch',
    stateful: false,
    waitsForOutcome: false,
    changesUnit: false,
    ports: ['default'],
    channel,
  });
  return {
    pipelineId: 'scratch',
    revision: 1,
    nodes: [node(0, 'receiver', -1), node(1, 'processor', 0), node(2, 'exporter', 1)],
    channels: [
      { index: 0, id: 'pdata:processor-1', kind: 'pdata', node: 1 },
      { index: 1, id: 'pdata:exporter-2', kind: 'pdata', node: 2 },
    ],
    edges: [
      { index: 0, from: 0, port: 'default', channel: 0 },
      { index: 1, from: 1, port: 'default', channel: 1 },
    ],
  };
}
