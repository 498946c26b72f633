import { describe, expect, it } from 'vitest';
import { FAULT_TYPES, type Fault, type Said } from './faults';
import { outcomeOf, SEEN_BY, WITHIN } from './outcome';
import { randomPipeline } from './random-pipeline';

const SPEC = randomPipeline(1);

function fault(label: string, node: string): Fault {
  const type = FAULT_TYPES.find((one) => one.label === label);
  if (!type) throw new Error(`no fault is called ${label}`);
  return { ...type, node, at: 100 };
}

const SLOW = fault('slow × 3', 'work');
const DROP = fault('silent drop 10 %', 'other');
const say = (kind: Said['kind'], node: string): Said => ({
  kind,
  node,
  from: null,
  to: null,
  followed: null,
});
const SLOWER = say('slower', 'work');
const DROPS = say('drop', 'other');

/** What is said in each second: nothing, but for those from `from` on. */
function saidFrom(from: number, said: readonly Said[]) {
  return Array.from({ length: SEEN_BY + WITHIN }, (_, i) => (i + 1 >= from ? said : []));
}

const outcome = (
  faults: readonly Fault[],
  said: readonly (readonly Said[])[],
  seen: number | null,
  areEqual = false,
) => outcomeOf(SPEC, 1, '', faults, said, seen, areEqual);

describe('one fault', () => {
  it('is named right if it is the first finding five seconds after it became visible', () => {
    expect(outcome([SLOW], saidFrom(115, [SLOWER]), 110)).toMatchObject({ right: true, after: 5 });
    expect(outcome([SLOW], saidFrom(116, [SLOWER]), 110)).toMatchObject({ right: false, after: 6 });
    expect(outcome([SLOW], saidFrom(111, [DROPS, SLOWER]), 110)).toMatchObject({
      right: false,
      first: DROPS,
    });
  });

  it('has its five seconds to the last moment at which it may become visible, and is not counted after it', () => {
    expect(outcome([SLOW], saidFrom(SEEN_BY + WITHIN, [SLOWER]), SEEN_BY)).toMatchObject({ right: true });
    expect(outcome([SLOW], saidFrom(100, [SLOWER]), SEEN_BY + 1)).toMatchObject({
      visible: false,
      right: false,
    });
    expect(outcome([SLOW], saidFrom(100, [SLOWER]), null)).toMatchObject({ visible: false });
  });
});

describe('two faults', () => {
  it('have to be in order of their harm, and both to be there', () => {
    expect(outcome([SLOW, DROP], saidFrom(110, [SLOWER, DROPS]), 110).right).toBe(true);
    expect(outcome([SLOW, DROP], saidFrom(110, [DROPS, SLOWER]), 110).right).toBe(false);
    expect(outcome([SLOW, DROP], saidFrom(110, [SLOWER]), 110).right).toBe(false);
  });

  it('may come in either order where both harm alike', () => {
    expect(outcome([SLOW, DROP], saidFrom(110, [DROPS, SLOWER]), 110, true).right).toBe(true);
    expect(outcome([SLOW, DROP], saidFrom(110, [DROPS]), 110, true).right).toBe(false);
  });
});
