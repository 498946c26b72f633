import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson, mergeEdits } from './json-edit';
import { mergePatchOf } from './merge-patch';

const key = fc.constantFrom('a', 'b', 'c', 'd');
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 2 }),
    fc.array(fc.integer(), { maxLength: 2 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true });

describe('the merge patch between two values', () => {
  it('leads from one to the other, whatever they are', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const edited = editJson(JSON.stringify(before), mergeEdits(before, mergePatchOf(before, after)));
        expect(edited.ok && JSON.parse(edited.value.text)).toEqual(after);
      }),
    );
  });

  it('is empty where nothing changed, and says no more than what did', () => {
    expect(mergePatchOf({ a: { b: [1] } }, { a: { b: [1] } })).toEqual({});
    expect(mergePatchOf({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1, c: 4 } })).toEqual({
      a: { c: 4 },
      d: null,
    });
  });
});
