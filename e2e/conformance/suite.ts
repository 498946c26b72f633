/** All requirements, one after the other, each with what became of it. */
import { JSON_REQUIREMENTS } from './json-requirements';
import { REFUSAL_REQUIREMENTS } from './refusal-requirements';
import { NotApplicable, type Requirement, type Target } from './requirement';
import { SUCCESS_REQUIREMENTS } from './success-requirements';

export const REQUIREMENTS: readonly Requirement[] = [
  ...SUCCESS_REQUIREMENTS,
  ...JSON_REQUIREMENTS,
  ...REFUSAL_REQUIREMENTS,
];

export interface Verdict {
  readonly requirement: Requirement;
  readonly outcome: 'pass' | 'fail' | 'n/a';
  readonly reason: string;
}

export async function judge(requirement: Requirement, target: Target): Promise<Verdict> {
  try {
    await requirement.check(target);
    return { requirement, outcome: 'pass', reason: '' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { requirement, outcome: error instanceof NotApplicable ? 'n/a' : 'fail', reason };
  }
}
