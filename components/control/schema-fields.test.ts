import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changedConfig, configChanges, schemaFields, valueAt, withValueAt } from './schema-fields';

const schema = z.toJSONSchema(
  z.object({
    endpoint: z.string(),
    delayMs: z.number().min(0).max(1_000).describe('Added to each export'),
    attempts: z.int(),
    gzip: z.boolean(),
    mode: z.enum(['steady', 'burst']),
    backoff: z.object({ initialMs: z.number(), factor: z.number() }),
    headers: z.record(z.string(), z.string()),
  }),
);

describe('a form from a schema', () => {
  it('has a field of the right kind for each property', () => {
    expect(schemaFields(schema).map((field) => `${field.path}:${field.kind}`)).toEqual([
      'endpoint:text',
      'delayMs:number',
      'attempts:number',
      'gzip:flag',
      'mode:choice',
      'backoff.initialMs:number',
      'backoff.factor:number',
      'headers:json',
    ]);
  });

  it('keeps bounds and descriptions, but not the bounds of the number format', () => {
    const fields = schemaFields(schema);
    expect(fields[1]).toMatchObject({ min: 0, max: 1_000, help: 'Added to each export' });
    expect(fields[2]).toMatchObject({ integer: true, min: null, max: null });
  });

  it('says the default where nothing else is said', () => {
    const [field] = schemaFields(z.toJSONSchema(z.object({ timeoutMs: z.number().default(200) })));
    expect(field?.help).toBe('default 200');
  });

  it('is empty where there is no schema', () => {
    expect(schemaFields(null)).toEqual([]);
    expect(schemaFields({ type: 'string' })).toEqual([]);
  });
});

describe('a changed configuration', () => {
  const before = { delayMs: 5, backoff: { initialMs: 10, factor: 2 }, tags: ['a', 'b'] };

  it('is written without touching what was there', () => {
    const after = withValueAt(before, 'backoff.factor', 3);
    expect(valueAt(after, 'backoff.factor')).toBe(3);
    expect(before.backoff.factor).toBe(2);
    expect(withValueAt(before, 'delayMs', undefined)).not.toHaveProperty('delayMs');
  });

  it('is told leaf by leaf, lists as a whole', () => {
    const after = { delayMs: 80, backoff: { initialMs: 10, factor: 3 }, tags: ['a', 'c'] };
    expect(configChanges(before, after)).toEqual([
      { path: 'backoff.factor', before: 2, after: 3 },
      { path: 'delayMs', before: 5, after: 80 },
      { path: 'tags', before: ['a', 'b'], after: ['a', 'c'] },
    ]);
  });

  it('sends whole top-level keys, and only those that changed', () => {
    expect(changedConfig(before, withValueAt(before, 'backoff.factor', 3))).toEqual({
      backoff: { initialMs: 10, factor: 3 },
    });
    expect(changedConfig(before, before)).toEqual({});
  });
});
