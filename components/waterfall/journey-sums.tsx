'use client';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import type { JourneyAccount, LineageAnswer } from '@/lib/api/traces';
import { formatCount, formatMs } from '@/lib/base/format';
import { type MergeAccount, mergeAccounts } from './merge-accounts';
import type { RowActions } from './row-line';

const MOST_WAITS = 3;

/** Of each merge whether its contributors add up, which of them it waited for, and how long the others were held. */
export function MergeList({ lineage }: { readonly lineage: LineageAnswer }) {
  return (
    <ul className="mt-2 flex flex-col gap-1 text-s text-ink-2">
      {mergeAccounts(lineage).map((account) => (
        <li key={account.batch}>
          <span className="num">{account.batch}</span> <Sum account={account} />
          {account.last ? (
            <span className="block text-xs text-ink-3">
              last in <span className="num">{account.last.batch}</span>
              {account.held.length > 0 ? '; held ' : ''}
              {account.held
                .slice(0, MOST_WAITS)
                .map((each) => `${each.batch} ${formatMs(each.heldMs)}`)
                .join(', ')}
              {account.held.length > MOST_WAITS
                ? ` and ${formatCount(account.held.length - MOST_WAITS)} more`
                : ''}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Sum({ account }: { readonly account: MergeAccount }) {
  if (account.state === 'in part')
    return (
      <>
        <span className="num">{formatCount(account.counted)}</span> of its{' '}
        <span className="num">{formatCount(account.items)}</span> items are from here ({account.shown} of{' '}
        {account.contributors} contributors)
      </>
    );
  const adds = account.state === 'adds up';
  return (
    <span className={adds ? 'text-ok' : 'text-bad'}>
      {adds ? '✓' : '✕'} {formatCount(account.counted)} in, {formatCount(account.items)} merged:{' '}
      {account.state}
    </span>
  );
}

/** in + created = delivered + dropped + returned, with what came from and went to batches beside this journey. */
export function ConservationList(props: {
  readonly account: JourneyAccount;
  readonly jump: RowActions['jump'];
}) {
  const { account } = props;
  const rows: readonly (readonly [string, number, string])[] = [
    ['admitted', account.admitted, ''],
    ['from other batches', account.fromElsewhere, ''],
    ['created', account.created, 'copies'],
    ['delivered', account.delivered, ''],
    ['dropped', account.dropped, ''],
    ['returned', account.returned, ''],
    ['to other batches', account.toElsewhere, ''],
    ['not accounted for', account.open, ''],
  ];
  const adds = account.state === 'adds up';
  return (
    <>
      <GroupHeading
        aside={
          <span
            className={adds ? 'text-ok' : account.state === 'unknown' ? 'text-ink-3' : 'text-warn'}
            title="admitted + from others + created = delivered + dropped + returned + to others"
          >
            {adds ? '✓ adds up' : account.state === 'unknown' ? 'not all items are told' : account.state}
          </span>
        }
      >
        ITEMS
      </GroupHeading>
      <KeyValues
        wide
        items={rows
          .filter(([, value], i) => value !== 0 || i === 0 || i === 3)
          .map(([key, value, note]) => ({
            key,
            label: (
              <>
                {key} {note ? <span className="text-ink-3">({note})</span> : null}
              </>
            ),
            value: formatCount(value),
          }))}
      />
      {account.hops.length > 0 ? (
        <ul className="mt-1 flex flex-col gap-0.5 text-xs text-ink-3">
          {account.hops.slice(0, 5).map((hop) => (
            <li key={`${hop.traceId}${hop.spanId}`}>
              <button
                type="button"
                onClick={() => props.jump(hop.traceId, hop.spanId)}
                className="text-accent hover:underline"
              >
                {hop.node}
              </button>
              : <span className="num">{formatCount(Math.abs(hop.missing))}</span>{' '}
              {hop.missing > 0 ? 'went on unseen' : 'more than came in'}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
