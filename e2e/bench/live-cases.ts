/** Benches of the running product: engine, server and pages as processes of their own. */
import type { BenchCase } from '@/lib/bench/harness';
import { changeToMap, spanToRow } from './latency';
import { loopDelay } from './loop-delay';
import { overloadGoodput } from './overload';
import { viewers20 } from './viewers';

export const cases: readonly BenchCase[] = [overloadGoodput, viewers20, spanToRow, changeToMap, loopDelay];
