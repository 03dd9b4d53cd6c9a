/** The same spec run again and again, four agents at a time and each time with other durations: what every run makes of the repository. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ids = Array.from({ length: 12 }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

/** Setup, two stories of four tasks with an explicit edge and a shared file, and a polish phase. */
const spec = `# Tasks: Equal

## Phase 1: Setup

- [ ] T001 Write src/T001.txt
- [ ] T002 [P] Write src/T002.txt

## Phase 2: User Story 1

- [ ] T003 [P] [US1] Write src/T003.txt
- [ ] T004 [P] [US1] Write src/T004.txt
- [ ] T005 [P] [US1] Write src/T005.txt (depends on T003)
- [ ] T006 [US1] Append to src/shared.txt

## Phase 3: User Story 2

- [ ] T007 [P] [US2] Write src/T007.txt
- [ ] T008 [P] [US2] Write src/T008.txt
- [ ] T009 [P] [US2] Write src/T009.txt (depends on T007, T008)
- [ ] T010 [P] [US2] Append to src/T010.txt

## Phase 4: Polish

- [ ] T011 Write src/T011.txt
- [ ] T012 [P] Write src/T012.txt
`;

/** Each agent reads what it depends on, so that an order that was not kept shows in the tree. */
const agent = `#!/bin/sh
sleep "0.$(od -An -N1 -tu1 /dev/urandom | tr -d ' ' | awk '{ printf "%02d", $1 % 13 }')"
mkdir -p src
case "$BRAID_TASK_ID" in
  T006) echo T006 >> src/shared.txt ;;
  T005) cat src/T003.txt > src/T005.txt; echo T005 >> src/T005.txt ;;
  T009) cat src/T007.txt src/T008.txt > src/T009.txt; echo T009 >> src/T009.txt ;;
  T011) cat src/T0*.txt > src/T011.txt; echo T011 >> src/T011.txt ;;
  *) echo "$BRAID_TASK_ID" > "src/$BRAID_TASK_ID.txt" ;;
esac
git add -A
git -c user.name=Agent -c user.email=agent@localhost commit -q -m "$BRAID_TASK_ID"
`;

function once(bin: string): string {
  const around = mkdtempSync(join(tmpdir(), 'braid-equal-'));
  try {
    const repo = join(around, 'repo');
    mkdirSync(join(repo, 'specs', '001-equal'), { recursive: true });
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: repo, encoding: 'utf8' }).trim();
    git('init', '-q', '-b', 'main');
    git('config', 'user.name', 'Bench');
    git('config', 'user.email', 'bench@localhost');
    writeFileSync(join(repo, 'specs', '001-equal', 'tasks.md'), spec);
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const script = join(around, 'agent.sh');
    writeFileSync(script, agent);
    chmodSync(script, 0o755);
    const env = { ...process.env, BRAID_CONFIG_DIR: join(around, 'config') };
    execFileSync(process.execPath, [bin, 'run', 'specs/001-equal', '--agent-command', script, '--max-parallel', '4', '--land', 'auto', '--json'], { cwd: repo, env, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
    const ticks = (git('show', 'HEAD:specs/001-equal/tasks.md').match(/- \[X\] T/g) ?? []).length;
    if (ticks !== ids.length) throw new Error(`${ticks} of ${ids.length} tasks are ticked`);
    return `${git('rev-parse', 'HEAD^{tree}')}\n${git('show', 'HEAD:specs/001-equal/tasks.md')}`;
  } finally {
    rmSync(around, { recursive: true, force: true });
  }
}

/** Resulting trees of `count` runs by the built command line `bin`, each with how often it came out and its task file. Throws when a run does not end well. */
export function equalRuns(bin: string, count: number): ReadonlyMap<string, { readonly times: number; readonly tasks: string }> {
  const trees = new Map<string, { times: number; tasks: string }>();
  for (let run = 0; run < count; run += 1) {
    const [tree = '', ...tasks] = once(bin).split('\n');
    trees.set(tree, { times: (trees.get(tree)?.times ?? 0) + 1, tasks: tasks.join('\n') });
  }
  return trees;
}
