/** received = stored + evicted + rejected + duplicate, for each kind of item, after every call. */
import type { LedgerCounts } from '@/lib/api/health';

export class LedgerAccount {
  stored = 0;
  evicted = 0;
  rejected = 0;
  duplicate = 0;
  received = 0;

  counts(): LedgerCounts {
    const { received, stored, evicted, rejected, duplicate } = this;
    return { received, stored, evicted, rejected, duplicate };
  }

  store(count = 1): void {
    this.received += count;
    this.stored += count;
  }

  /** Taken, and gone at once. */
  pass(count = 1): void {
    this.received += count;
    this.evicted += count;
  }

  reject(count = 1): void {
    this.received += count;
    this.rejected += count;
  }

  repeat(count = 1): void {
    this.received += count;
    this.duplicate += count;
  }

  /** What was stored leaves. */
  evict(count: number): void {
    this.stored -= count;
    this.evicted += count;
  }
}
