import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { decodeMetrics } from './decode-metrics';
import { encodeMetrics } from './encode-metrics';
import { attempt } from './malformed';
import { metricPieces } from './metric-pieces';
import { createRandomOtlp } from './testing/random-otlp';
import type { MetricsData } from './types';

const RUNS = Number(process.env.WEIR_FUZZ ?? 4_000);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 20_261_124);
const LIMITS = { points: 2, bytes: 60 };

type ResourceMetrics = MetricsData['resourceMetrics'][number];

/** Every point with all that it stands under; a metric without points once. */
function flat(parts: readonly ResourceMetrics[]): unknown[] {
  return parts.flatMap(({ scopeMetrics, ...resource }) =>
    scopeMetrics.flatMap(({ metrics, ...scope }) =>
      metrics.flatMap((metric) => {
        const { gauge, sum, histogram, exponentialHistogram, summary, ...head } = metric;
        const kinds = { gauge, sum, histogram, exponentialHistogram, summary };
        const [name, data] = Object.entries(kinds).find(([, one]) => one !== undefined) ?? ['', undefined];
        const { dataPoints, ...rest } = data ?? { dataPoints: [] };
        const under = { resource, scope, head, name, rest };
        return dataPoints.length === 0
          ? [under]
          : [...(dataPoints as readonly unknown[])].map((point) => ({ ...under, point }));
      }),
    ),
  );
}

function pieces(bytes: Uint8Array): ResourceMetrics[] | null {
  const all = attempt(() => [...metricPieces(bytes, LIMITS)]);
  if (!all.ok) return null;
  return all.value.flatMap((piece) => {
    if (piece === null) return [];
    expect(
      flat([piece.part]).filter((one) => typeof one === 'object' && one !== null && 'point' in one),
    ).toHaveLength(piece.count);
    return [piece.part];
  });
}

describe('metrics in pieces', () => {
  it(`say together what the whole says (seed ${SEED})`, () => {
    const otlp = createRandomOtlp(createRandom(SEED));
    let cut = 0;
    for (let run = 0; run < RUNS / 4; run++) {
      const bytes = encodeMetrics(otlp.metrics());
      const data = decodeMetrics(bytes);
      if (!data.ok) throw new Error(data.error.message);
      const { resourceMetrics } = data.value;
      const parts = pieces(bytes);
      expect(flat(parts ?? []), `run ${run}`).toEqual(flat(resourceMetrics));
      if ((parts?.length ?? 0) > resourceMetrics.length) cut++;
    }
    expect(cut).toBeGreaterThan(RUNS / 40);
  });

  it(`are refused where the whole is, and mean the same where it is broken but can be read (seed ${SEED})`, () => {
    const random = createRandom(SEED + 1);
    const otlp = createRandomOtlp(random);
    let read = 0;
    let refused = 0;
    for (let run = 0; run < RUNS; run++) {
      const bytes = encodeMetrics(otlp.metrics()).slice();
      if (bytes.length === 0) continue;
      for (let i = 0; i < 2; i++)
        bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
      const whole = decodeMetrics(bytes);
      const parts = pieces(bytes);
      if (whole.ok) {
        read++;
        expect(flat(parts ?? []), `run ${run}`).toEqual(flat(whole.value.resourceMetrics));
      } else {
        refused++;
        expect(parts, `run ${run}`).toBeNull();
      }
    }
    expect(Math.min(read, refused)).toBeGreaterThan(RUNS / 20);
  });
});
