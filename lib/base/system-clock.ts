import type { Clock } from './clock';
import { epochNanosFromMs } from './time';

/**
 * The real clock: the monotonic time of `process.hrtime.bigint`, counted from the Unix time at which it was created.
 * Node only. A bigint that goes straight into a BigInt64Array is never made an object once the code is optimised, and
 * costs a quarter less than the pair of numbers that `process.hrtime` gives; its two words are read as integers.
 */
export function createSystemClock(): Clock {
  const epoch = epochNanosFromMs(Date.now());
  const { bigint } = process.hrtime;
  const zero = bigint();
  const nanos = new BigInt64Array(1);
  const words = new Uint32Array(nanos.buffer);
  // Constants of this function, which the compiler puts in place; those of a module it looks up at every reading.
  const twoTo32 = 0x1_0000_0000;
  const high = upperHalf();
  const low = 1 - high;
  const readInto = (out: Float64Array, index: number) => {
    nanos[0] = bigint() - zero;
    out[index] = (words[high] as number) * twoTo32 + (words[low] as number);
  };
  return {
    epoch,
    readInto,
    nowNs: () => Number(bigint() - zero),
    setTimer(callback, delayMs) {
      const handle = setTimeout(callback, Math.max(0, delayMs));
      return { cancel: () => clearTimeout(handle) };
    },
  };
}

/** Which half of a 64-bit integer is the upper one: 1 on the little-endian machines that we know of. */
function upperHalf(): number {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
}
