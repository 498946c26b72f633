import { controlFor } from '@/lib/server/answers/trace-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly traceId: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { traceId } = await params;
  return respond((hub) => controlFor(hub, traceId, new URL(request.url).searchParams));
}
