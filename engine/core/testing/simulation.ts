/**
 * One run of a random pipeline in virtual time: random traffic, faults and acts, everything from one seed. After each run of
 * the engine's loop the books must balance; at the end, nothing may be left and every batch must have had one outcome.
 */
import { invariant } from '@/lib/base/assert';
import { hashString } from '@/lib/base/hash';
import { createRandom, type Random } from '@/lib/base/random';
import { SIGNALS } from '@/lib/semconv/signals';
import type { Act, ActResult, Pipeline } from '../pipeline-api';
import type { TopologyBody } from '../telemetry';
import { balanceOf } from '../totals';
import { type Bench, type Harness, startPipeline } from './harness';
import { type RandomPipeline, randomPipeline } from './random-pipeline';

export interface SimulationResult {
  /** Of every call to telemetry, in order. */
  readonly logHash: number;
  readonly logLines: number;
  readonly admitted: number;
  readonly end: ActResult;
}

/** `cutOff`: the end is a shutdown whose deadline falls into the middle of the work. */
export async function simulate(seed: number, cutOff: boolean): Promise<SimulationResult> {
  const random = createRandom(seed);
  const shape = randomPipeline(random);
  const recording = random.next() < 0.8;
  const harness = await startPipeline(shape.text, { seed, recording, check: checkBooks });
  const played = await playTraffic(harness, shape, random, async () => {
    if (random.next() < 0.05) harness.telemetry.recording = recording && !harness.telemetry.recording;
  });
  const end = await finish(harness, shape, cutOff);
  await Promise.all(played.acts);
  await harness.settle();
  checkBooks(harness.pipeline);
  checkEnd(harness, played, cutOff);
  return {
    logHash: hashString(harness.telemetry.log.join('\n')),
    logLines: harness.telemetry.log.length,
    admitted: played.admissions,
    end,
  };
}

export interface Played {
  readonly admissions: number;
  /** Of the admissions: how many have had one. */
  readonly outcomes: () => number;
  readonly acts: readonly Promise<ActResult>[];
}

/** Random batches, acts, crashes and leaps of time over thirty steps. */
export async function playTraffic(
  bench: Bench,
  shape: RandomPipeline,
  random: Random,
  afterStep: () => Promise<void>,
): Promise<Played> {
  let admissions = 0;
  let outcomes = 0;
  const acts: Promise<ActResult>[] = [];
  const whole = (below: number) => Math.floor(random.next() * below);
  for (let step = 0; step < 30; step++) {
    for (let i = 0; i < whole(6); i++) {
      admissions++;
      const source = random.next() < 0.5 ? 'received' : 'created';
      const receiver = shape.receivers[whole(shape.receivers.length)] ?? '';
      void bench.admit(receiver, whole(30), { source }).then(() => outcomes++);
    }
    // Now and then more acts at once than a control channel holds.
    const actCount = random.next() < 0.02 ? 300 : random.next() < 0.4 ? 1 : 0;
    for (let i = 0; i < actCount; i++)
      acts.push(bench.pipeline.act(randomAct(random, shape, `act-${step}-${i}`)));
    if (random.next() < 0.08) {
      bench.crash(
        shape.workers[whole(shape.workers.length)] ?? '',
        random.next() < 0.5 ? 'at once' : 'afterwards',
      );
    }
    if (random.next() < 0.05) await bench.leap(random.next() * 5_000);
    await bench.pass(random.next() * 25);
    await afterStep();
  }
  return { admissions, outcomes: () => outcomes, acts };
}

async function finish(harness: Harness, shape: RandomPipeline, cutOff: boolean): Promise<ActResult> {
  const { pipeline, pass, telemetry } = harness;
  if (!cutOff) await heal(harness, shape, () => telemetry.bodies.at(-1));
  const ended = pipeline.shutdown('end of the run', cutOff ? 20 : 600_000);
  await pass(cutOff ? 1_000 : 600_000);
  return ended;
}

