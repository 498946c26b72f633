/** Closes a switch over a discriminated union: adding a kind without a case is a type error. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** For what the program itself guarantees. A broken invariant is a mistake in the code, so it throws. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
