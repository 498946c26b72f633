/** What a policy says of a trace. Numbers alone, and no imports: the build puts them in place on the engine's hot path. */
export const NOT_SAMPLED = 0;
export const SAMPLED = 1;
export const DROPPED = 2;
/** What a policy looks at is not known. */
export const UNKNOWN = 3;
export type Vote = typeof NOT_SAMPLED | typeof SAMPLED | typeof DROPPED | typeof UNKNOWN;
