import { describe, expect, it } from 'vitest';
import { endpointOf } from './endpoint-of';

describe('the endpoint of a question', () => {
  it.each([
    ['GET', '/api/v1/traces?limit=5', 'traces'],
    ['GET', `/api/v1/traces/${'a'.repeat(32)}`, 'traces/{traceId}'],
    ['GET', `/api/v1/traces/${'a'.repeat(32)}/spans/${'b'.repeat(16)}`, 'traces/{traceId}/spans/{spanId}'],
    ['PUT', '/api/v1/engines/my-engine/config', 'PUT engines/{id}/config'],
    ['POST', '/api/v1/control/actions/7/undo', 'POST control/actions/{id}/undo'],
    ['DELETE', '/api/v1/scenarios/slow', 'DELETE scenarios/{name}'],
    ['GET', '/api/v1/settings/tracing?engine=x', 'settings/tracing'],
  ])('has its ids as names: %s %s', (method, url, endpoint) => {
    expect(endpointOf(method, url)).toBe(endpoint);
  });

  it('is none for pages, for the stream, which never ends, and for what is no endpoint', () => {
    for (const url of [
      '/',
      '/traces',
      '/api/v1/stream?engine=x',
      '/api/v1',
      '/api/v2/traces',
      '/api/v1/a/b/c/d/e/f',
    ])
      expect(endpointOf('GET', url)).toBeNull();
  });
});
