/**
 * Child processes that are started and stopped together: the first that gives up ends all, and a signal to the launcher
 * ends all within two seconds. A child that was killed from outside may be missed (`survivable`): the rest goes on.
 */
import { spawn } from 'node:child_process';
import { ROOT, settings } from './settings.mjs';

const KILL_AFTER_MS = 1_700;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const running = new Set();
let stopping = false;
let exitCode = 0;
/** `survivable`: what to do after it was killed, said in one line; without it the others end with it. */
export function startChild(name, command, args, { env = {}, survivable = '' } = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...settings.env, ...env },
    // Its own group, so that Ctrl-C reaches it once, through us, and its helpers end with it.
    detached: true,
  });
  running.add(child);
  child.once('error', (error) => end(child, name, `could not be started: ${error.message}`, 1));
  child.once('exit', (code, signal) =>
    signal && survivable && !stopping && running.size > 1
      ? goOnWithout(child, `weir: the ${name} was ended by ${signal}; ${survivable}`)
      : end(child, name, signal ? `ended by ${signal}` : `ended with ${code}`, code ?? 1),
  );
  return child;
}

function goOnWithout(child, line) {
  running.delete(child);
  console.error(line);
}

function end(child, name, how, code) {
  if (!running.delete(child)) return;
  if (!stopping) {
    exitCode = code;
    // Code 1 comes with the child's own line; anything else needs one.
    if (code !== 1) console.error(`weir: the ${name} ${how}`);
    stop('SIGTERM');
  }
  if (running.size === 0) process.exit(exitCode);
}

function stop(signal) {
  if (stopping) return;
  stopping = true;
  for (const child of running) signalGroup(child, signal);
  setTimeout(() => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  }, KILL_AFTER_MS).unref();
  if (running.size === 0) process.exit(exitCode);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

for (const signal of SIGNALS) process.on(signal, () => stop('SIGTERM'));
// Whatever ends the launcher must not leave children behind.
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});
