'use client';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Popover } from '@/components/ui/popover';
import type { Missing } from '@/lib/api/topology';

/** What this source does not tell, and how to switch it on. */
export function MissingNotes({ missing }: { readonly missing: readonly Missing[] }) {
  if (missing.length === 0) return null;
  return (
    <Popover
      title="What this source does not tell"
      trigger={<Button className="pointer-events-auto">{`${missing.length} not told`}</Button>}
    >
      <ul className="flex flex-col gap-2">
        {missing.map((entry) => (
          <li key={entry.what} className="flex flex-col gap-1">
            <p className="text-ink">{entry.what}</p>
            <p className="text-ink-2">{entry.how}</p>
            {entry.copy === undefined ? null : <CodeBlock label="To copy" code={entry.copy} />}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
