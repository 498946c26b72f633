/**
 * `npm run conformance -- <url> [--weir <url of Weir's API>]`: checks a receiver of OTLP/HTTP, one line a requirement.
 * Ends with 1 where one fails. With `--weir` what was sent is looked up there, and has to have arrived.
 */

import { weirReader } from './read-back';
import type { Target } from './requirement';
import { judge, REQUIREMENTS } from './suite';

const USAGE = 'npm run conformance -- http://127.0.0.1:4318 [--weir http://127.0.0.1:3000]';

function targetOf(args: readonly string[]): Target | null {
  const at = args.indexOf('--weir');
  const api = at >= 0 ? args[at + 1] : undefined;
  const [url] = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  if (!url || !URL.canParse(url) || (at >= 0 && (!api || !URL.canParse(api)))) return null;
  const base = url.replace(/\/+$/, '');
  return api ? { url: base, readBack: weirReader(api.replace(/\/+$/, '')) } : { url: base };
}

const target = targetOf(process.argv.slice(2));
if (!target) {
  console.error(`usage: ${USAGE}`);
  process.exitCode = 2;
} else {
  const counts = { pass: 0, fail: 0, 'n/a': 0 };
  for (const requirement of REQUIREMENTS) {
    const { outcome, reason } = await judge(requirement, target);
    counts[outcome]++;
    console.log(`${outcome.padEnd(4)}  ${requirement.id.padEnd(24)}  ${requirement.text}`);
    if (reason) console.log(`      ${''.padEnd(24)}  → ${reason}`);
  }
  console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts['n/a']} not applicable`);
  process.exitCode = counts.fail > 0 ? 1 : 0;
}
