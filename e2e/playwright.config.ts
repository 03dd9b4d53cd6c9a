import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const results = join(__dirname, '..', 'test-results');

/** One window at a time, no second chances: a test that passes only sometimes is a failure. */
export default defineConfig({
  testDir: __dirname,
  // What measures frames can be run alone: `--project frames`.
  projects: [{ name: 'window', testMatch: '*.spec.ts', testIgnore: 'large.spec.ts' }, { name: 'frames', testMatch: 'large.spec.ts' }],
  outputDir: join(results, 'e2e'),
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: process.env['BRAID_PLAYWRIGHT_REPORT'] ?? join(results, 'playwright.json') }]],
});
