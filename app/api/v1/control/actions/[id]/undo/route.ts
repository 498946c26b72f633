import { undoControlAction } from '@/lib/server/answers/steering-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond((hub) => undoControlAction(hub, id), 202);
}
