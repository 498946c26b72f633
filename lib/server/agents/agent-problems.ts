/** What agents sent that could not be taken: each agent's with its reason, the newest ones, counted. */
import { createBoundedMap } from '@/lib/base/bounded-map';

const MAX_PROBLEMS = 50;

export interface Problem {
  /** What the agent is called; empty where it has no identity yet. */
  readonly uid: string;
  readonly agent: string;
  readonly message: string;
  readonly count: number;
  readonly atMs: number;
}

export interface AgentProblems {
  note(uid: string, agent: string, message: string, nowMs: number): void;
  /** Newest first. */
  list(): readonly Problem[];
  /** The newest of one agent. */
  of(uid: string): Problem | null;
}

export function createAgentProblems(): AgentProblems {
  const held = createBoundedMap<string, Problem>(MAX_PROBLEMS);
  const list = () => [...held.entries()].map(([, problem]) => problem).reverse();
  return {
    note(uid, agent, message, nowMs) {
      const key = `${uid || agent}\0${message}`;
      const count = (held.get(key)?.count ?? 0) + 1;
      held.set(key, { uid, agent, message, count, atMs: nowMs });
    },
    list,
    of: (uid) => list().find((problem) => problem.uid === uid) ?? null,
  };
}
