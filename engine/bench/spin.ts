/** Work of a known length: arithmetic that nothing can optimise away. */

const sink = new Int32Array(1);

export function spin(iterations: number): void {
  let x = (sink[0] as number) | 1;
  for (let i = 0; i < iterations; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  sink[0] = x;
}

/** Iterations of `spin` that take `ns`, by the fastest of many trials. */
export function spinIterations(ns: number): number {
  const trial = 20_000;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const start = process.hrtime.bigint();
    spin(trial);
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return Math.max(1, Math.round((ns * trial) / best));
}
