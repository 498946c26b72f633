'use client';
/** The control lane of what is shown. That of a large trace is asked for by itself, and anew for a shorter stretch of it. */
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import type { ControlLaneAnswer, TraceAnswer } from '@/lib/api/traces';
import { controlLaneQuery } from '@/lib/client/queries';
import { type JoinedLane, joinLanes } from './lane-events';
import type { Viewport } from './viewport';

/** `shown` is the stretch that has come to rest, null for all of it. */
export function useLane(
  answers: readonly TraceAnswer[],
  shown: Viewport | null,
  originUnixNano: bigint,
): JoinedLane {
  const later = useQueries({
    queries: answers.map(({ trace, revision, control }) => ({
      ...controlLaneQuery(trace.traceId, revision, null),
      enabled: control === null,
      placeholderData: keepPreviousData<ControlLaneAnswer | undefined>,
    })),
  });
  const window = shown && {
    from: (originUnixNano + BigInt(Math.floor(shown.fromMs * 1e6))).toString(),
    to: (originUnixNano + BigInt(Math.ceil(shown.toMs * 1e6))).toString(),
  };
  const wholes = answers.map((answer, i) => answer.control ?? later[i]?.data ?? null);
  const closer = useQueries({
    queries: answers.map(({ trace, revision }, i) => ({
      ...controlLaneQuery(trace.traceId, revision, window),
      enabled: window !== null && wholes[i]?.truncated === true,
    })),
  });
  const lanes = wholes.map((whole, i) => (window && whole?.truncated ? (closer[i]?.data ?? whole) : whole));
  return joinLanes(
    lanes.flatMap((lane, i) => (lane ? [{ traceId: answers[i]?.trace.traceId ?? '', lane }] : [])),
    originUnixNano,
  );
}
