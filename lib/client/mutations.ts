/** Writing hooks. An answer of 202 means accepted; whether it was applied comes back over the stream. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ConfigPatch, ControlRequest } from '@/lib/api/control';
import type { TracingSettings, WhatIfAnswer } from '@/lib/api/settings';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { fetchJson } from './fetch-json';
import { queryKeys } from './query-keys';

export interface AcceptedRevision {
  readonly revision: number;
}
export interface AcceptedAction {
  readonly id: string;
}

export function usePutTracingSettings(engine: string) {
  return useMutation({
    mutationFn: (settings: TracingSettings) =>
      fetchJson<AcceptedRevision>('/api/v1/settings/tracing', {
        method: 'PUT',
        query: { engine },
        body: settings,
      }),
  });
}

export function useWhatIf(engine: string) {
  return useMutation({
    mutationFn: (tailSampling: TailSamplingConfig) =>
      fetchJson<WhatIfAnswer>('/api/v1/settings/tracing/what-if', {
        method: 'POST',
        query: { engine },
        body: { tailSampling },
      }),
  });
}

/** A merge patch onto the whole configuration of an engine; 409 where that is another one by now. */
export function usePutConfig(engine: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ConfigPatch) =>
      fetchJson<AcceptedAction & AcceptedRevision>(`/api/v1/engines/${encodeURIComponent(engine)}/config`, {
        method: 'PUT',
        body: change,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.controlPrefix }),
  });
}

/** Says that the agent of `engine` is that of another one. */
export function useJoinEngine(engine: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (other: string) =>
      fetchJson<{ readonly engine: string }>(`/api/v1/engines/${encodeURIComponent(engine)}/join`, {
        method: 'POST',
        body: { with: other },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.engines }),
  });
}

export function usePostControlAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: ControlRequest) =>
      fetchJson<AcceptedAction>('/api/v1/control/actions', { method: 'POST', body: request }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.controlPrefix }),
  });
}

export function useUndoControlAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      fetchJson<AcceptedAction>(`/api/v1/control/actions/${encodeURIComponent(id)}/undo`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.controlPrefix }),
  });
}

export function useScenarioSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, on }: { readonly name: string; readonly on: boolean }) =>
      fetchJson<unknown>(`/api/v1/scenarios/${encodeURIComponent(name)}`, { method: on ? 'POST' : 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.scenarios }),
  });
}
