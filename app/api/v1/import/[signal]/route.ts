import { importFor } from '@/lib/server/answers/import-answer';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly signal: string }>;
}

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { signal } = await params;
  return respond((hub) => importFor(hub, signal, request));
}
