'use client';

/** What the policies in the editor would have kept of the newest decisions, with examples. */
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import type { WhatIfAnswer } from '@/lib/api/settings';
import { formatCount, formatMs, formatPercent } from '@/lib/base/format';

export function WhatIf({ answer }: { readonly answer: WhatIfAnswer }) {
  const byPolicy = answer.byPolicy
    .filter(({ kept }) => kept > 0)
    .map(({ policy, kept }) => `${formatCount(kept)} ${policy}`);
  return (
    <div className="flex flex-col gap-2 rounded-m border border-line bg-sunken p-3 text-s">
      <p>
        Of the last <b className="num">{formatCount(answer.decisions)}</b> traces these would keep{' '}
        <b className="num">{formatCount(answer.kept)}</b>
        {answer.decisions > 0 && (
          <span className="text-ink-2"> ({formatPercent(answer.kept / answer.decisions)})</span>
        )}
        {byPolicy.length > 0 && <>: {byPolicy.join(', ')}</>}.{' '}
        <span className="text-ink-2">
          Kept now: <span className="num">{formatCount(answer.keptNow)}</span>.
        </span>
      </p>
      {answer.cannotTell.map(({ policy, why }) => (
        <p key={policy} className="text-warn">
          {policy}: cannot tell, {why}
        </p>
      ))}
      {answer.examples.length > 0 && (
        <ul className="grid grid-cols-1 gap-x-6 min-[1200px]:grid-cols-2">
          {answer.examples.map((example) => (
            <li key={example.traceId} className="flex h-6 items-center gap-2">
              <Badge tone={example.kept ? 'ok' : 'neutral'}>
                {example.kept ? `kept by ${example.by}` : 'dropped'}
              </Badge>
              {example.held ? (
                <Link
                  className="num truncate text-accent hover:underline"
                  href={`/traces/${example.traceId}`}
                >
                  {example.traceId.slice(0, 16)}
                </Link>
              ) : (
                <span className="num truncate text-ink-3" title="Weir does not hold this trace">
                  {example.traceId.slice(0, 16)}
                </span>
              )}
              <span className="num ml-auto text-ink-2">{formatMs(example.durationMs)}</span>
              <span
                className={
                  example.status === 'error' || example.status === 'ERROR'
                    ? 'w-10 text-bad'
                    : 'w-10 text-ink-3'
                }
              >
                {example.status.toLowerCase()}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
