/**
 * `npm test`: sets up what is missing, then types, lint, unit and integration tests, and Playwright against the real window.
 * Every part counts: one for each type check and for lint, one for each test. A part that cannot run counts as failed.
 * The last line is always `N passed, N failed`. `e2e` as argument runs only the window's tests; further arguments go to Playwright.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, tool } from './build.mjs';
import { ensureElectron } from './ensure-electron.mjs';
import { ensureSystem } from './ensure-system.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'test-results');
const only = process.argv[2] === 'e2e' ? 'e2e' : null;
const extra = process.argv.slice(only === null ? 2 : 3);
const say = (text) => process.stdout.write(`${text}\n`);

/** Runs argv with its output shown; resolves with whether it succeeded. */
function run(argv, env = {}) {
  return new Promise((done) => {
    const child = spawn(argv[0], argv.slice(1), { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', (error) => {
      process.stderr.write(`${argv[0]}: ${error.message}\n`);
      done(false);
    });
    child.once('exit', (code) => done(code === 0));
  });
}

const ownDisplay = process.platform === 'linux' && !process.env.DISPLAY;
const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

/** Reads a runner's JSON report. A missing or empty one, or a failure that no test accounts for, counts as one failure. */
function counted(ok, file, read) {
  let counts;
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    process.stderr.write(`No report: ${error.message}\n`);
    return { passed: 0, failed: 1 };
  }
  const nothing = counts.passed + counts.failed === 0;
  return nothing || (!ok && counts.failed === 0) ? { passed: counts.passed, failed: counts.failed + 1 } : counts;
}

async function vitest() {
  const file = join(reports, 'vitest.json');
  const ok = await run([...tool('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  // Skipped and todo tests did not run, so they count as failed.
  return counted(ok, file, (report) => ({ passed: report.numPassedTests, failed: report.numTotalTests - report.numPassedTests }));
}

const stats = ({ stats: { expected, unexpected, flaky, skipped } }) => ({ passed: expected, failed: unexpected + flaky + skipped });

/** All tests of the window, one at a time: two windows side by side on two cores left one without frames for half a minute. */
async function playwright() {
  const file = join(reports, 'playwright.json');
  const display = ownDisplay ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'] : [];
  const argv = [...display, ...tool('@playwright/test', 'playwright'), 'test', '-c', 'e2e', ...extra];
  return counted(await run(argv, { BRAID_PLAYWRIGHT_REPORT: file }), file, stats);
}

/** Sets up the window; a sentence says what is in the way. */
async function setUp() {
  const lacking = ensureSystem({ window: true });
  if (lacking !== null) throw new Error(lacking);
  await ensureElectron();
  build();
}

const typecheck = (name) => async () => one(await run([...tool('typescript', 'tsc'), '-p', `tsconfig.${name}.json`]));
const PARTS = [
  { name: 'Set-up: system packages, Electron, build', run: async () => (await setUp(), { passed: 0, failed: 0 }) },
  { name: 'Types: shared', run: typecheck('shared') },
  { name: 'Types: main, preload and tests', run: typecheck('node') },
  { name: 'Types: window', run: typecheck('web') },
  { name: 'Lint', run: async () => one(await run([...tool('oxlint'), '-c', 'oxlint.config.mjs', '--deny-warnings'])) },
  { name: 'Unit and integration', run: vitest },
  { name: 'Window', run: playwright, e2e: true },
];

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
let passed = 0;
let failed = 0;
for (const [index, part] of PARTS.entries()) {
  if (only !== null && index > 0 && !part.e2e) continue;
  say(`\n== ${part.name}`);
  try {
    const counts = await part.run();
    passed += counts.passed;
    failed += counts.failed;
    if (counts.failed > 0) say(`   ${counts.failed} failed`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    failed += 1;
  }
}
say(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
