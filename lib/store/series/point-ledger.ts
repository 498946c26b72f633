/** How many points are held: by the ten seconds of their time, so that what has aged out is counted as gone. */
import { COARSE_BINS, COARSE_SECONDS, RETENTION_SECONDS } from './resolution';

export interface PointLedger {
  readonly held: number;
  readonly evicted: number;
  add(at: number, points: number): void;
  expire(now: number): void;
}

export function createPointLedger(): PointLedger {
  const bins = new Int32Array(2 * COARSE_BINS).fill(-1);
  const points = new Float64Array(2 * COARSE_BINS);
  let held = 0;
  let evicted = 0;
  let expiredUpTo = Number.NEGATIVE_INFINITY;

  const clear = (at: number) => {
    const gone = points[at] as number;
    held -= gone;
    evicted += gone;
    points[at] = 0;
  };
  return {
    get held() {
      return held;
    },
    get evicted() {
      return evicted;
    },
    add(at, amount) {
      const bin = Math.floor(at / COARSE_SECONDS);
      const place = bin % bins.length;
      if (bins[place] !== bin) {
        clear(place);
        bins[place] = bin;
      }
      points[place] = (points[place] as number) + amount;
      held += amount;
    },
    expire(now) {
      const oldest = Math.floor((now - RETENTION_SECONDS) / COARSE_SECONDS);
      if (oldest <= expiredUpTo) return;
      expiredUpTo = oldest;
      for (let place = 0; place < bins.length; place++) {
        if ((bins[place] as number) < oldest) clear(place);
      }
    },
  };
}
