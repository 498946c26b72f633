/** The answer of a person to the question whose an agent is. */
import { ok } from '@/lib/base/result';
import type { EngineId } from '@/lib/model/engine';
import { type Answer, refused } from '../http/answer';
import type { Hub } from '../hub';

export function joinEngines(hub: Hub, agent: string, engine: string): Answer<{ readonly engine: string }> {
  if (hub.directory.join(agent as EngineId, engine as EngineId)) return ok({ engine });
  return refused(409, 'no_question', `${agent} is not an agent that may be of ${engine}.`);
}
