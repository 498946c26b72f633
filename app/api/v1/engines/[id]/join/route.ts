import { joinSchema } from '@/lib/api/engines';
import { joinEngines } from '@/lib/server/answers/join-answer';
import { parseBody, respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params;
  return respond(async (hub) => {
    const body = await parseBody(request, joinSchema);
    return body.ok ? joinEngines(hub, id, body.value.with) : body;
  });
}
