/** A control message with those who want to know what became of it. */
import type { ControlOutcome } from '@/lib/semconv/control';
import type { ControlMessage } from './control';

export type CommandMessage = Extract<
  ControlMessage,
  { kind: 'timer_tick' | 'config_update' | 'drain' | 'shutdown' | 'restart' | 'collect_telemetry' }
>;

export interface OrderedMessage {
  readonly message: CommandMessage;
  /** It is being applied: what is affected is what the node has now. */
  begin(): void;
  /** Called once. */
  report(outcome: ControlOutcome, message: string): void;
}
