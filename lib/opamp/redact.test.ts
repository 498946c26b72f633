import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact';

describe('a configuration without its credentials', () => {
  it('has no headers, tokens, keys or passwords, and the same shape', () => {
    const config = {
      endpoint: 'https://me:word@otlp.example/v1',
      headers: { authorization: 'Bearer abc', 'x-scope': 'tenant' },
      auth: { api_key: 'k', apiToken: 't', client_secret: 's', username: 'u' },
      list: [{ password: 'p' }],
      token: 42,
      timeout_ms: 100,
      max_tokens_kept: 3,
    };
    expect(redactSecrets(config)).toEqual({
      endpoint: 'https://[redacted]@otlp.example/v1',
      headers: { authorization: '[redacted]', 'x-scope': '[redacted]' },
      auth: { api_key: '[redacted]', apiToken: '[redacted]', client_secret: '[redacted]', username: 'u' },
      list: [{ password: '[redacted]' }],
      token: '[redacted]',
      timeout_ms: 100,
      max_tokens_kept: '[redacted]',
    });
  });

  it('keeps references to the environment, which say where a secret comes from', () => {
    const reference = ['$', '{env:TOKEN}'].join('');
    expect(redactSecrets({ token: reference, password: '' })).toEqual({ token: reference, password: '' });
  });
});
