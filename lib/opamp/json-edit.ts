/**
 * Changes to a JSON document as edits of its text: what an edit does not name stays byte for byte as it was written, numbers
 * that a double cannot hold included. A merge patch (RFC 7396) becomes the smallest edits that do what it says.
 */
import { err, ok, type Result } from '@/lib/base/result';

/** One value set (as JSON text) or taken away. All but the last key of the path are objects that are there. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly text: string | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 128;

/** The edits that make `document` what the patch wants; none where it is so already. */
export function mergeEdits(document: unknown, patch: JsonObject, path: readonly string[] = []): JsonEdit[] {
  return Object.entries(patch).flatMap(([key, wanted]): JsonEdit[] => {
    const at = [...path, key];
    const present = isObject(document) && Object.hasOwn(document, key);
    const before = present ? document[key] : undefined;
    if (wanted === null) return present ? [{ path: at, text: null }] : [];
    if (isObject(wanted) && isObject(before)) return mergeEdits(before, wanted, at);
    const text = JSON.stringify(isObject(wanted) ? withoutNulls(wanted) : wanted);
    return present && JSON.stringify(before) === text ? [] : [{ path: at, text }];
  });
}

/** In a merge patch, null under a key that is not there means: leave it away. */
function withoutNulls(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, isObject(inner) ? withoutNulls(inner) : inner]));
}

export interface Edited {
  readonly text: string;
  /** The edits that lead back, in order. */
  readonly inverse: readonly JsonEdit[];
}

/** Applies edits one after the other; an error names the path that is not there. */
export function editJson(text: string, edits: readonly JsonEdit[]): Result<Edited, string> {
  let current = text;
  const inverse: JsonEdit[] = [];
  for (const edit of edits) {
    const done = editOnce(current, edit);
    if (!done.ok) return done;
    current = done.value.text;
    inverse.unshift(...done.value.inverse);
  }
  return ok({ text: current, inverse });
}

function editOnce(text: string, { path, text: wanted }: JsonEdit): Result<Edited, string> {
  const key = path.at(-1);
  let parent: Located | undefined = locate(text);
  for (const step of path.slice(0, -1)) parent = parent?.members?.get(step)?.value;
  const members = parent?.members;
  if (key === undefined || !parent || !members)
    return err(`${path.join('.')} is in no object of the document`);
  const member = members.get(key);
  if (wanted === null) {
    if (!member) return err(`${path.join('.')} is not there`);
    const old = text.slice(member.value.start, member.value.end);
    return ok({ text: without(text, members, key), inverse: [{ path, text: old }] });
  }
  if (member) {
    const { start, end } = member.value;
    const next = text.slice(0, start) + wanted + text.slice(end);
    return ok({ text: next, inverse: [{ path, text: text.slice(start, end) }] });
  }
  const last = [...members.values()].at(-1);
  const at = last ? last.value.end : parent.start + 1;
  const inserted = `${last ? ',' : ''}${JSON.stringify(key)}:${wanted}`;
  return ok({ text: text.slice(0, at) + inserted + text.slice(at), inverse: [{ path, text: null }] });
}

/** Takes a member away with the comma before it, or, of the first, with the comma after it. */
function without(text: string, members: Members, key: string): string {
  const all = [...members];
  const at = all.findIndex(([name]) => name === key);
  const [before, member, after] = [all[at - 1]?.[1], all[at]?.[1], all[at + 1]?.[1]];
  if (!member) return text;
  const from = before ? before.value.end : member.keyStart;
  const to = before || !after ? member.value.end : after.keyStart;
  return text.slice(0, from) + text.slice(to);
}

type Members = ReadonlyMap<string, Member>;

interface Member {
  readonly keyStart: number;
  readonly value: Located;
}

interface Located {
  readonly start: number;
  readonly end: number;
  /** Of an object. */
  readonly members: Members | null;
}

/** Where everything stands in a text that is JSON; the caller has parsed it, so that no rule of the grammar is checked here. */
function locate(text: string): Located {
  let at = 0;
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const string = (): string => {
    const start = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const value = (depth: number): Located => {
    if (depth > MAX_DEPTH) throw new RangeError(`the document is nested more than ${MAX_DEPTH} deep`);
    space();
    const start = at;
    if (text[at] === '{') {
      const members = new Map<string, Member>();
      at++;
      for (space(); text[at] !== '}'; space()) {
        if (text[at] === ',') at++;
        space();
        const keyStart = at;
        const key = string();
        space();
        at++;
        // Of a key that stands there twice, parsers take the last.
        members.delete(key);
        members.set(key, { keyStart, value: value(depth + 1) });
      }
      at++;
      return { start, end: at, members };
    }
    if (text[at] === '[') {
      at++;
      for (space(); text[at] !== ']'; space()) {
        if (text[at] === ',') at++;
        value(depth + 1);
      }
      at++;
    } else if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
    return { start, end: at, members: null };
  };
  return value(0);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
