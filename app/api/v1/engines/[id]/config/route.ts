import { configPatchSchema } from '@/lib/api/control';
import { configFor, putConfig } from '@/lib/server/answers/steering-answers';
import { parseBody, respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond((hub) => configFor(hub, id));
}

export async function PUT(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond(async (hub) => {
    const body = await parseBody(request, configPatchSchema);
    return body.ok ? putConfig(hub, id, body.value) : body;
  }, 202);
}
