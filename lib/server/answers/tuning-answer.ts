/** `GET /api/v1/tuning`: the window that ends at the cursor, or now. */
import type { z } from 'zod';
import type { TuningAnswer } from '@/lib/api/tuning';
import { ok } from '@/lib/base/result';
import { WINDOW_SECONDS, WINDOWS } from '@/lib/model/stats-window';
import type { Answer } from '../http/answer';
import type { tuningQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { engineOf } from './topology-answers';

export function tuningFor(hub: Hub, query: z.infer<typeof tuningQuery>): Answer<TuningAnswer> {
  const engine = engineOf(hub, query.engine);
  if (!engine.ok) return engine;
  const atUnixNano = query.at ?? query.to ?? hub.now();
  const window = query.from === undefined ? query.window : windowFor(atUnixNano - query.from);
  return ok(hub.analysis.tuning({ engine: engine.value, window, atUnixNano }));
}

/** A range is answered by the window that comes nearest from above. */
function windowFor(lengthNanos: bigint): (typeof WINDOWS)[number] {
  const seconds = Number(lengthNanos / 1_000_000_000n);
  return WINDOWS.find((window) => WINDOW_SECONDS[window] >= seconds) ?? '15m';
}
