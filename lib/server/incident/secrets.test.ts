import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber, secretsOf, secretsOfFiles } from './secrets';

const CONFIG = {
  exporters: {
    otlp_http: {
      endpoint: 'https://user:opensesame@example.com/v1?region=eu&token=querytoken1',
      headers: { Authorization: 'Bearer abc.def.ghi', 'x-tenant': 'tenant-secret' },
      auth: { password: 'hunter2hunter2', username: 'somebody' },
      env: [{ name: 'API_KEY', value: 'listed-secret' }],
      api_key: `\${env:API_KEY}`,
    },
  },
};

describe('what must not leave', () => {
  it('are the values that redaction takes out, wherever they stand, and their telling parts', () => {
    const secrets = secretsOf(CONFIG);
    for (const secret of [
      'opensesame',
      'abc.def.ghi',
      'tenant-secret',
      'hunter2hunter2',
      'listed-secret',
      'querytoken1',
    ])
      expect(
        secrets.some((known) => secret.includes(known)),
        secret,
      ).toBe(true);
    expect(secrets.join()).not.toMatch(/API_KEY|otlp_http|example\.com/);
    const yaml = Buffer.from('a:\n  password: "in a file, quoted"\n');
    expect(secretsOfFiles([{ body: yaml }, { body: Buffer.from('}{') }])).toEqual(['in a file, quoted']);
  });

  it('is taken out of any line, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 6 }), { minLength: 1 }), fc.json(), (secrets, other) => {
        const scrub = createScrubber(secretsOf({ list: secrets.map((password) => ({ password })) }));
        const line = scrub(
          JSON.stringify({ other, message: `set to ${secrets.join(' and ')}`, deep: [secrets] }),
        );
        const told = JSON.stringify(JSON.parse(line).deep);
        for (const secret of secrets) {
          if (/^\$\{[\w:.-]+\}$/.test(secret) || '[redacted]'.includes(secret)) continue;
          expect(told).not.toContain(JSON.stringify(secret).slice(1, -1));
        }
      }),
    );
  });

  it('leaves a line without secrets as it is', () => {
    expect(createScrubber(['opensesame'])('{"a":"b"}')).toBe('{"a":"b"}');
    expect(createScrubber([])('{"a":"b"}')).toBe('{"a":"b"}');
  });
});
