/**
 * Chance by key instead of by turn: what happens to batch k at node n is a function of the seed, n and k. So a run and
 * its twin differ by the fault and by what follows from it, and by nothing else.
 */

/** The finalizer of MurmurHash3 over two words. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b + 0x9e3779b9, 0x85ebca6b), 0xcc9e2d51);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in [0, 1). */
export function keyed(salt: number, key: number, purpose: number): number {
  return mix(mix(salt, key), purpose) / 0x1_0000_0000;
}

/** Log-normal with mean 1 and the given coefficient of variation. */
export function keyedSpread(salt: number, key: number, purpose: number, cv: number): number {
  const variance = Math.log(1 + cv * cv);
  const radius = Math.sqrt(-2 * Math.log(1 - keyed(salt, key, purpose)));
  const normal = radius * Math.cos(2 * Math.PI * keyed(salt, key, purpose + 101));
  return Math.exp(Math.sqrt(variance) * normal - variance / 2);
}

/** Exponential with mean 1. */
export function keyedGap(salt: number, key: number, purpose: number): number {
  return -Math.log(1 - keyed(salt, key, purpose));
}
