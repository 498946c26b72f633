/** What other policies would have kept of the newest traces, from what the engine told of its decisions. */
import type { WhatIfAnswer, WhatIfExample } from '@/lib/api/settings';
import type { DecisionFact } from '@/lib/model/facts';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { type Evaluation, evaluatePolicies } from '@/lib/sampling/evaluate';

export const MAX_DECISIONS = 2_000;
const EXAMPLES_OF_EACH = 10;

export async function whatIf(
  decisions: readonly DecisionFact[],
  tailSampling: TailSamplingConfig,
  isHeld: (traceId: string) => Promise<boolean>,
): Promise<WhatIfAnswer> {
  const judged = decisions.map((decision) => ({ decision, verdict: evaluate(decision, tailSampling) }));
  const kept = judged.filter(({ verdict }) => verdict.kept);
  const dropped = judged.filter(({ verdict }) => !verdict.kept);
  const examples = [...kept.slice(0, EXAMPLES_OF_EACH), ...dropped.slice(0, EXAMPLES_OF_EACH)];
  const example = async ({ decision, verdict }: (typeof judged)[number]): Promise<WhatIfExample> => ({
    traceId: decision.traceId,
    kept: verdict.kept,
    by: verdict.by,
    durationMs: decision.durationMs,
    status: decision.status,
    held: await isHeld(decision.traceId),
  });
  const unjudged = new Map<string, number>();
  for (const { verdict } of judged) {
    for (const policy of verdict.unjudged) unjudged.set(policy, (unjudged.get(policy) ?? 0) + 1);
  }
  return {
    decisions: decisions.length,
    kept: kept.length,
    keptNow: decisions.filter((decision) => decision.kept).length,
    byPolicy: tailSampling.policies
      .filter(({ type }) => type !== 'drop')
      .map(({ name }) => ({ policy: name, kept: kept.filter(({ verdict }) => verdict.by === name).length })),
    examples: await Promise.all(examples.map(example)),
    cannotTell: [...unjudged].map(([policy, count]) => ({
      policy,
      why: `what it looks at was not told of ${count} of ${decisions.length} traces`,
    })),
  };
}

function evaluate(decision: DecisionFact, tailSampling: TailSamplingConfig): Evaluation {
  const status = decision.status.toUpperCase();
  return evaluatePolicies(tailSampling, {
    traceId: decision.traceId,
    status: status === 'ERROR' || status === 'OK' ? status : 'UNSET',
    durationMs: decision.durationMs,
    nodes: decision.nodes,
    spanCount: decision.spanCount,
    attributes: decision.attributes,
  });
}
