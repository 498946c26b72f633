/** The commands `replay` and `import`: says what it is about to do, does it, and says what came of it. */
import { setTimeout as wait } from 'node:timers/promises';
import { parseReplayArgs, type ReplayArgs, USAGE } from './args';
import { byWholeDecades, type Pace, paceOf } from './pace';
import { type Capture, openCapture } from './read-capture';
import { type ReplayCounts, type ReplayTime, replay } from './replay';
import { createSenders, ReplayError } from './senders';

const time: ReplayTime = { nowMs: () => performance.now(), wait: async (ms) => void (await wait(ms)) };

async function run(args: ReplayArgs): Promise<void> {
  const capture = await openCapture(args.paths);
  for (const { file, line, reason } of capture.problems) console.error(`weir: ${file}:${line}: ${reason}`);
  if (capture.last === 0n) throw new ReplayError(`nothing to send in ${args.paths.join(', ')}`);
  const pace = args.mode === 'import' ? null : paceFor(capture, args);
  console.log(plan(capture, args, pace?.lengthMs ?? 0));
  const senders = createSenders(args.agentUrl, args.apiUrl, time.wait);
  try {
    const counts = await replay(capture.steps(), { pace, as: args.as }, senders, time);
    console.log(outcome(counts, capture));
    console.log(`look at it: ${args.apiUrl}`);
  } finally {
    senders.close();
  }
}

/** A bundle is for looking at: all of it is there at once. */
function paceFor(capture: Capture, { speed }: ReplayArgs): Pace {
  const now = BigInt(Date.now()) * 1_000_000n;
  return capture.bundle ? byWholeDecades(paceOf(capture, null, now)) : paceOf(capture, speed, now);
}

function plan(capture: Capture, args: ReplayArgs, lengthMs: number): string {
  const what = capture.bundle ? 'an incident bundle' : `${capture.files.length} files`;
  const seconds = (Number(capture.last - capture.first) / 1e9).toFixed(0);
  const how =
    args.mode === 'import'
      ? 'with its own times'
      : lengthMs === 0
        ? 'at once, moved to end now'
        : `in ${(lengthMs / 1_000).toFixed(0)} s, moved to now`;
  const when = new Date(Number(capture.first / 1_000_000n)).toISOString();
  return `weir: ${what}, ${seconds} s from ${when} on, ${how}, to ${args.agentUrl}`;
}

function outcome(counts: ReplayCounts, capture: Capture): string {
  const lines = [...counts.complaints].map(([text, times]) => `weir: ${times} × the receiver said: ${text}`);
  const parts = [`${counts.requests} requests`];
  if (counts.agentMessages > 0) parts.push(`${counts.agentMessages} agent messages`);
  if (counts.records > 0) parts.push(`${counts.records} records`);
  if (capture.problems.length > 0) parts.push(`${capture.problems.length} lines left out`);
  return [...lines, `weir: sent ${parts.join(', ')}`].join('\n');
}

const parsed = parseReplayArgs(process.argv.slice(2), process.env);
if (!parsed.ok) {
  console.error(`weir: ${parsed.error}\nusage: ${USAGE}`);
  process.exitCode = 2;
} else {
  await run(parsed.value).catch((error: unknown) => {
    const expected = error instanceof ReplayError || (error instanceof Error && 'code' in error);
    if (!expected) throw error;
    console.error(`weir: ${(error as Error).message}`);
    process.exitCode = 1;
  });
}
