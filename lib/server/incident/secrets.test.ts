import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretsIn } from '@/lib/opamp/redact';
import { createScrubber, secretsInFiles } from './secrets';

const CONFIG = {
  exporters: {
    otlp_http: {
      endpoint: 'https://user:opensesame@example.com/v1?region=eu&token=querytoken1',
      headers: { Authorization: 'Bearer abc.def.ghi', 'x-tenant': 'tenant-secret' },
      auth: { password: 'hunter2hunter2' },
    },
  },
};
const SECRETS = ['opensesame', 'abc.def.ghi', 'tenant-secret', 'hunter2hunter2', 'querytoken1'];

describe('what leaves as a file', () => {
  it('has none of the values that redaction hides in a configuration, wherever they stand', () => {
    const scrub = createScrubber(secretsIn(CONFIG));
    const text = scrub({
      message: `set ${SECRETS.join(', ')}`,
      list: SECRETS,
      deep: { 'exporters.key': SECRETS[0] },
    });
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(text).toContain('"exporters.key":"[redacted]"');
    const yaml = Buffer.from('a:\n  password: "quoted, here"\n');
    expect(secretsInFiles([{ body: yaml }, { body: Buffer.from('}{') }])).toContain('quoted, here');
  });

  it('stays JSON with its names, ids and moments, whatever the secrets are', () => {
    const word = fc.oneof(
      fc.constantFrom('value', 'traceId', '1700', 'abcd', '"}', '\\'),
      fc.string({ minLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (secrets) => {
        const record = {
          traceId: 'abcdabcd1700',
          timeUnixNano: '1700000000000000000',
          value: secrets,
          message: secrets.join(' '),
        };
        const read = JSON.parse(createScrubber(secrets)(record));
        expect(Object.keys(read)).toEqual(Object.keys(record));
        expect([read.traceId, read.timeUnixNano]).toEqual([record.traceId, record.timeUnixNano]);
        for (const secret of secrets)
          if (secret.length >= 4 && !'[redacted]'.includes(secret)) {
            for (const text of read.value) expect(text.replaceAll('[redacted]', '')).not.toBe(secret);
          }
      }),
    );
  });
});
