/** What is selected, in the URL, under one name each. Pages add their own keys beside these. */
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { type StatsWindow, WINDOWS } from '@/lib/model/stats-window';
import type { StreamScope } from './query-keys';

const text = parseAsString.withDefault('');

export function useEngineParam() {
  return useQueryState('engine', text);
}

export function usePipelineParam() {
  return useQueryState('pipeline', text);
}

export function useStatsWindow() {
  return useQueryState('window', parseAsStringLiteral(WINDOWS).withDefault('10s' satisfies StatsWindow));
}

/** What the stream and the live map of this page are of. */
export function useScope(): StreamScope {
  const [engine] = useEngineParam();
  const [pipeline] = usePipelineParam();
  const [window] = useStatsWindow();
  return { engine, pipeline, window };
}
