/** What a capture is made of, in the order in which it is sent. */
import type { OtlpFileSignal } from '@/lib/otlp/json-lines';

export type CaptureStep = OtlpStep | AgentStep | RecordsStep;

interface Placed {
  /** When it was, in Unix nanoseconds; null where it tells no time: it goes with what stands before it. */
  readonly at: bigint | null;
}

export interface OtlpStep extends Placed {
  readonly kind: 'otlp';
  readonly signal: OtlpFileSignal;
  readonly json: unknown;
}

/** What an agent said to its OpAMP server. */
export interface AgentStep extends Placed {
  readonly kind: 'agent';
  readonly via: 'ws' | 'http';
  /** Hex of its instance_uid: one connection each. */
  readonly uid: string;
  readonly message: Uint8Array;
}

/** Figures, topology, findings and trail of an incident bundle. */
export interface RecordsStep extends Placed {
  readonly kind: 'records';
  readonly json: unknown;
}

/** Several sequences as one, by time; within one the order stays, and what tells no time goes at once. */
export async function* inOrder(sources: readonly AsyncIterator<CaptureStep>[]): AsyncGenerator<CaptureStep> {
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await source.next(), at: 0n })),
  );
  for (const head of heads) if (!head.next.done) head.at = head.next.value.at ?? 0n;
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const head of heads) if (!head.next.done && (first === null || head.at < first.at)) first = head;
    if (first === null || first.next.done) return;
    yield first.next.value;
    first.next = await first.source.next();
    // A file goes on where it was: a moment that goes back does not overtake.
    if (!first.next.done && first.next.value.at !== null && first.next.value.at > first.at)
      first.at = first.next.value.at;
  }
}
