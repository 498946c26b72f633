/**
 * The ways that batches take, as a trie over nodes: a pdata carries a small integer, and a hop costs one look-up.
 * Bounded: what would be the 257th finished path, or a prefix too many, is counted as `other`.
 */
import { MAX_PATHS } from '@/lib/semconv/metrics';
import { OTHER_PATH } from './metric-columns';

const MAX_PREFIXES = 4_096;

export class PathTable {
  /** child[prefix × nodes + node] = prefix, 0 where not seen yet. Prefix 0 is the empty path. */
  private readonly child: Int32Array;
  private readonly nodes: number;
  private readonly parent: Int32Array;
  private readonly last: Int32Array;
  /** Finished path by prefix: a number below MAX_PATHS + 1, 0 where not finished yet; `other` is MAX_PATHS. */
  private readonly finished: Int32Array;
  private readonly limit: number;
  private next = 2;
  private finishedCount = 0;
  private readonly names: string[] = [];
  private readonly nodeIds: readonly string[];

  constructor(nodeIds: readonly string[]) {
    this.nodeIds = nodeIds;
    this.nodes = Math.max(1, nodeIds.length);
    this.limit = Math.min(MAX_PREFIXES, Math.max(64, Math.floor(2 ** 20 / this.nodes)));
    this.child = new Int32Array(this.limit * this.nodes);
    this.parent = new Int32Array(this.limit);
    this.last = new Int32Array(this.limit);
    this.finished = new Int32Array(this.limit).fill(-1);
  }

  /** The path `prefix` with `node` behind it. */
  extend(prefix: number, node: number): number {
    if (prefix === OTHER_PATH) return OTHER_PATH;
    const at = prefix * this.nodes + node;
    const known = this.child[at] as number;
    return known !== 0 ? known : this.grow(prefix, node, at);
  }

  private grow(prefix: number, node: number, at: number): number {
    if (this.next >= this.limit) {
      this.child[at] = OTHER_PATH;
      return OTHER_PATH;
    }
    const path = this.next++;
    this.child[at] = path;
    this.parent[path] = prefix;
    this.last[path] = node;
    return path;
  }

  /** Number of the finished path that ends here, 0 … MAX_PATHS; MAX_PATHS is `other`. */
  finish(path: number): number {
    if (path <= OTHER_PATH) return MAX_PATHS;
    const known = this.finished[path] as number;
    if (known >= 0) return known;
    const number = this.finishedCount < MAX_PATHS ? this.finishedCount++ : MAX_PATHS;
    if (number < MAX_PATHS) this.names[number] = this.name(path);
    this.finished[path] = number;
    return number;
  }

  /** `rcv>batch>exp`, or `other`. */
  nameOfFinished(number: number): string {
    return this.names[number] ?? 'other';
  }

  private name(path: number): string {
    const ids: string[] = [];
    for (let at = path; at > OTHER_PATH; at = this.parent[at] as number) {
      ids.push(this.nodeIds[this.last[at] as number] ?? '');
    }
    return ids.reverse().join('>');
  }
}
