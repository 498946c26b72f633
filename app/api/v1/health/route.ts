import { ok } from '@/lib/base/result';
import { healthAnswer } from '@/lib/server/answers/health-answer';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

export function GET(): Promise<Response> {
  return respond((hub) => ok(healthAnswer(hub)));
}
