/** The merge patch (RFC 7396) between two values: the smallest that says what changed, lists as a whole. */
type JsonObject = Readonly<Record<string, unknown>>;

/** A value set to null cannot be said, as null takes a key away: it is left as it was. */
export function mergePatchOf(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, unknown> = Object.create(null);
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (is === undefined) patch[key] = null;
    else if (isObject(was) && isObject(is)) {
      const inner = mergePatchOf(was, is);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (is !== null && JSON.stringify(was) !== JSON.stringify(is)) patch[key] = is;
  }
  return patch;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
