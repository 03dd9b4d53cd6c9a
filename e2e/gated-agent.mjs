/**
 * An agent that the test steers: it says what it works on, waits until the test opens the gate (a file in $E2E_GATE), then
 * writes `made/<task>.txt` in its worktree and leaves it uncommitted, as real agents do.
 */
import { existsSync, mkdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { E2E_GATE: gate, BRAID_TASK_ID: task, BRAID_TASK_TITLE: title, BRAID_WORKTREE: worktree } = process.env;
const key = join(gate, 'open');

function finish() {
  mkdirSync(join(worktree, 'made'), { recursive: true });
  writeFileSync(join(worktree, 'made', `${task}.txt`), `${title}\n`);
  process.stdout.write(`\x1b[32m${task} done\x1b[0m\r\n`);
  process.exit(0);
}

process.stdout.write(`\x1b[1;36m${task}\x1b[0m ${title}\r\n`);
for (let line = 1; line <= 12; line += 1) process.stdout.write(`\x1b[3${(line % 7) + 1}m  step ${line} of 12\x1b[0m\r\n`);
process.stdout.write('waiting for the gate\r\n');
const watcher = watch(gate, () => existsSync(key) && (watcher.close(), finish()));
// The gate may have opened before the watcher began.
if (existsSync(key)) {
  watcher.close();
  finish();
}
