/** Whether what was said of a run names what was wrong in it. */
import { type Fault, names, type Said } from './faults';
import type { PipelineSpec } from './pipeline-spec';

/** A verdict is looked at this long after the fault became visible. */
export const WITHIN = 5;
/** Virtual seconds: what becomes visible later is not counted as visible. */
export const SEEN_BY = 140;

export interface Outcome {
  readonly seed: number;
  readonly pipeline: string;
  readonly fault: string;
  readonly place: string;
  readonly visible: boolean;
  /** The second in which it became so. */
  readonly seen: number | null;
  readonly right: boolean;
  /** The first finding, and the second fault's where there were two. */
  readonly first: Said | null;
  readonly all: readonly Said[];
  /** Seconds from visible to the first right verdict; null where none came. */
  readonly after: number | null;
}

/** The first of `faults` has to be first; the others have to be listed. */
export function outcomeOf(
  spec: PipelineSpec,
  seed: number,
  pipeline: string,
  faults: readonly Fault[],
  said: readonly (readonly Said[])[],
  visible: number | null,
  areEqual = false,
): Outcome {
  const [most] = faults as readonly [Fault];
  // Of two that harm alike neither harms more.
  const firsts = areEqual ? faults : [most];
  const isFirst = (one: Said | undefined) =>
    one !== undefined && firsts.some((fault) => names(spec, fault, one));
  const isVisible = visible !== null && visible <= SEEN_BY;
  const at = isVisible ? (said[visible + WITHIN - 1] ?? []) : [];
  const [first = null] = at;
  const right = isFirst(at[0]) && faults.every((fault) => at.some((one) => names(spec, fault, one)));
  const when = isVisible ? said.findIndex((one, i) => i >= visible - 1 && isFirst(one[0])) : -1;
  return {
    seed,
    pipeline,
    fault: faults.map(({ label }) => label).join(' + '),
    place: faults.map(({ node }) => node).join(' + '),
    visible: isVisible,
    seen: visible,
    right: isVisible && right,
    first,
    all: at,
    after: when < 0 || visible === null ? null : when + 1 - visible,
  };
}
