/**
 * A recorder of its own over a pipeline of three nodes, and hops through it as the core makes them: what the live
 * calibration and the benches run. Calls are guarded as in the core, so that without recording only the guard is left.
 */

import { CounterStore } from '@/engine/core/counter-store';
import type { Payload } from '@/engine/core/payload';
import { type Pdata, UNTRACED } from '@/engine/core/pdata';
import type { LayoutNode, PipelineLayout } from '@/engine/core/telemetry';
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

  const oneTrace = (work: () => void) => {
    let receiver = UNTRACED;
    let processor = UNTRACED;
    let exporter = UNTRACED;
    pdata.trace = UNTRACED;
    if (recorder.recording) {
      receiver = recorder.beginAdmission(0, pdata);
      recorder.opened(pdata.trace);
    }
    work();
    counts[0] = (counts[0] as number) + 1;
    if (recorder.recording) {
      recorder.sent(0, 0, 0, 1, pdata);
      recorder.accepted(receiver, 0, 1, 0);
      recorder.end(receiver, 'success', '');
    }
    if (recorder.recording) processor = recorder.begin(1, pdata, 0, 0, 1);
    work();
    counts[1] = (counts[1] as number) + 1;
    if (recorder.recording) {
      pdata.span = processor;
      recorder.sent(1, 1, 0, 1, pdata);
      recorder.accepted(processor, 1, 1, 0);
      recorder.end(processor, 'success', '');
    }
    if (recorder.recording) exporter = recorder.begin(2, pdata, 1, 0, 1);
    work();
    counts[2] = (counts[2] as number) + 1;
    if (recorder.recording) {
      recorder.end(exporter, 'success', '');
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
    drain,
  };
}

function scratchPdata(): Pdata {
  const payload: Payload = {
    signal: 'logs',
    bytes: () => new Uint8Array(0),
    decoded: () => ({ signal: 'logs', data: { resourceLogs: [] } }),
  };
  return {
    serial: 1,
    parts: ring.NO_PARTS,
    signal: 'logs',
    items: 512,
    payload,
    route: { kind: 'scratch' },
    trace: UNTRACED,
    span: UNTRACED,
    origin: null,
    path: 0,
  };
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
