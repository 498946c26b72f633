/**
 * For processes that hold much. The C library keeps large blocks that were freed for later, more of them the larger they
 * were; from 1 MiB on they go back to the system at once. It reads this where it is glibc; others do not mind.
 */
export const MALLOC_ENV = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(1 << 20) };
