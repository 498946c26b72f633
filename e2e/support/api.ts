/** What tests ask of the API, by the fields that API.md pins; written anew here so that a change of the server is seen. */
import { expect } from '@playwright/test';
import type { Product } from './product';

export interface Engine {
  readonly id: string;
  readonly service: string;
  readonly connected: boolean;
  readonly incarnation: number;
  readonly tracing: { readonly mode: string | null } | null;
  readonly remoteConfig: { readonly revision: number; readonly status: string } | null;
}

export interface TraceRow {
  readonly traceId: string;
  readonly batchId: string;
  readonly status: 'ok' | 'error';
  readonly policy: string | null;
  readonly items: number | null;
  readonly spanCount: number;
  readonly nodeIds: readonly string[];
  readonly signal: string;
  readonly linked: boolean;
}

export interface Action {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly message: string;
  readonly affected: number | null;
  readonly timeUnixNano: string;
}

export async function engineOf(product: Product): Promise<Engine> {
  const [engine] = (await product.get<Engine[]>('/api/v1/engines')).filter((one) => one.tracing !== null);
  if (!engine) throw new Error('no engine reports');
  return engine;
}

export async function tracesOf(product: Product, query = ''): Promise<{ traces: TraceRow[]; total: number }> {
  return product.get(`/api/v1/traces?limit=500${query}`);
}

/** Sets tracing over the API and waits until the engine runs it. */
export async function setTracing(product: Product, settings: object): Promise<void> {
  const engine = await engineOf(product);
  const answer = await fetch(
    `${product.url}/api/v1/settings/tracing?engine=${encodeURIComponent(engine.id)}`,
    {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    },
  );
  expect(answer.status, await answer.clone().text()).toBe(202);
  const { revision } = (await answer.json()) as { revision: number };
  await expect
    .poll(async () => (await engineOf(product)).remoteConfig)
    .toMatchObject({ revision, status: 'applied' });
}

export async function act(product: Product, request: object): Promise<string> {
  const engine = await engineOf(product);
  const answer = await fetch(`${product.url}/api/v1/control/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ engine: engine.id, ...request }),
  });
  expect(answer.status, await answer.clone().text()).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

export async function actionOf(product: Product, id: string): Promise<Action | undefined> {
  const trail = await product.get<{ actions: Action[] }>('/api/v1/control/actions');
  return trail.actions.find((action) => action.id === id);
}

/** Puts back what was in force before, for the tests that follow. */
export async function undoOf(product: Product, id: string): Promise<void> {
  const answer = await fetch(`${product.url}/api/v1/control/actions/${id}/undo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status, await answer.clone().text()).toBe(202);
  const { id: undo } = (await answer.json()) as { id: string };
  await expect.poll(async () => (await actionOf(product, undo))?.outcome).toBe('applied');
}
