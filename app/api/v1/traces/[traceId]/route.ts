import { otlpFor, traceFor } from '@/lib/server/answers/trace-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly traceId: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { traceId } = await params;
  const { searchParams } = new URL(request.url);
  const otlp = searchParams.get('format') === 'otlp';
  return respond<unknown>((hub) => (otlp ? otlpFor(hub, traceId) : traceFor(hub, traceId, searchParams)));
}
