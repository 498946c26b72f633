/** How much the pipelines of an engine tell of themselves, read from its effective configuration once. */
import type { EngineControl } from '@/lib/api/engines';
import { runtimeLevels } from '@/lib/dialects/otap-steering';
import type { AgentRecord } from '../agents/agent-record';

type Levels = Extract<EngineControl, { kind: 'state' }>['levels'];

export function createLevels(): { of(agent: AgentRecord | null): Levels } {
  /** Keyed by the files as they were told, so an entry lives as long as they do. */
  const known = new WeakMap<object, Levels>();
  return {
    of(agent) {
      const files = agent?.files;
      if (!files) return [];
      const before = known.get(files);
      if (before) return before;
      const levels = files.flatMap(({ body }) => read(body));
      known.set(files, levels);
      return levels;
    },
  };
}

function read(body: Uint8Array): Levels {
  try {
    return runtimeLevels(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    // No JSON: that it cannot be read is said where it is drawn.
    return [];
  }
}
