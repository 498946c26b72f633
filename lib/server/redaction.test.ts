import { describe, expect, it } from 'vitest';
import { configAnswer, redactedText } from './agents/effective-config';
import { isSecretKey, redact } from './redaction';

describe('redaction', () => {
  it('withholds values by key, by place and by shape, and keeps the rest', () => {
    const config = {
      endpoint: 'https://user:hunter2@example.com/v1?api_key=s3cr3t&mode=fast',
      headers: { 'x-tenant': 'hunter2' },
      auth: { token: 'hunter2', timeout: 5 },
      env: [{ name: 'DB_PASSWORD', value: 'hunter2' }],
      extra: 'Bearer hunter2',
      batch: { size: 10 },
    };
    const shown = redact(config);
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|s3cr3t/);
    expect(shown).toMatchObject({ batch: { size: 10 }, auth: { timeout: 5 } });
    expect(JSON.stringify(shown)).toContain('mode=fast');
  });

  it('knows secret names', () => {
    expect(isSecretKey('api_key')).toBe(true);
    expect(isSecretKey('delayMs')).toBe(false);
  });

  it('shows JSON as JSON and YAML as YAML, without comments', () => {
    expect(redactedText(Buffer.from('{"password":"hunter2","a":1}'))).toContain('"a": 1');
    const yaml = redactedText(
      Buffer.from('# token hunter2\nexporters:\n  otlp:\n    headers:\n      k: hunter2\n'),
    );
    expect(yaml).toContain('otlp');
    expect(yaml).not.toContain('hunter2');
  });

  it('withholds a file that it cannot read', () => {
    const file = { name: 'x', contentType: '', body: Buffer.from('just some secret text') };
    expect(configAnswer([file], 'h').files[0]?.body).toBeNull();
  });
});
