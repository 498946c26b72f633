/**
 * The smallest power of two that is not below `least`, at most 2^30. The result is a small integer: `2 ** n` gives a
 * double, and a mask made of it is unpacked and converted at every use.
 */
export function powerOfTwo(least: number): number {
  let power = 1;
  while (power < least && power < 2 ** 30) power <<= 1;
  return power;
}
