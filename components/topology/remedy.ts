/** A change of one number as the control API takes it. Pure. */
import type { ControlRequest } from '@/lib/api/control';
import type { EngineInfo } from '@/lib/api/engines';
import type { Remedy } from '@/lib/api/topology';

export function remedyRequest(engine: string, remedy: Remedy, value: number): ControlRequest {
  const base = { engine, target: remedy.target, action: 'config_update' } as const;
  switch (remedy.what) {
    case 'concurrency':
      return { ...base, concurrency: value };
    case 'capacity':
      return { ...base, capacity: value };
    case 'config':
      return { ...base, config: { [remedy.key ?? '']: value } };
  }
}

/** `concurrency of exp-slow`, `capacity of pdata:exp-slow`, `send_batch_size of batch`. */
export function remedyName({ what, key, target }: Remedy): string {
  return `${what === 'config' ? (key ?? 'configuration') : what} of ${target}`;
}

export const REMEDY_EFFECT: Readonly<Record<Remedy['what'], string>> = {
  concurrency:
    'The node takes up more or fewer workers between two batches; what is in its hands is finished.',
  capacity:
    'The channel takes the new size at once; nothing in it is lost. More room buys time, it does not speed up the reader.',
  config:
    'The node takes the new value between two batches; what is in its hands is finished with the old one.',
};

/** Why a change cannot be made from here; null where it can. */
export function cannotApply(
  engine: Pick<EngineInfo, 'connected' | 'agent' | 'dialect'> | null,
  readOnly: boolean,
): string | null {
  if (readOnly) return 'this server is read-only';
  if (!engine?.connected) return 'the engine is not connected';
  if (engine.agent === null || engine.dialect !== 'weir') return 'the engine takes no such change from Weir';
  return null;
}
