import { defineConfig } from '@playwright/test';
import shared from '../playwright.config';

/** Apart from the other end-to-end tests: it wants Go, and minutes the first time. */
export default defineConfig({
  ...shared,
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../test-results/collector',
  timeout: 120_000,
});
