/** Traces that tests look at: a merged one of the demo pipeline, and made ones of any size. */
import { expect } from '@playwright/test';
import { tracesOf } from './api';
import type { Product } from './product';
import { wideTrace } from './wide-trace';

export const FULL = { mode: 'full', tailSampling: { policies: [], maxWaitMs: 5_000 } };

/** A finished batch that was merged and went to both exporters. */
export async function mergedTrace(product: Product): Promise<string> {
  let found = '';
  await expect
    .poll(async () => {
      const { traces } = await tracesOf(product, '&node=exp-slow');
      found = traces.find((trace) => trace.nodeIds.includes('exp-logs') && trace.linked)?.traceId ?? '';
      return found;
    })
    .not.toBe('');
  return found;
}

export async function sendWide(product: Product, number: number, spans: number) {
  const trace = wideTrace(number, spans, Date.now() - 60_000);
  for (const body of trace.requests) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${product.agentUrl}/v1/traces`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  }
  return trace;
}