/** What has crashed, and what acts have stalled or stopped, goes on, so that a drain can be clean. */
export async function heal(
  bench: Bench,
  shape: RandomPipeline,
  topology: () => TopologyBody | undefined,
): Promise<void> {
  const { pipeline, pass } = bench;
  bench.mend();
  for (const target of [...shape.workers, ...shape.receivers]) {
    void pipeline.act(actOn(target, 'config_update', `heal-${target}`, { change: { faults: {} } }));
  }
  await pass(0);
  await pass(60_000);
  for (const { id, state } of topology()?.nodes ?? []) {
    if (state !== 'running') void pipeline.act(actOn(id, 'restart', `again-${id}`, {}));
  }
  await pass(10);
}

export function checkBooks(pipeline: Pipeline): void {
  const { counters, layout } = pipeline;
  const { admitted, created, delivered, dropped, returned, inFlight, inChannels } = pipeline.totals();
  const left = admitted + created - delivered - dropped - returned - inFlight - inChannels;
  invariant(left === 0, `the pipeline balances, but for ${left} items`);
  for (const { index, id } of layout.nodes) {
    SIGNALS.forEach((signal, at) => {
      const balance = balanceOf(counters, layout, index, at);
      invariant(balance === 0, `${id} balances for ${signal}, but for ${balance} items`);
      invariant(
        (counters.inFlight[index * SIGNALS.length + at] ?? 0) >= 0,
        `${id} has no fewer than no items`,
      );
    });
  }
}

function checkEnd(harness: Harness, played: Played, cutOff: boolean): void {
  const { pipeline, telemetry } = harness;
  const { inFlight, inChannels } = pipeline.totals();
  invariant(
    inFlight === 0 && inChannels === 0,
    `nothing is left, but ${inFlight} in flight, ${inChannels} queued`,
  );
  invariant(
    played.outcomes() === played.admissions,
    `${played.outcomes()} outcomes for ${played.admissions} admissions`,
  );
  const lost = [...pipeline.counters.dropped].filter(([reason]) => reason.endsWith('_deadline'));
  const atEnd = pipeline.state;
  invariant(atEnd === 'stopped', `it has stopped, not ${atEnd}`);
  if (!cutOff) {
    const forcedActs = telemetry.records.filter(({ outcome }) => outcome === 'forced');
    invariant(lost.length === 0 || forcedActs.length > 0, 'only a deadline that has passed loses anything');
    const complaints = harness.messages.filter(
      (line) => line.startsWith('error') && !line.includes('has crashed'),
    );
    invariant(complaints.length === 0, `nothing but crashes is complained of: ${complaints.join()}`);
  }
  const { records } = telemetry;
  invariant(new Set(records.map(({ id }) => id)).size === records.length, 'each act is told once');
  if (!telemetry.recording || telemetry.switched) return;
  invariant(telemetry.openSpans().length === 0, `every span has ended, but ${telemetry.openSpans().join()}`);
  invariant(
    telemetry.openTraces().length === 0,
    `every trace is complete, but ${telemetry.openTraces().join()}`,
  );
}

function randomAct(random: Random, shape: RandomPipeline, id: string): Act {
  const whole = (below: number) => Math.floor(random.next() * below);
  const target = shape.workers[whole(shape.workers.length)] ?? '';
  switch (whole(8)) {
    case 0:
      return actOn(target, 'config_update', id, { change: { concurrency: 1 + whole(5) } });
    case 1:
      return actOn(`pdata:${target}`, 'config_update', id, { change: { capacity: 1 + whole(8) } });
    case 2:
      return actOn(target, 'config_update', id, {
        change: {
          faults: {
            latencyMs: whole(20),
            jitterMs: whole(20),
            errorRate: random.next() / 2,
            dropRate: random.next() / 4,
          },
        },
      });
    case 3:
      return actOn(target, 'config_update', id, { change: { faults: { stall: true } } });
    case 4:
      return actOn(target, 'config_update', id, { change: { faults: {} } });
    case 5:
      return actOn(target, 'restart', id, { deadlineMs: 30 + whole(300) });
    case 6:
      return actOn(target, 'drain', id, { deadlineMs: 30 + whole(300) });
    default:
      return actOn(whole(2) === 0 ? target : (shape.receivers[0] ?? ''), 'restart', id, { deadlineMs: 50 });
  }
}

function actOn(target: string, action: Act['action'], id: string, more: Partial<Act>): Act {
  return { id, origin: 'operator', revision: 1, target, action, ...more };
}
