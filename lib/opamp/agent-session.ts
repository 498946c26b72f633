/**
 * What a server has to remember about the messages of one agent: whether any is missing, so that it asks for the full
 * state. Agents leave out what has not changed, which is only understood by who has heard all of it.
 */
import { ServerToAgentFlags } from './opamp_pb';

export const REPORT_FULL_STATE = BigInt(ServerToAgentFlags.ServerToAgentFlags_ReportFullState);

/** Null before the first message. */
export type LastSequence = bigint | null;

/**
 * True where the server must ask for the full state: it has heard nothing of this agent although the agent is past its
 * first message, or a number was skipped or went back. `full` says that the message itself holds the whole state.
 */
export function needsFullState(last: LastSequence, sequence: bigint, full: boolean): boolean {
  if (full) return false;
  return last === null || sequence !== last + 1n;
}
