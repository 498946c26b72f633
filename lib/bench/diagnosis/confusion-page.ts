/** The benchmark's outcome as a page: targets, then every kind and magnitude with what was said instead. */
import { type Row, type Score, type Share, shareOf, type Verdicts } from './score';

export interface Measured {
  readonly title: string;
  readonly command: string;
  readonly score: Score;
}

export function confusionPage(sets: readonly Measured[]): string {
  return `${[HEAD, ...sets.map(section), LIMITS].join('\n\n')}\n`;
}

const HEAD = `# How often the diagnosis is right

Random pipelines in virtual time, each beside its twin: the same seed without the fault. The diagnosis sees what an
engine of its style tells (one that blocks and tells everything; one that blocks and does not tell it; one that refuses
or loses), once a second, and nothing else. A fault counts from the first second in which a figure leaves its twin's by
more than three times the twin's own spread, or an item is lost; five seconds later the *first* finding has to name its
node or edge and its kind. Nodes have at least about two batches a second; reports come each second.

Of two faults each has to show beside the other, in what the run would be with the other alone: behind a standstill, or
in what another fault fails, nothing else can be seen. Where both harm exactly alike, either may come first. What becomes
visible in the last second of a run is given its five seconds as well.

After a restart that an operator ordered, what jumps explains itself for 25 seconds: standing still, slowness, a surge,
and what a full queue turns away meanwhile. It is counted all the same, and said if it goes on. Thresholds were tuned on
pipelines of seeds 0 to 5 and 211.`;

const LIMITS = `## What cannot be told apart

- A node that is slow and a destination that answers slowly look the same to the engine: at an exporter it is called the
  destination's, anywhere else the node's. Whether a slow node is called a bottleneck or slower depends on whether it
  limits; both count as right.
- Another mix of content and a wrong route look the same at a router that looks into what it carries.
- A Collector's exporter counts a failure only once it gives up. Until then its log says that an attempt failed; how many
  did is not known.
- Where an engine does not count what it drops, a single lost batch shows in how much is open from second to second:
  at once of a node that rarely has one in its hands, of a busier one in the seconds in which it holds more than ever.
- The first failure of a destination with few batches is not told from chance: a second one has to come, which at 5 % of
  two batches a second often takes longer than five seconds. A destination that fails in 1 % of all batches anyway and
  now fails in 5 % takes longer still.
- Of a router that looks into what it carries, 5 % more by another port are a batch or two in five seconds: that is
  within what its shares scatter by themselves.
- A node that is 1.5 times slower is told from chance by the middle of its working times: with ten of them in five
  seconds that takes longer.
- A source whose load comes in bursts has to leave its own peaks behind before more of it is called a surge.
- A channel that was cut and is not waited for is not named.`;

const CALIBRATION = `How far a verdict can be trusted, by its kind: of those that came first, the share that named the fault. With the mix
of faults of this benchmark, not that of anyone's pipelines; the product therefore shows no confidence.`;

function section({ title, command, score }: Measured): string {
  const targets: readonly (readonly [string, Share, number])[] = [
    ['one fault: named first, within 5 s of becoming visible', score.one, 0.95],
    ['two faults: the more harmful first, the other listed', score.two, 0.85],
    ['healthy: nothing said', score.healthy, 0.99],
    ['operator’s restart: nothing said', score.restart, 0.99],
    ['unrelated action beside a fault: not named', score.sham, 0.95],
    ['of these, the action fell on the node of the fault', score.shamOnSameNode, 0],
    ['a surge is called a surge', score.surge, 0.95],
  ];
  return [
    `## ${title}`,
    `\`${command}\`: ${score.trials} pipelines (${score.discarded} more lose items without any fault and are left out). ${score.one.neverVisible} faults never became visible and are not counted; nor are ${score.two.neverVisible} pairs of which one fault did not, beside the other.`,
    ['| | right | of | share | wanted |', '|---|---|---|---|---|', ...targets.map(targetLine)].join('\n'),
    [
      '| fault | injected | visible | right | middle delay | said first instead |',
      '|---|---|---|---|---|---|',
      ...score.rows.map(rowLine),
    ].join('\n'),
    `${CALIBRATION}`,
    [
      '| said first | of these right | share | at least, with 95 % |',
      '|---|---|---|---|',
      ...score.verdicts.map(verdictLine),
    ].join('\n'),
  ].join('\n\n');
}

function targetLine([what, share, wanted]: readonly [string, Share, number]): string {
  const percent = share.of === 0 ? '–' : `${(100 * shareOf(share)).toFixed(1)} %`;
  return `| ${what} | ${share.right} | ${share.of} | ${percent} | ${wanted === 0 ? '' : `≥ ${100 * wanted} %`} |`;
}

function verdictLine(verdicts: Verdicts): string {
  const { kind, of, right } = verdicts;
  const share = `${(100 * shareOf(verdicts)).toFixed(1)} %`;
  return `| ${kind.replaceAll('_', ' ')} ${of} | ${right} | ${share} | ${(100 * atLeast(right, of)).toFixed(0)} % |`;
}

/** Wilson's lower bound. */
function atLeast(right: number, of: number): number {
  const z = 1.96;
  const share = right / of;
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return Math.max(0, (share + z ** 2 / (2 * of) - spread) / (1 + z ** 2 / of));
}

function rowLine({ fault, injected, visible, right, middleAfter, instead }: Row): string {
  const others = instead.map(([what, count]) => `${what.replaceAll('_', ' ')} ${count}`).join(', ');
  return `| ${fault} | ${injected} | ${visible} | ${right} | ${middleAfter === null ? '' : `${middleAfter} s`} | ${others} |`;
}
