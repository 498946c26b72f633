import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson, mergeEdits } from './json-edit';

type Json = Readonly<Record<string, unknown>>;

/** RFC 7396 as it is written there. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const result = new Map<string, unknown>(isObject ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function patched(text: string, patch: Json) {
  const edited = editJson(text, mergeEdits(JSON.parse(text), patch));
  if (!edited.ok) throw new Error(edited.error);
  return edited.value;
}

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', 'x"y', ''), fc.string({ maxLength: 3 }));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true });
const spacing = fc.constantFrom(undefined, 1, '\t');

describe('editing JSON as text', () => {
  it('does what a merge patch says, whatever the document and however it is spaced, and leads back', () => {
    fc.assert(
      fc.property(object, object, spacing, (document, patch, space) => {
        const text = JSON.stringify(document, null, space);
        const { text: after, inverse } = patched(text, patch);
        expect(JSON.parse(after)).toEqual(JSON.parse(JSON.stringify(mergePatch(document, patch))));
        const back = editJson(after, inverse);
        expect(back.ok && JSON.parse(back.value.text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('leaves every byte that it does not change as it was written', () => {
    const text =
      '{ "big" : 18446744073709551615, "one":1.0 ,\n "esc":"\\u0041/\\/", "in": {"level" : "detailed"} }';
    expect(patched(text, { in: { level: 'basic' } }).text).toBe(text.replace('"detailed"', '"basic"'));
  });

  it('finds nothing to do where it is so already', () => {
    expect(mergeEdits({ a: { b: [1] } }, { a: { b: [1] }, c: null })).toEqual([]);
  });

  it('makes the objects that are missing on the way, and takes them away again', () => {
    const { text, inverse } = patched('{"a":1}', { p: { q: { r: 2, gone: null } } });
    expect(text).toBe('{"a":1,"p":{"q":{"r":2}}}');
    const back = editJson(text, inverse);
    expect(back.ok && back.value.text).toBe('{"a":1}');
  });

  it('puts back a null, which no merge patch can say', () => {
    const { inverse, text } = patched('{"config":null}', { config: { a: 1 } });
    const back = editJson(text, inverse);
    expect(back.ok && back.value.text).toBe('{"config":null}');
  });

  it('says which path is not there', () => {
    expect(editJson('{"a":1}', [{ path: ['a', 'b'], text: '2' }])).toEqual({
      ok: false,
      error: 'a.b is in no object of the document',
    });
  });
});
