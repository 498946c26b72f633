import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import type { TraceAnswer } from '@/lib/api/traces';

/** Each policy's vote, where the engine told its decision; else the policy alone. */
export function WhyKept({ answer }: { readonly answer: TraceAnswer }) {
  const { decision, trace } = answer;
  if (!decision && !trace.policy) {
    return (
      <>
        <GroupHeading>WHY KEPT</GroupHeading>
        <p className="text-s text-ink-3">
          Every trace was kept when this one came: no policy had to choose it.
        </p>
      </>
    );
  }
  const votes = Object.entries(decision?.votes ?? {});
  const kept = votes.filter(([, vote]) => isKeep(vote)).length;
  return (
    <>
      <GroupHeading aside={votes.length > 0 ? `${kept} of ${votes.length} voted for it` : undefined}>
        WHY KEPT
      </GroupHeading>
      <KeyValues
        wide
        items={[
          ...votes.map(([policy, vote]) => ({
            key: policy,
            value: <span className={isKeep(vote) ? 'text-ok' : 'text-ink-3'}>{vote}</span>,
          })),
          { key: 'kept by', value: decision?.by || trace.policy || '–' },
        ]}
      />
    </>
  );
}

function isKeep(vote: string): boolean {
  return /^(keep|sample|sampled|inverted_?sampled)$/i.test(vote);
}
