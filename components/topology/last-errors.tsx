'use client';
import { GroupHeading } from '@/components/ui/panel';
import { useSelectedEngine, useTraces } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { distinctErrors } from './distinct-errors';

const LOOKED_AT = 100;
const REFETCH_MS = 5_000;
const SHOWN = 5;

/** What failed here, said once each with how often, newest first. */
export function LastErrors({ node }: { readonly node: string }) {
  const engine = useSelectedEngine();
  const cursor = useTimeCursor();
  const { data } = useTraces(
    {
      engine: engine?.id ?? '',
      node: [node],
      status: 'error',
      sort: '-start',
      limit: LOOKED_AT,
      to: cursor.atUnixNano,
    },
    { refetchMs: cursor.live ? REFETCH_MS : false },
  );
  const errors = distinctErrors(data?.traces ?? []);
  if (errors.length === 0) return null;
  return (
    <section aria-label="Last errors">
      <GroupHeading aside={`of the last ${data?.traces.length ?? 0} failed batches`}>
        LAST ERRORS
      </GroupHeading>
      <ul className="text-s">
        {errors.slice(0, SHOWN).map((error) => (
          <li key={error.message} className="flex items-baseline gap-2 border-b border-line py-0.5">
            <span className="num w-9 flex-none text-right text-bad">{error.count} ×</span>
            <span className="min-w-0 break-words text-ink-2">{error.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
