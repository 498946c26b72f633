import { traceFor } from '@/lib/server/answers/trace-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly traceId: string }>;
}

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { traceId } = await params;
  return respond((hub) => traceFor(hub, traceId));
}
