/**
 * A node's hands hold now a batch more, now one less; a batch that is gone stays open for good. So each look at what is
 * open is worth something: how likely it is with one gone, over how likely it is with none (a likelihood ratio, summed
 * over the last looks, Wald's test from the moment that fits best).
 *
 *   past   0 0 1 0 0 0 1 0 0 0 …      none open at 80 % of all looks, one at 20 %
 *   now    1 1 2 1 1                  ln(80/20) + ln(80/20) + ln(20/<1) + … : one is gone
 */
import { edgesOutOf, type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

/** Of all looks of an hour at thirty nodes fewer than one goes so far by chance. */
const ENOUGH = 11.5;
/** Batches that may have gone at once. */
const MOST_AT_ONCE = 4;
const LEAST_LOOKS = 30;
const LEAST_TOGETHER = 3;
/** Where in and out were never alike (a fan-out, a batch), what is open says nothing. */
const SCATTERS = 1.5;
const MOST_OPEN = 12;
/** Half a look, for what was never seen. */
const UNSEEN = 0.5;
/** Hands that are empty at nearly every look: how rarely they are not has to be reckoned. */
const RARELY_ANY = 0.1;
/** More in its hands than this times what was usual is work, not loss. */
const BUSIER = 1.2;
const BUSIER_BY = 0.04;
const FILLS_MORE = 1.5;
const FILLS_BY = 0.05;

/** Batches of which the last looks say that they went in and never come out; 0 where chance explains them. */
export function stayingAway(view: PipelineView, node: NodeView): number {
  const { now, past } = node;
  const looks = past?.open ?? [];
  if (looks.length < LEAST_LOOKS || now.open.length === 0 || now.quietSeconds > 0) return 0;
  if (isHeldUp(view, node)) return 0;
  // Of items that fail it is not always told in how many copies.
  if (now.batchesPerSec === null && (now.failing ?? 0) > 0) return 0;
  const perBatch = now.batchesPerSec === null ? (past?.itemsPerBatch ?? 0) : 1;
  if (perBatch <= 0) return 0;
  const least = Math.min(...looks);
  const usual = looks.map((look) => bucket((look - least) / perBatch));
  const mean = usual.reduce((sum, look) => sum + look, 0) / usual.length;
  const variance = usual.reduce((sum, look) => sum + (look - mean) ** 2, 0) / usual.length;
  if (mean > MOST_OPEN || Math.sqrt(variance) > SCATTERS) return 0;
  const chance = chanceOf(usual, workInHand(node, mean));
  const recent = now.open.map((look) => bucket((look - least) / perBatch));
  for (let gone = 1; gone <= MOST_AT_ONCE; gone++) if (isGone(recent, gone, chance)) return gone;
  return 0;
}

type Chance = (look: number, isBusier: boolean) => number;

/** `recent` newest first. */
function isGone(recent: readonly number[], gone: number, chance: Chance): boolean {
  let sum = 0;
  for (const [i, look] of recent.entries()) {
    if (look < gone) return false;
    sum += Math.log(chance(look - gone, false) / chance(look, true));
    if (i + 1 >= LEAST_TOGETHER && sum >= ENOUGH) return true;
  }
  return false;
}

/** Nothing, a part of a batch or one, two, … */
function bucket(batches: number): number {
  return batches < 0.02 ? 0 : Math.max(1, Math.round(batches));
}

function chanceOf(looks: readonly number[], busier: number | null): Chance {
  const counts = new Map<number, number>();
  for (const look of looks) counts.set(look, (counts.get(look) ?? 0) + 1);
  const seen = (look: number) => ((counts.get(look) ?? 0) + UNSEEN) / (looks.length + 2 * UNSEEN);
  // With more to do its hands are fuller than they ever were.
  return (look, isBusier) =>
    isBusier && busier !== null ? Math.max(seen(look), poisson(busier, look)) : seen(look);
}

/** Batches in its hands by Little's law, where its past is no measure: they are more than before, or were hardly ever seen. */
function workInHand({ now, past }: NodeView, usual: number): number | null {
  const ms = Math.max(now.meanMs ?? 0, now.typicalMs ?? 0);
  const inHand = (now.handled / WINDOW_SECONDS) * (ms / 1_000);
  if (usual < RARELY_ANY) return inHand;
  const before = Math.max(usual, ((past?.batchesPerSec ?? 0) * (past?.meanMs ?? 0)) / 1_000);
  return inHand > BUSIER * before + BUSIER_BY ? inHand : null;
}

function poisson(mean: number, count: number): number {
  let chance = Math.exp(-mean);
  for (let i = 1; i <= count; i++) chance *= mean / i;
  return chance;
}

/** What it cannot hand on is in its hands, too. */
function isHeldUp(view: PipelineView, { id, now }: NodeView): boolean {
  if ((now.blocked ?? 0) > 0) return true;
  return edgesOutOf(view, id).some(({ utilization, capacity, past }) => {
    if (capacity !== null && past?.capacity != null && capacity < past.capacity) return true;
    const most = past?.utilization?.most ?? null;
    return (utilization ?? 0) > FILLS_MORE * (most ?? 0) + FILLS_BY;
  });
}
