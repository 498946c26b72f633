import { GroupHeading } from '@/components/ui/panel';
import type { Conservation } from '@/lib/api/topology';
import { formatCount } from '@/lib/base/format';

/** in + created = out + delivered + dropped + returned + in flight; parts that are 0 on principle are left out. */
export function ConservationLine({
  account,
  at,
}: {
  readonly account: Conservation | null;
  readonly at: string;
}) {
  return (
    <section aria-label="Conservation">
      <GroupHeading
        aside={
          account === null ? null : account.adds ? (
            <span className="font-semibold text-ok">adds up</span>
          ) : (
            <span className="font-semibold text-bad">does not add up</span>
          )
        }
      >
        CONSERVATION at {at}
      </GroupHeading>
      {account === null ? (
        <p className="text-s text-ink-3">
          Not known: the node changes the unit, or its source does not tell.
        </p>
      ) : (
        <p className="num leading-relaxed text-ink-2">{sentence(account)}</p>
      )}
    </section>
  );
}

function sentence(account: Conservation): string {
  const left = [`in ${formatCount(account.in)}`];
  if (account.created) left.push(`created ${formatCount(account.created)}`);
  const right: string[] = [];
  if (account.out) right.push(`out ${formatCount(account.out)}`);
  if (account.delivered) right.push(`delivered ${formatCount(account.delivered)}`);
  right.push(`dropped ${formatCount(account.dropped)}`);
  if (account.returned) right.push(`returned ${formatCount(account.returned)}`);
  right.push(`here ${formatCount(account.inFlight)}`);
  return `${left.join(' + ')} = ${right.join(' + ')}`;
}
