import { describe, expect, it } from 'vitest';
import { configAnswer, redactedText } from './effective-config';

describe('a configuration file as people see it', () => {
  it('is JSON where it was JSON and YAML where it was YAML, without comments', () => {
    expect(redactedText(Buffer.from('{"password":"hunter2","a":1}'))).toContain('"a": 1');
    const yaml = redactedText(
      Buffer.from('# token hunter2\nexporters:\n  otlp:\n    headers:\n      k: hunter2\n'),
    );
    expect(yaml).toContain('otlp');
    expect(yaml).not.toContain('hunter2');
  });

  it('is withheld where it cannot be read', () => {
    const file = { name: 'x', contentType: '', body: Buffer.from('just some secret text') };
    expect(configAnswer([file], 'h').files[0]?.body).toBeNull();
  });

  it('survives a document that holds itself', () => {
    expect(redactedText(Buffer.from('a: &a {token: hunter2, again: *a}'))).toContain('[circular]');
  });
});
