import { expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import { createRandomOtlp } from '@/lib/otlp/testing/random-otlp';
import { testStore } from './testing/test-store';

const RUNS = Number(process.env.WEIR_FUZZ ?? 3_000);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 99);

it(
  `takes or refuses broken requests whole, never throws, and can show all it took (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED);
    const otlp = createRandomOtlp(random);
    const store = testStore({ budgetBytes: 4 * 2 ** 20 });
    for (let run = 0; run < RUNS; run++) {
      const traces = encodeTraces(otlp.traces());
      const logs = encodeLogs(otlp.logs());
      for (let k = Math.floor(random.next() * 4); k > 0; k--) {
        traces[Math.floor(random.next() * traces.length)] = Math.floor(random.next() * 256);
        logs[Math.floor(random.next() * logs.length)] = Math.floor(random.next() * 256);
      }
      const before = store.ledger().spans.received;
      const result = store.appendTraces(traces);
      const logResult = store.appendLogs(logs);
      const spans = store.ledger().spans.received - before;
      const decoded = decodeTraces(traces);
      // What decodes in full is taken in full, nothing else is, and a refused request leaves nothing behind.
      if (result.ok !== decoded.ok) expect([result, decoded.ok], `run ${run}`).toEqual('of one mind');
      const logsDecode = decodeLogs(logs).ok;
      if (logResult.ok !== logsDecode) expect([logResult, logsDecode], `run ${run}`).toEqual('of one mind');
      if (!result.ok && spans !== 0) expect(spans, `run ${run}`).toBe(0);
      if (decoded.ok) {
        const sent = decoded.value.resourceSpans.flatMap((part) =>
          part.scopeSpans.flatMap((scope) => scope.spans),
        );
        if (spans !== sent.length) expect(spans, `run ${run}`).toBe(sent.length);
      }
    }
    const { traces } = await store.listTraces({ limit: 500, sort: '-start' });
    for (const { traceId, spanCount } of traces) {
      expect(await store.traceSpans(traceId, 0, 2_000)).toHaveLength(spanCount);
      expect((await store.traceColumns(traceId))?.length).toBe(spanCount);
    }
  },
  30_000 + 20 * RUNS,
);
