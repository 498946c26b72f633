/** One case in a process of its own: `child.mjs <name> <seed> [--quick]` prints its line. */
import { runCase } from '@/lib/bench/harness';
import { cases } from './cases';

const [name = '', seed = '1', ...flags] = process.argv.slice(2);
const found = cases.find((each) => each.name === name);
if (found === undefined) throw new Error(`no bench named ${name}`);
console.log(await runCase(found, { seed: Number(seed), quick: flags.includes('--quick') }));
