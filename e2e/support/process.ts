import { type ChildProcess, spawn } from 'node:child_process';

/** A program of the product, in a process group of its own so that all of it can be ended. */
export interface Program {
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
  /** Waits for a line that matches; rejects when the program ends first. */
  printed(pattern: RegExp): Promise<void>;
  /** Ends the group; resolves when it is gone, with the milliseconds that took. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number>;
}

export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Program {
  const child: ChildProcess = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  let text = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const exited = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${command}`);
  return {
    pid,
    output: () => text,
    exited,
    printed(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void exited.then((code) =>
          reject(new Error(`ended with ${code} before printing ${pattern}:\n${text}`)),
        );
      });
    },
    async end(signal) {
      const began = performance.now();
      try {
        process.kill(-pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      await exited;
      return performance.now() - began;
    },
  };
}
