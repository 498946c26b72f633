'use client';
import Link from 'next/link';
import { usePageHref } from '@/components/ui/use-page-href';
import type { TraceContinuation } from '@/lib/api/traces';

/** A Collector starts new traces behind a processor that holds data: says so, and offers those of the time. */
export function ContinuationNote({ continuation }: { readonly continuation: TraceContinuation }) {
  const hrefFor = usePageHref();
  const { direction, fromUnixNano, toUnixNano, search } = continuation;
  const query = new URLSearchParams({ from: fromUnixNano, to: toUnixNano, q: search });
  const after = direction === 'after';
  return (
    <p className="border-b border-line px-4 py-1.5 text-s text-ink-2">
      {after
        ? 'This trace continues elsewhere: behind a batching processor a Collector starts new traces, and nothing joins them to this one.'
        : 'This trace began elsewhere: its items came in by other traces, and behind a batching processor nothing joins them to this one.'}{' '}
      <Link href={hrefFor(`/traces?${query}`)} className="text-accent hover:underline">
        {after ? 'Exports of the following seconds' : 'What came in during the seconds before'}
      </Link>
    </p>
  );
}
