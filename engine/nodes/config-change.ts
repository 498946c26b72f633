import type { z } from 'zod';
import type { ControlMessage } from '@/engine/core/control';

/** The new configuration in a `config_update`, `null` where the message is another or changes none. Throws to refuse. */
export function configChange<Config>(schema: z.ZodType<Config>, message: ControlMessage): Config | null {
  if (message.kind !== 'config_update' || message.change.config === undefined) return null;
  return schema.parse(message.change.config);
}
