import type { BenchCase } from '@/lib/bench/harness';
import { firstLoad } from './first-load';
import { mapBusy } from './map-500-busy';

export const cases: readonly BenchCase[] = [
  { name: 'map-500-busy', unit: 'share of the main thread', run: mapBusy },
  { name: 'first-load', unit: 'ratio to a blank page', run: firstLoad },
];
