/** The trials of the benchmark: what is run, and whether what was said of it was right. */
import { createRandom, type Random } from '@/lib/base/random';
import { drawFault, FAULT_TYPES, type Fault, type FaultType, type Said } from './faults';
import { type ControlInRun, runPlan } from './judged-run';
import { type Outcome, outcomeOf, SEEN_BY, WITHIN } from './outcome';
import type { PipelineSpec } from './pipeline-spec';
import { between, randomPipeline } from './random-pipeline';
import { harm, visibleFrom } from './twins';

/** Virtual seconds: a past to compare with, then the fault, then time to see it. */
const FAULT_FROM = 100;
/** What becomes visible in the last of them is given its time as well. */
const SECONDS = SEEN_BY + WITHIN;
const HEALTHY_SECONDS = 155;
const JUDGED_FROM = 85;
/** Seconds around the onset in which an action that has nothing to do with it falls. */
const SHAM_AROUND = 20;

export interface Silence {
  readonly seed: number;
  readonly pipeline: string;
  readonly what: 'healthy' | 'restart';
  readonly said: readonly (Said & { readonly second: number })[];
}

export interface Sham {
  readonly seed: number;
  readonly named: boolean;
  readonly sameNode: boolean;
}

export interface Trial {
  readonly discarded: boolean;
  readonly one: Outcome | null;
  readonly two: Outcome | null;
  readonly silences: readonly Silence[];
  readonly sham: Sham | null;
}

const NOTHING: Trial = { discarded: true, one: null, two: null, silences: [], sham: null };

/** One pipeline: healthy, with one fault, and in turn restarted, with two faults, or with an action beside the fault. */
export function runTrial(seed: number): Trial {
  const spec = randomPipeline(seed);
  const random = createRandom(seed ^ 0x5bd1e995);
  const twin = runPlan({ spec, seconds: HEALTHY_SECONDS, faults: [], control: [], judgedFrom: JUDGED_FROM });
  // A pipeline that loses items by itself is not healthy.
  if ((twin.lost.at(-1) ?? 0) > 0) return NOTHING;
  const fault = anyFault(spec, random);
  const pipeline = `${spec.style} ${spec.shape} of ${spec.nodes.length}, ${Math.round(spec.load * 100)} %`;
  const healthy: Silence = { seed, pipeline, what: 'healthy', said: saidIn(twin.said) };
  const control = fault.kind === 'bad_config' ? [pushOf(fault)] : [];
  const run = runPlan({ spec, seconds: SECONDS, faults: [fault], control, judgedFrom: JUDGED_FROM });
  const visible = visibleFrom(run, twin, Math.ceil(fault.at + 1e-9));
  const turn = seed % 3;
  return {
    discarded: false,
    one: outcomeOf(spec, seed, pipeline, [fault], run.said, visible),
    two: turn === 0 ? twoFaults(spec, seed, pipeline, fault, random) : null,
    silences: turn === 1 ? [healthy, restarted(spec, seed, pipeline, random)] : [healthy],
    sham: turn === 2 ? shamTrial(spec, seed, fault, random) : null,
  };
}

function restarted(spec: PipelineSpec, seed: number, pipeline: string, random: Random): Silence {
  const control = [restartOf(spec, random)];
  const run = runPlan({ spec, seconds: HEALTHY_SECONDS, faults: [], control, judgedFrom: JUDGED_FROM });
  return { seed, pipeline, what: 'restart', said: saidIn(run.said) };
}

function twoFaults(
  spec: PipelineSpec,
  seed: number,
  pipeline: string,
  first: Fault,
  random: Random,
): Outcome | null {
  const second = otherFault(spec, first, random);
  if (!second) return null;
  const run = (faults: readonly Fault[], judgedFrom: number | null) =>
    runPlan({ spec, seconds: SECONDS, faults, control: [], judgedFrom });
  // Healthy, but measured from the same moment on.
  const twin = run([{ ...first, kind: 'slow', magnitude: 1 }], null);
  const [a, b] = [run([first], null), run([second], null)];
  const both = run([first, second], JUDGED_FROM);
  // A fault is seen where it shows beside the other: behind a standstill nothing else does.
  const isSeen = (other: typeof a, fault: Fault) =>
    visibleFrom(both, other, Math.ceil(fault.at + 1e-9), twin);
  const [seenA, seenB] = [isSeen(b, first), isSeen(a, second)];
  const [harmA, harmB] = [harm(a, twin), harm(b, twin)];
  const ordered = harmA >= harmB ? [first, second] : [second, first];
  // Nor can one be told of that was over before the other showed.
  const isTogether = [first, second].every(
    ({ kind, at, magnitude }) => kind !== 'stall' || Math.max(seenA ?? 0, seenB ?? 0) <= at + magnitude,
  );
  const seen = seenA === null || seenB === null || !isTogether ? null : Math.max(seenA, seenB);
  return outcomeOf(spec, seed, pipeline, ordered, both.said, seen, harmA === harmB);
}

function shamTrial(spec: PipelineSpec, seed: number, fault: Fault, random: Random): Sham | null {
  if (fault.kind === 'bad_config') return null;
  const target = spec.nodes[Math.floor(random.next() * spec.nodes.length)]?.id ?? '';
  const at = fault.at + between(random, -SHAM_AROUND, SHAM_AROUND / 4);
  const sham: ControlInRun = { id: 'sham', action: 'config_update', target, at };
  const run = runPlan({ spec, seconds: SECONDS, faults: [fault], control: [sham], judgedFrom: JUDGED_FROM });
  const named = run.said.some((findings) => findings.some(({ followed }) => followed === 'sham'));
  return { seed, named, sameNode: target === fault.node };
}

function saidIn(said: readonly (readonly Said[])[]): Silence['said'] {
  const seen = new Map<string, Said & { readonly second: number }>();
  for (const [i, findings] of said.entries()) {
    for (const one of findings) {
      const key = `${one.kind} ${one.node} ${one.from} ${one.to}`;
      if (!seen.has(key)) seen.set(key, { ...one, second: i + 1 });
    }
  }
  return [...seen.values()];
}

/** Kinds and magnitudes in equal parts, as far as pipelines have a place for them. */
function anyFault(spec: PipelineSpec, random: Random): Fault {
  for (;;) {
    const type = FAULT_TYPES[Math.floor(random.next() * FAULT_TYPES.length)] as FaultType;
    const fault = drawFault(spec, type, random, FAULT_FROM + between(random, 0, 5));
    if (fault) return fault;
  }
}

function otherFault(spec: PipelineSpec, first: Fault, random: Random): Fault | null {
  for (let attempt = 0; attempt < 20; attempt++) {
    const second = anyFault(spec, random);
    if (second.node !== first.node && second.kind !== first.kind) return { ...second, at: first.at };
  }
  return null;
}

function restartOf(spec: PipelineSpec, random: Random): ControlInRun {
  const targets = ['pipeline', ...spec.nodes.filter(({ role }) => role !== 'source').map(({ id }) => id)];
  const isWhole = random.next() < 0.4;
  const target = isWhole ? 'pipeline' : (targets[Math.floor(random.next() * targets.length)] ?? 'pipeline');
  return { id: 'restart', action: 'restart', target, at: FAULT_FROM + random.next() };
}

function pushOf(fault: Fault): ControlInRun {
  return { id: 'push', action: 'config_update', target: fault.node, at: fault.at - 0.05 };
}
