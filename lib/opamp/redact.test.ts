import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretKey, REDACTED, redactSecrets, redactText, secretsIn, withoutSecrets } from './redact';

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
      headers: { authorization: REDACTED, 'x-scope': REDACTED },
      auth: { api_key: REDACTED, apiToken: REDACTED, client_secret: REDACTED, username: 'u' },
      list: [{ password: REDACTED }],
      token: REDACTED,
      timeout_ms: 100,
      max_tokens_kept: REDACTED,
    });
  });

  it('keeps references to the environment, which say where a secret comes from', () => {
    const reference = ['$', '{env:TOKEN}'].join('');
    expect(redactSecrets({ token: reference, password: '' })).toEqual({ token: reference, password: '' });
  });

  it('leaves what only sounds like it', () => {
    const config = {
      token_url: 'https://id.example/token',
      password_file: '/run/secrets/p',
      partition_key: 'tenant',
      level: 'basic',
      note: 'basic authentication is off',
      actions: [{ action: 'insert', key: 'env', value: 'prod' }],
    };
    expect(redactSecrets(config)).toEqual(config);
  });

  it('knows secret names in any spelling', () => {
    for (const name of [
      'api_key',
      'apiKey',
      'API-KEY',
      'clientSecret',
      'x-auth-token',
      'key_pem',
      'Passwords',
    ])
      expect([name, isSecretKey(name)]).toEqual([name, true]);
    for (const name of ['delayMs', 'keys', 'monkey', 'secretary', 'key'])
      expect([name, isSecretKey(name)]).toEqual([name, false]);
  });

  it('keeps one object in many places as cheap as it came, and stops where it holds itself', () => {
    let shared: unknown = { password: 'hunter2' };
    for (let depth = 0; depth < 40; depth++) shared = [shared, shared];
    const own: Record<string, unknown> = { secret: 'hunter2' };
    own.self = [own, own];
    expect(redactSecrets(own)).toEqual({ secret: REDACTED, self: ['[circular]', '[circular]'] });
    expect(redactSecrets({ shared })).toHaveProperty('shared');
  });
});

describe('a text without its credentials', () => {
  it.each([
    [
      'https://user:hunter2@example.com/v1?api_key=hunter2&mode=fast',
      'https://[redacted]@example.com/v1?api_key=[redacted]&mode=fast',
    ],
    ['Authorization: Bearer hunter2', 'Authorization: Bearer [redacted]'],
    ['exec --token=hunter2 --level=basic', 'exec --token=[redacted] --level=basic'],
    ['{"password": "hunter2", "n": 1}', '{"password": "[redacted]", "n": 1}'],
    ['postgres://u:p/hunter2@db:5432/x', 'postgres://[redacted]@db:5432/x'],
    ['basic dXNlcjpodW50ZXIy', 'basic [redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----', '[redacted]'],
    [
      'unknown variant `loud`, expected one of `none`, `basic`',
      'unknown variant `loud`, expected one of `none`, `basic`',
    ],
  ])('%s', (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it('has no secret of the configuration that it quotes', () => {
    const config = { headers: { authorization: 'Bearer hunter2-of-mine' }, url: 'http://a:pass-word@h' };
    const told = 'invalid header value: "hunter2-of-mine", and pass-word too';
    expect(withoutSecrets(told, secretsIn(config))).toBe(
      'invalid header value: "[redacted]", and [redacted] too',
    );
  });
});

/** A marker that no generator makes by itself. */
const SECRET = 'hUnTeR2xSeCrEt9';
const plainText = fc.string({ maxLength: 8 });
const secretName = fc.constantFrom(
  'password',
  'client_secret',
  'apiKey',
  'x-auth-token',
  'credentials',
  'private_key',
  'headers',
);
/** Every way in which a credential stands in a configuration. */
const planted = fc.oneof(
  fc
    .tuple(secretName, fc.constantFrom<unknown>(SECRET, [SECRET], { a: { b: SECRET } }))
    .map(([name, value]) => ({ [name]: value })),
  secretName.map((name) => ({ name, value: SECRET })),
  secretName.map((name) => ({ key: name, value: { deep: [SECRET] } })),
  fc
    .constantFrom(
      `https://user:${SECRET}@host.example/path`,
      `amqp://${SECRET}@host`,
      `Bearer ${SECRET}`,
      `cmd --password=${SECRET} -v`,
      `https://host/v1?access_token=${SECRET}&x=1`,
      `Authorization: Bearer ${SECRET}`,
      `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
    )
    .map((text) => ({ plain: text })),
);
const config = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    planted,
    plainText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

describe('redaction, whatever the configuration', () => {
  it('lets no planted credential through, and does nothing more the second time', () => {
    fc.assert(
      fc.property(fc.tuple(config, planted), (value) => {
        const clean = redactSecrets(value);
        expect(JSON.stringify(clean)).not.toContain(SECRET);
        expect(redactSecrets(clean)).toEqual(clean);
      }),
      { numRuns: 500 },
    );
  });

  it('names every secret that it hides, so that a message that quotes one can be cleaned', () => {
    fc.assert(
      fc.property(fc.tuple(config, planted), (value) => {
        expect(withoutSecrets(`the engine said: ${SECRET} is bad`, secretsIn(value))).not.toContain(SECRET);
      }),
    );
  });

  it('keeps the shape: lists as long, objects with as many entries, and no other number or flag changed', () => {
    const harmless = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.stringMatching(/^[a-z ]{0,8}$/),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-d]{1,3}$/), tie('node'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    fc.assert(
      fc.property(harmless, (value) => {
        expect(redactSecrets(value)).toEqual(value);
      }),
    );
  });
});
