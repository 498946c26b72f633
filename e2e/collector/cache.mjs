/** What is built or installed once for these tests and kept outside of the checkout, in the user's cache directory. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of its own for each `content`, so that what was made of another one is never taken for it. */
export function cacheFolder(name, content) {
  const key = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const folder = path.join('weir', name, key);
  try {
    return made(path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), folder));
  } catch (error) {
    // A home that cannot be written to: kept for as long as the machine keeps its temporary files.
    if (error.code !== 'EACCES' && error.code !== 'EROFS' && error.code !== 'ENOENT') throw error;
    return made(path.join(tmpdir(), folder));
  }
}

function made(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Runs it, once more where it fails: what it downloads may not have come. True where it ended well. */
export function runTwice(command, args, limitMs) {
  const run = () => spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: limitMs });
  return run().status === 0 || run().status === 0;
}
