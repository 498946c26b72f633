/** A refused or failed request, with the server's own code and sentence. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 where no answer came at all. */
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a 404 of a trace says: it left the store, or it never was there. */
export function isEvicted(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'evicted';
}
