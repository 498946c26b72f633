/** Next calls this once at boot, before the first request. Node's modules are reached only through the guarded import. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { bootServer } = await import('@/lib/server/boot');
    await bootServer(process.env);
  }
}
