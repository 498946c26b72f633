/**
 * Goodput when ten times as much is asked for as can be taken. Peak: a few senders, each with its next request as
 * soon as the last is answered. Overload: so many that, each coming again after `Retry-After`, ten times the peak's
 * requests arrive; then as few as before again. Refused senders keep their request until it is taken.
 */

import type { HealthAnswer } from '@/lib/api/health';
import { createRandom } from '@/lib/base/random';
import type { BenchCase, BenchContext } from '@/lib/bench/harness';
import { bootstrapMedian, median } from '@/lib/bench/statistics';
import { wait, withProduct } from './live';
import { createConnections, freshRequests, type SendCounts } from './sender';

const SPANS = 2_048;
const PEAK_SENDERS = 8;
const OVERLOAD = 10;
const MAX_SENDERS = 2_000;
const SLICE_MS = 500;

interface Phase extends SendCounts {
  /** Requests accepted in each slice. */
  readonly slices: number[];
  attempts: number;
  seconds: number;
}

async function measure({ quick, seed }: BenchContext) {
  return withProduct(async (product) => {
    const requests = freshRequests(seed, SPANS);
    const random = createRandom(seed);
    const connections = createConnections(product.agentUrl, MAX_SENDERS);
    let sent = 0;
    const run = async (senders: number, ms: number): Promise<Phase> => {
      const phase: Phase = {
        accepted: 0,
        refused: 0,
        refusedWithoutRetryAfter: 0,
        slices: [],
        attempts: 0,
        seconds: 0,
      };
      const began = performance.now();
      const over = () => performance.now() - began >= ms;
      const sender = async () => {
        await wait(random.next() * Math.min(1_000, ms / 4) * (senders > PEAK_SENDERS ? 1 : 0));
        while (!over()) {
          let body: Uint8Array | null = null;
          const make = () => {
            body ??= requests.next();
            return body;
          };
          for (let taken = false; !taken; ) {
            phase.attempts += over() ? 0 : 1;
            const answer = await connections.post(requests.length, make);
            taken = answer.status === 200;
            if (taken) {
              sent += SPANS;
              const slice = Math.floor((performance.now() - began) / SLICE_MS);
              phase.slices[slice] = (phase.slices[slice] ?? 0) + 1;
              if (!over()) phase.accepted++;
            } else {
              phase.refused++;
              if (answer.retryAfterMs === null) phase.refusedWithoutRetryAfter++;
              // Spread over as long again, so that they do not come all at once.
              await wait((answer.retryAfterMs ?? 1_000) * (0.5 + random.next()));
            }
          }
        }
      };
      await Promise.all(Array.from({ length: senders }, sender));
      phase.seconds = ms / 1_000;
      return phase;
    };
    const ms = quick ? 3_000 : 10_000;
    await run(PEAK_SENDERS, ms / 2);
    const peak = await run(PEAK_SENDERS, ms);
    const perSecond = peak.accepted / peak.seconds;
    // Each comes about once a second while it is refused.
    const senders = Math.min(MAX_SENDERS, Math.ceil(OVERLOAD * perSecond));
    const overload = await run(senders, ms);
    const after = await run(PEAK_SENDERS, 2_000);
    const again = await run(PEAK_SENDERS, ms);
    connections.close();
    const health = await product.get<HealthAnswer>('/api/v1/health');
    const { received } = health.ledger.spans;
    return { peak, overload, after, again, sent, received, requests: health.requests, senders };
  });
}

export const overloadGoodput: BenchCase = {
  name: 'overload-goodput',
  unit: 'share of peak',
  async run(context) {
    const { peak, overload, after, again, sent, received, requests, senders } = await measure(context);
    const whole = (phase: Phase) =>
      Array.from({ length: Math.floor((phase.seconds * 1_000) / SLICE_MS) }, (_, i) => phase.slices[i] ?? 0);
    const reference = median(whole(peak));
    const shares = whole(overload)
      .slice(2)
      .map((count) => count / reference);
    return {
      median: median(shares),
      ci: bootstrapMedian(shares, createRandom(context.seed)),
      peer: null,
      floor: null,
      aa: median(whole(again)) / reference,
      samples: shares.length,
      detail: {
        peakSpansPerSec: (peak.accepted * SPANS) / peak.seconds,
        overloadSpansPerSec: (overload.accepted * SPANS) / overload.seconds,
        offeredOverPeak: overload.attempts / overload.seconds / (peak.accepted / peak.seconds),
        senders,
        refused: overload.refused,
        refusedWithoutRetryAfter: overload.refusedWithoutRetryAfter,
        firstSecondAfterOverPeak: ((after.slices[0] ?? 0) + (after.slices[1] ?? 0)) / 2 / reference,
        sentSpans: sent,
        receivedSpans: received,
        lostSpans: sent - received,
        requests,
      },
    };
  },
};
