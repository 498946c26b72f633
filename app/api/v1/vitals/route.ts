import { ok } from '@/lib/base/result';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

export function GET(): Promise<Response> {
  return respond((hub) => ok(hub.vitals.read()));
}
