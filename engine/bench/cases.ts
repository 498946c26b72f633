import type { BenchCase } from '@/lib/bench/harness';
import { engineCases } from './engine-cases';
import { recorderCases } from './recorder-cases';
import { structuralCases } from './structural-cases';

export const cases: readonly BenchCase[] = [...recorderCases, ...engineCases, ...structuralCases];
