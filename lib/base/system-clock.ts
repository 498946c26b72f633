import type { Clock } from './clock';
import { epochNanosFromMs } from './time';

/** The real clock: `process.hrtime` counted from the Unix time at which it was created. Node only. */
export function createSystemClock(): Clock {
  const epoch = epochNanosFromMs(Date.now());
  const zero = process.hrtime();
  const zeroSeconds = zero[0];
  const zeroNanos = zero[1];
  const readInto = (out: Float64Array, index: number) => {
    const [seconds, nanos] = process.hrtime();
    out[index] = (seconds - zeroSeconds) * 1e9 + (nanos - zeroNanos);
  };
  return {
    epoch,
    readInto,
    nowNs() {
      const [seconds, nanos] = process.hrtime();
      return (seconds - zeroSeconds) * 1e9 + (nanos - zeroNanos);
    },
    setTimer(callback, delayMs) {
      const handle = setTimeout(callback, Math.max(0, delayMs));
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
