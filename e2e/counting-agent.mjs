/** An agent that prints a numbered line every few milliseconds until the test opens the gate (a file in $E2E_GATE), so that a lost or repeated byte shows. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { E2E_GATE: gate, BRAID_TASK_ID: task, BRAID_TASK_TITLE: title, BRAID_WORKTREE: worktree } = process.env;

let line = 0;
setInterval(() => {
  line += 1;
  process.stdout.write(`${task} counts ${line}\r\n`);
  if (!existsSync(join(gate, 'open'))) return;
  mkdirSync(join(worktree, 'made'), { recursive: true });
  writeFileSync(join(worktree, 'made', `${task}.txt`), `${title}\n`);
  process.exit(0);
}, 20);
