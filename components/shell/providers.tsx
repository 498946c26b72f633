'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, Suspense, useState } from 'react';
import { ApiError } from '@/lib/client/api-error';
import { StreamProvider } from '@/lib/client/stream-provider';

/** A refusal will be the same the second time; a failure may not. */
function retry(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}

export function Providers({ children }: { readonly children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry, refetchOnWindowFocus: false } } }),
  );
  return (
    <NuqsAdapter>
      <QueryClientProvider client={client}>
        <Suspense>
          <StreamProvider>{children}</StreamProvider>
        </Suspense>
      </QueryClientProvider>
    </NuqsAdapter>
  );
}
