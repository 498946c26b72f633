/**
 * One run of a random pipeline in virtual time: random traffic, faults and acts, everything from one seed. After each run of
 * the engine's loop the books must balance; at the end, nothing may be left and every batch must have had one outcome.
 */
import { invariant } from '@/lib/base/assert';
import { hashString } from '@/lib/base/hash';
import { createRandom, type Random } from '@/lib/base/random';
import { SIGNALS } from '@/lib/semconv/signals';
import type { Act, ActResult, Pipeline } from '../pipeline-api';
import { balanceOf } from '../totals';
import { type Harness, startPipeline } from './harness';
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
  let admissions = 0;
  let outcomes = 0;
  const acts: Promise<ActResult>[] = [];
  for (let step = 0; step < 30; step++) {
    for (let i = 0; i < Math.floor(random.next() * 6); i++) {
      admissions++;
      const source = random.next() < 0.5 ? 'received' : 'created';
      const receiver = shape.receivers[Math.floor(random.next() * shape.receivers.length)] ?? '';
      void harness.admit(receiver, Math.floor(random.next() * 30), { source }).then(() => outcomes++);
    }
    // Now and then more acts at once than a control channel holds.
    const actCount = random.next() < 0.02 ? 300 : random.next() < 0.4 ? 1 : 0;
    for (let i = 0; i < actCount; i++)
      acts.push(harness.pipeline.act(randomAct(random, shape, `act-${step}-${i}`)));
    if (random.next() < 0.08) {
      const node = shape.workers[Math.floor(random.next() * shape.workers.length)] ?? '';
      harness.crash(node, random.next() < 0.5 ? 'at once' : 'afterwards');
    }
    if (random.next() < 0.05) await harness.leap(random.next() * 5_000);
    if (random.next() < 0.05) harness.telemetry.recording = recording && !harness.telemetry.recording;
    await harness.pass(random.next() * 25);
  }
  const end = await finish(harness, shape, cutOff);
  await Promise.all(acts);
  await harness.settle();
  checkBooks(harness.pipeline);
  checkEnd(harness, admissions, outcomes, cutOff);
  return {
    logHash: hashString(harness.telemetry.log.join('\n')),
    logLines: harness.telemetry.log.length,
    admitted: admissions,
    end,
  };
}

async function finish(harness: Harness, shape: RandomPipeline, cutOff: boolean): Promise<ActResult> {
  const { pipeline, pass, telemetry } = harness;
  if (!cutOff) {
    // What has crashed, and what acts have stalled or stopped, goes on, so that the drain can be clean.
    harness.mend();
    for (const target of [...shape.workers, ...shape.receivers]) {
      void pipeline.act(actOn(target, 'config_update', `heal-${target}`, { change: { faults: {} } }));
    }
    await pass(0);
    await pass(60_000);
    for (const { id, state } of telemetry.bodies.at(-1)?.nodes ?? []) {
      if (state !== 'running') void pipeline.act(actOn(id, 'restart', `again-${id}`, {}));
    }
    await pass(10);
  }
  const ended = pipeline.shutdown('end of the run', cutOff ? 20 : 600_000);
  await pass(cutOff ? 1_000 : 600_000);
  return ended;
}

function checkBooks(pipeline: Pipeline): void {
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

function checkEnd(harness: Harness, admissions: number, outcomes: number, cutOff: boolean): void {
  const { pipeline, telemetry } = harness;
  const { inFlight, inChannels } = pipeline.totals();
  invariant(
    inFlight === 0 && inChannels === 0,
    `nothing is left, but ${inFlight} in flight, ${inChannels} queued`,
  );
  invariant(outcomes === admissions, `${outcomes} outcomes for ${admissions} admissions`);
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
