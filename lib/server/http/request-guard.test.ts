import { describe, expect, it } from 'vitest';
import { type GuardedRequest, guardRequest } from './request-guard';

const SERVER = { host: '127.0.0.1', port: 3000, readOnly: false };

function ask(changes: Partial<GuardedRequest> = {}): GuardedRequest {
  return {
    method: 'GET',
    path: '/api/v1/health',
    host: 'localhost:3000',
    origin: null,
    fetchSite: null,
    contentType: null,
    ...changes,
  };
}
const put = (changes: Partial<GuardedRequest> = {}) =>
  ask({ method: 'PUT', contentType: 'application/json; charset=utf-8', ...changes });

describe('who may ask', () => {
  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])('takes %s', (host) => {
    expect(guardRequest(ask({ host }), SERVER)).toBeNull();
  });

  it.each(['evil.example:3000', 'localhost:3001', 'localhost', 'localhost:3000.evil.example', '', null])(
    'refuses the host %s',
    (host) => {
      expect(guardRequest(ask({ host }), SERVER)).toMatchObject({ status: 403, code: 'host_not_allowed' });
    },
  );

  it('takes the configured name, but a wildcard is none', () => {
    const named = { ...SERVER, host: 'weir.lan' };
    expect(guardRequest(ask({ host: 'weir.lan:3000' }), named)).toBeNull();
    const wildcard = { ...SERVER, host: '0.0.0.0' };
    expect(guardRequest(ask({ host: '0.0.0.0:3000' }), wildcard)?.status).toBe(403);
  });

  it('takes changes from its own pages and from programs', () => {
    expect(guardRequest(put(), SERVER)).toBeNull();
    expect(
      guardRequest(put({ origin: 'http://localhost:3000', fetchSite: 'same-origin' }), SERVER),
    ).toBeNull();
  });

  it('refuses changes from elsewhere, whatever way it shows', () => {
    expect(guardRequest(put({ origin: 'http://evil.example' }), SERVER)?.code).toBe('origin_not_allowed');
    expect(guardRequest(put({ origin: 'null' }), SERVER)?.code).toBe('origin_not_allowed');
    expect(guardRequest(put({ origin: 'http://127.0.0.1:3000' }), SERVER)?.code).toBe('origin_not_allowed');
    expect(guardRequest(put({ fetchSite: 'cross-site' }), SERVER)?.code).toBe('origin_not_allowed');
  });

  it('refuses changes in a type that a plain form can send', () => {
    expect(guardRequest(put({ contentType: 'text/plain' }), SERVER)?.status).toBe(415);
    expect(guardRequest(put({ contentType: null }), SERVER)?.status).toBe(415);
  });

  it('refuses every change where it is read-only, but not a question', () => {
    const readOnly = { ...SERVER, readOnly: true };
    expect(guardRequest(put(), readOnly)?.code).toBe('read_only');
    expect(guardRequest(put({ path: '/api/v1/settings/tracing/what-if' }), readOnly)).toBeNull();
    expect(guardRequest(ask(), readOnly)).toBeNull();
  });
});
