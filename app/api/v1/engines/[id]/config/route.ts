import { configFor, putConfig } from '@/lib/server/answers/steering-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond((hub) => configFor(hub, id));
}

export async function PUT(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond((hub) => putConfig(hub, id), 202);
}
