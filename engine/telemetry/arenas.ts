/**
 * Side arenas of the span ring: events, links and dynamic attributes, each a preallocated ring of its own. An entry
 * carries the row that owns it, so that a reader sees when it was overwritten and says how many are gone.
 */
import { powerOfTwo } from '@/lib/base/power-of-two';
import {
  A_NEXT,
  A_OWNER,
  ATTR_INTS,
  E_ATTRS,
  E_KIND,
  E_LATE,
  E_NEXT,
  E_OWNER,
  EVENT_INTS,
  EVENT_NUMBERS,
  L_A,
  L_B,
  L_NEXT,
  L_OWNER,
  L_TYPE,
  LINK_INTS,
  NONE,
} from './arena-columns';

export class EventArena {
  readonly mask: number;
  readonly numbers: Float64Array;
  readonly ints: Int32Array;
  readonly texts: string[];
  private next = 0;

  constructor(capacity: number) {
    const size = powerOfTwo(Math.max(16, capacity));
    this.mask = size - 1;
    this.numbers = new Float64Array(size * EVENT_NUMBERS);
    this.ints = new Int32Array(size * EVENT_INTS).fill(NONE);
    this.texts = new Array<string>(size).fill('');
  }

  /** `numbers` of the entry are the caller's to write: doubles are not handed over. */
  add(owner: number, kind: number): number {
    const at = this.next;
    this.next = (at + 1) & this.mask;
    const ints = this.ints;
    const i = at * EVENT_INTS;
    ints[i + E_OWNER] = owner;
    ints[i + E_NEXT] = NONE;
    ints[i + E_KIND] = kind;
    ints[i + E_ATTRS] = NONE;
    ints[i + E_LATE] = 0;
    return at;
  }
}

export class LinkArena {
  readonly mask: number;
  readonly ints: Int32Array;
  /** Held time of a merge's contributor, nanoseconds. */
  readonly numbers: Float64Array;
  /** The contributor's batch. */
  readonly texts: string[];
  /** Attributes of links that node authors add. */
  readonly attributes: (object | null)[];
  private next = 0;

  constructor(capacity: number) {
    const size = powerOfTwo(Math.max(256, capacity));
    this.mask = size - 1;
    this.ints = new Int32Array(size * LINK_INTS).fill(NONE);
    this.numbers = new Float64Array(size);
    this.texts = new Array<string>(size).fill('');
    this.attributes = new Array<object | null>(size).fill(null);
  }

  add(owner: number, next: number, type: number, a: number, b: number): number {
    const at = this.next;
    this.next = (at + 1) & this.mask;
    const i = at * LINK_INTS;
    this.ints[i + L_OWNER] = owner;
    this.ints[i + L_NEXT] = next;
    this.ints[i + L_TYPE] = type;
    this.ints[i + L_A] = a;
    this.ints[i + L_B] = b;
    return at;
  }
}

/** Attributes that node authors set: key and value by reference. The values are theirs; arrays are copied. */
export class AttributeArena {
  readonly mask: number;
  readonly ints: Int32Array;
  readonly keys: string[];
  readonly values: unknown[];
  private next = 0;

  constructor(capacity: number) {
    const size = powerOfTwo(Math.max(16, capacity));
    this.mask = size - 1;
    this.ints = new Int32Array(size * ATTR_INTS).fill(NONE);
    this.keys = new Array<string>(size).fill('');
    this.values = new Array<unknown>(size).fill(null);
  }

  /** Sets `key` in the list at `head`, anew or in place of what it was; gives the list's head. */
  set(owner: number, head: number, key: string, value: unknown): number {
    for (let at = head; at !== NONE && this.ints[at * ATTR_INTS + A_OWNER] === owner; ) {
      if (this.keys[at] === key) {
        this.values[at] = Array.isArray(value) ? value.slice() : value;
        return head;
      }
      at = this.ints[at * ATTR_INTS + A_NEXT] as number;
    }
    return this.add(owner, head, key, value);
  }

  private add(owner: number, next: number, key: string, value: unknown): number {
    const at = this.next;
    this.next = (at + 1) & this.mask;
    this.ints[at * ATTR_INTS + A_OWNER] = owner;
    this.ints[at * ATTR_INTS + A_NEXT] = next;
    this.keys[at] = key;
    this.values[at] = Array.isArray(value) ? value.slice() : value;
    return at;
  }
}
