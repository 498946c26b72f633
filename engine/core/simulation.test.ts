import { describe, expect, it } from 'vitest';
import { simulate } from './testing/simulation';

/** More by `WEIR_SIM_SEEDS=20000`. */
const SEEDS = Number.parseInt(process.env.WEIR_SIM_SEEDS ?? '1000', 10);

async function simulateAll(cutOff: boolean, seeds: number): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      const { end } = await simulate(seed, cutOff);
      if (!cutOff && end.outcome !== 'applied') failures.push(`seed ${seed}: ${end.outcome} ${end.message}`);
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failures;
}

describe('a random pipeline under random traffic, faults and acts', () => {
  it('balances at every step, resolves every batch once and loses nothing in a drain', {
    timeout: 600_000,
  }, async () => {
    expect(await simulateAll(false, SEEDS)).toEqual([]);
  });

  it('counts what a deadline cuts off and leaves nothing behind', { timeout: 600_000 }, async () => {
    expect(await simulateAll(true, SEEDS)).toEqual([]);
  });

  it('does the same from the same seed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(await simulate(seed, seed % 2 === 0)).toEqual(await simulate(seed, seed % 2 === 0));
    }
  });
});
