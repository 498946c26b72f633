/**
 * Where routes find what instrumentation made. Next evaluates a shared module once for instrumentation, once for
 * handlers and once for pages, while `globalThis` is one: so everything long-lived hangs there and nowhere else.
 */
import type { Hub } from './hub';

const KEY = Symbol.for('weir.hub');

interface HubHolder {
  [KEY]?: Hub;
}

export function currentHub(): Hub | null {
  return (globalThis as HubHolder)[KEY] ?? null;
}

export function installHub(hub: Hub | null): void {
  if (hub) (globalThis as HubHolder)[KEY] = hub;
  else delete (globalThis as HubHolder)[KEY];
}
