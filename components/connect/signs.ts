/** Which source a guide looks at, and what of it has arrived. Pure. */
import type { EngineInfo } from '@/lib/api/engines';
import type { ConnectGuide, Sign } from '@/lib/dialects/connect-guides';

export type SignState =
  | { readonly kind: 'arrived'; readonly sinceUnixNano: string | null }
  | { readonly kind: 'waiting' };

/** Newest first: whoever connects one now looks for that one. */
export function sourcesOf(guide: ConnectGuide, engines: readonly EngineInfo[]): readonly EngineInfo[] {
  return engines
    .filter(({ dialect }) => dialect === guide.dialect)
    .sort((a, b) => (firstOf(b) > firstOf(a) ? 1 : firstOf(b) < firstOf(a) ? -1 : 0));
}

/** 0 for a source of which only its agent is known. */
function firstOf({ arrivals }: EngineInfo): bigint {
  const times = [arrivals.traces, arrivals.metrics, arrivals.logs].flatMap((time) =>
    time === null ? [] : [BigInt(time)],
  );
  return times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n);
}

export function signState(sign: Exclude<Sign, null>, source: EngineInfo | null): SignState {
  if (!source) return { kind: 'waiting' };
  if (sign === 'opamp') return source.agent ? { kind: 'arrived', sinceUnixNano: null } : { kind: 'waiting' };
  if (sign === 'pipelineTelemetry')
    return source.arrivals.pipelineTelemetry ? { kind: 'arrived', sinceUnixNano: null } : { kind: 'waiting' };
  const since = source.arrivals[sign];
  return since === null ? { kind: 'waiting' } : { kind: 'arrived', sinceUnixNano: since };
}
