import { scenariosFor } from '@/lib/server/answers/scenario-answers';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

export function GET(): Promise<Response> {
  return respond(scenariosFor);
}
