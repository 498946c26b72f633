import { switchScenario } from '@/lib/server/answers/scenario-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ readonly name: string }>;
}

export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const { name } = await params;
  return respond((hub) => switchScenario(hub, name, true), 202);
}

export async function DELETE(_request: Request, { params }: Context): Promise<Response> {
  const { name } = await params;
  return respond((hub) => switchScenario(hub, name, false), 202);
}
