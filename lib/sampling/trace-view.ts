/**
 * What policies look at. An engine answers from its columns and reuses one object; a server makes a plain one of a
 * stored decision. `undefined` says that it is not known, and then the policy cannot be judged.
 */
export interface TraceView {
  /** Whether the Collector's draw for this trace falls within `share`, 0 … 1. */
  drawn(seed: import('./trace-hash').HashSeed, share: number): boolean;
  /** True where some span has this status. */
  hasStatus(status: 'UNSET' | 'OK' | 'ERROR'): boolean | undefined;
  readonly durationMs: number;
  readonly spanCount: number;
  hasNode(id: string): boolean;
  /** True where some span (or its resource) has a value of `key` that `matches`. */
  hasAttribute(key: string, matches: (value: string) => boolean): boolean | undefined;
  readonly droppedItems: number | undefined;
  /** Longest time that one of its spans was blocked. */
  readonly blockedMs: number | undefined;
  /** True where an act touched it: any, or one of `actions`. */
  hasControl(actions: readonly string[] | undefined): boolean | undefined;
  /** Seconds of the clock, for rates; undefined in hindsight. */
  readonly nowSeconds: number | undefined;
}
