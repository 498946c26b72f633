import type { z } from 'zod';
import type { CoverageAnswer } from '@/lib/api/coverage';
import { ok } from '@/lib/base/result';
import { type Answer, refused } from '../http/answer';
import type { coverageQuery } from '../http/parameters';
import type { Hub } from '../hub';

const HOUR_NANOS = 3_600_000_000_000n;

/** The last hour where nothing else is asked for. */
export async function coverageFor(
  hub: Hub,
  query: z.infer<typeof coverageQuery>,
): Promise<Answer<CoverageAnswer>> {
  const to = query.to ?? hub.now();
  const from = query.from ?? to - HOUR_NANOS;
  if (from >= to) return refused(400, 'bad_parameter', 'from: has to be before to');
  const { traces, kept } = await hub.store.coverage(from, to, Math.max(1, query.buckets));
  return ok({ fromUnixNano: String(from), toUnixNano: String(to), traces, kept });
}
