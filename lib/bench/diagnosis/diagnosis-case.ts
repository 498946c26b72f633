/**
 * `npm run bench -- diagnosis --seed N --runs M`: the share of visible faults that are named right and first, on any
 * seed. Thresholds were tuned on seeds 0 to 5 and 211; what is reported is another.
 */
import { writeFileSync } from 'node:fs';
import { createRandom } from '@/lib/base/random';
import type { BenchCase } from '../harness';
import { confusionPage } from './confusion-page';
import { score, shareOf } from './score';
import { runTrial, type Trial } from './trials';

const RUNS = 200;
const QUICK_RUNS = 20;
/** Pipelines of one seed: further apart than anyone runs. */
const APART = 100_000;

export const diagnosisCase: BenchCase = {
  name: 'diagnosis',
  unit: 'share right first',
  run({ seed, quick, runs = quick ? QUICK_RUNS : RUNS, page }) {
    const trials: Trial[] = [];
    for (let i = 1; i <= runs; i++) trials.push(runTrial(seed * APART + i));
    const scored = score(trials);
    const hits = trials.flatMap(({ one }) => (one?.visible ? [one.right ? 1 : 0] : []));
    if (page !== undefined) {
      const command = `npm run bench -- diagnosis --seed ${seed} --runs ${runs}`;
      writeFileSync(page, confusionPage([{ title: `Seed ${seed}`, command, score: scored }]));
    }
    const { rows: _, ...shares } = scored;
    return {
      median: shareOf(scored.one),
      ci: meanInterval(hits, seed),
      peer: null,
      floor: null,
      aa: null,
      samples: hits.length,
      structural: true,
      detail: {
        rightFirst: shareOf(scored.one),
        silentWhenHealthy: shareOf(scored.healthy),
        silentAtRestart: shareOf(scored.restart),
        twoFaults: shareOf(scored.two),
        shamNotNamed: shareOf(scored.sham),
        ...shares,
        rows: scored.rows,
      },
    };
  },
};

/** Bootstrap, 95 %, of a share: resampled shares, whose outer quantiles are the interval. */
function meanInterval(hits: readonly number[], seed: number): readonly [number, number] | null {
  if (hits.length === 0) return null;
  const random = createRandom(seed);
  const means = Array.from({ length: 1_000 }, () => {
    let sum = 0;
    for (let i = 0; i < hits.length; i++) sum += hits[Math.floor(random.next() * hits.length)] ?? 0;
    return sum / hits.length;
  }).sort((a, b) => a - b);
  return [means[25] ?? 0, means[974] ?? 1];
}
