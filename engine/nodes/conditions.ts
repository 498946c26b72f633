/** Conditions on items, as `filter` has them: every field that is given has to hold. */
import { z } from 'zod';
import { attributeOf, scalarText } from './attribute-value';
import type { Item } from './items';

const MAX_PATTERN_LENGTH = 500;

const pattern = z.string().min(1).max(MAX_PATTERN_LENGTH).refine(isRegExp, 'is no regular expression');

export const conditionFields = {
  /** Key of an attribute of the item, its scope or its resource; nearest wins. */
  attribute: z.string().min(1).optional(),
  /** Its value as text. */
  equals: z.string().optional(),
  /** A regular expression that its value as text has to match somewhere. */
  matches: pattern.optional(),
  /** Whether it has to be there or must not. */
  exists: z.boolean().optional(),
  /** Log records below this severity number (9 is INFO, 13 WARN, 17 ERROR); not those that state none. */
  severity_below: z.number().int().min(1).max(25).optional(),
  /** A regular expression on the name of the span, metric or event. */
  name_matches: pattern.optional(),
};
const conditionShape = z.strictObject(conditionFields);
export type Condition = z.infer<typeof conditionShape>;

/** What makes a condition unusable; `null` where it is sound. For `refine`, so that the reason has a path. */
export function conditionProblem(condition: Condition): string | null {
  const { attribute, equals, matches, exists, severity_below, name_matches } = condition;
  const onValue = equals !== undefined || matches !== undefined || exists !== undefined;
  if (onValue && attribute === undefined) return 'equals, matches and exists need an attribute';
  if (attribute !== undefined && !onValue) return 'attribute needs equals, matches or exists';
  if (attribute === undefined && severity_below === undefined && name_matches === undefined)
    return 'the condition is empty';
  return null;
}

/** The condition as a function; expressions are compiled once. */
export function compileCondition(condition: Condition): (item: Item) => boolean {
  const tests: ((item: Item) => boolean)[] = [];
  const { attribute, equals, matches, exists, severity_below, name_matches } = condition;
  if (attribute !== undefined) {
    const textOf = (item: Item) => {
      const value = attributeOf(item, attribute);
      return value === undefined ? null : scalarText(value);
    };
    if (equals !== undefined) tests.push((item) => textOf(item) === equals);
    if (matches !== undefined) {
      const regExp = new RegExp(matches);
      tests.push((item) => regExp.test(textOf(item) ?? ''));
    }
    if (exists !== undefined) tests.push((item) => (attributeOf(item, attribute) !== undefined) === exists);
  }
  if (severity_below !== undefined)
    tests.push((item) => item.severityNumber > 0 && item.severityNumber < severity_below);
  if (name_matches !== undefined) {
    const regExp = new RegExp(name_matches);
    tests.push((item) => regExp.test(item.name));
  }
  return (item) => tests.every((test) => test(item));
}

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
