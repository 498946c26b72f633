import type { BenchCase } from '@/lib/bench/harness';
import { recorderCases } from './recorder-cases';
import { structuralCases } from './structural-cases';

export const cases: readonly BenchCase[] = [...recorderCases, ...structuralCases];
