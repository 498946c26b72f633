/**
 * Stretches of a histogram series in groups of neighbours: the newest group is open, one object a stretch; the others
 * are packed. A report that comes late opens its group, is added, and packs it again.
 *
 *   group      … 41      42      43        a group's place is its number modulo `groups`; a newer one that wants the
 *   state      packed  packed   open       place sends what is there away, through `leaving`
 */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { packHistograms, readPacked } from './packed-histograms';
import { createSparse, mergeSparse, type SparseHistogram, sparseBytes } from './sparse-histogram';

/** What a group's objects cost beside what is packed in it, measured. */
const GROUP_OBJECTS = 200;

interface Group {
  readonly number: number;
  readonly packed: Uint8Array;
  /** A bit for each bin that is there. */
  readonly bins: number;
}

export class HistogramRing {
  readonly #groups: (Group | null)[];
  #openNumber = -1;
  #open: (SparseHistogram | null)[] = [];
  #bytes: number;

  /** Holds the newest `groups` groups of `perGroup` bins each, at most 31. */
  constructor(
    groups: number,
    private readonly perGroup: number,
  ) {
    this.#groups = new Array<Group | null>(groups).fill(null);
    this.#bytes = 8 * groups;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds to a bin; one that is older than any group that is held is left out. */
  write(bin: number, histogram: ExponentialHistogram, leaving: (gone: SparseHistogram) => void): void {
    const number = Math.floor(bin / this.perGroup);
    if (number > this.#openNumber) this.#openGroup(number, leaving);
    if (number === this.#openNumber) this.#add(this.#open, bin, histogram);
    else if (number > this.#openNumber - this.#groups.length) this.#addLate(number, bin, histogram);
  }

  has(bin: number): boolean {
    const number = Math.floor(bin / this.perGroup);
    const at = bin - number * this.perGroup;
    if (number === this.#openNumber) return (this.#open[at] ?? null) !== null;
    return ((this.#groupOf(number)?.bins ?? 0) & (1 << at)) !== 0;
  }

  /** Those whose bins lie in [from, to], in order; each is good until the next. */
  read(from: number, to: number, visit: (stretch: SparseHistogram) => void): void {
    if (this.#openNumber < 0) return;
    const oldest = this.#openNumber - this.#groups.length + 1;
    const last = Math.min(this.#openNumber, Math.floor(to / this.perGroup));
    for (let number = Math.max(oldest, Math.floor(from / this.perGroup)); number <= last; number++) {
      if (number === this.#openNumber) {
        for (const stretch of this.#open)
          if (stretch && stretch.bin >= from && stretch.bin <= to) visit(stretch);
      } else {
        const group = this.#groupOf(number);
        if (group) readPacked(group.packed, number * this.perGroup, from, to, scratch, visit);
      }
    }
  }

  /** Groups that lie wholly before the bin leave. */
  dropBefore(bin: number): void {
    for (const [place, group] of this.#groups.entries())
      if (group && (group.number + 1) * this.perGroup <= bin) this.#drop(place, group);
  }

  #groupOf(number: number): Group | null {
    const group = this.#groups[modulo(number, this.#groups.length)] ?? null;
    return group?.number === number ? group : null;
  }

  #openGroup(number: number, leaving: (gone: SparseHistogram) => void): void {
    if (this.#openNumber >= 0) {
      const stretches = this.#open.flatMap((stretch) => (stretch ? [stretch] : []));
      for (const stretch of stretches) this.#bytes -= sparseBytes(stretch);
      this.#pack(this.#openNumber, stretches);
    }
    // Places whose groups are too old now: all that the newest has stepped over, and its own.
    const steps = this.#openNumber < 0 ? 0 : Math.min(this.#groups.length, number - this.#openNumber);
    for (let step = 0; step < steps; step++) {
      const place = modulo(number - step, this.#groups.length);
      const gone = this.#groups[place] ?? null;
      if (gone === null || gone.number > number - this.#groups.length) continue;
      readPacked(gone.packed, gone.number * this.perGroup, 0, Number.MAX_SAFE_INTEGER, scratch, leaving);
      this.#drop(place, gone);
    }
    this.#openNumber = number;
    this.#open = new Array<SparseHistogram | null>(this.perGroup).fill(null);
  }

  #addLate(number: number, bin: number, histogram: ExponentialHistogram): void {
    const stretches: (SparseHistogram | null)[] = new Array(this.perGroup).fill(null);
    const place = modulo(number, this.#groups.length);
    const group = this.#groupOf(number);
    if (group) {
      const first = number * this.perGroup;
      readPacked(group.packed, first, 0, Number.MAX_SAFE_INTEGER, scratch, (stretch) => {
        const indices = stretch.indices.slice(0, stretch.length);
        stretches[stretch.bin - first] = {
          ...stretch,
          indices,
          counts: stretch.counts.slice(0, stretch.length),
        };
      });
      this.#drop(place, group);
    }
    const before = this.#bytes;
    this.#add(stretches, bin, histogram);
    this.#bytes = before;
    this.#pack(
      number,
      stretches.flatMap((stretch) => (stretch ? [stretch] : [])),
    );
  }

  #add(stretches: (SparseHistogram | null)[], bin: number, histogram: ExponentialHistogram): void {
    const at = bin - Math.floor(bin / this.perGroup) * this.perGroup;
    let stretch = stretches[at] ?? null;
    if (!stretch) {
      stretch = createSparse(bin);
      stretches[at] = stretch;
      this.#bytes += sparseBytes(stretch);
    }
    this.#bytes += mergeSparse(stretch, histogram);
  }

  #pack(number: number, stretches: readonly SparseHistogram[]): void {
    if (stretches.length === 0) return;
    const first = number * this.perGroup;
    const packed = packHistograms(stretches, first);
    const bins = stretches.reduce((bits, { bin }) => bits | (1 << (bin - first)), 0);
    this.#groups[modulo(number, this.#groups.length)] = { number, packed, bins };
    this.#bytes += GROUP_OBJECTS + packed.length;
  }

  #drop(place: number, group: Group): void {
    this.#groups[place] = null;
    this.#bytes -= GROUP_OBJECTS + group.packed.length;
  }
}

const scratch = createSparse(0);

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
