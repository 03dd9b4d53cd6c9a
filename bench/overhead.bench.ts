/**
 * What Braid adds to the git commands that the same work needs: tiny tasks, one lane. Two loops of bare git beside it, each with commit, merge-tree,
 * commit-tree and update-ref for each task: one with a worktree of its own for every task (what tools without lanes do), and a harder one that
 * keeps one worktree and fast-forwards it, as a lane does. The delay of the event loop is that of Braid's own process while it runs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median, printTable } from './table';

const full = process.argv.includes('--full');
const tasks = full ? 100 : 20;
const files = full ? 5_000 : 500;
const repeats = full ? 1 : 3;
const ids = Array.from({ length: tasks }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

function repository(): string {
  const repo = join(mkdtempSync(join(tmpdir(), 'braid-bench-')), 'repo');
  mkdirSync(join(repo, 'specs', '001-x'), { recursive: true });
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: repo, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Bench');
  git('config', 'user.email', 'bench@localhost');
  for (let index = 0; index < files; index += 1) {
    if (index % 100 === 0) mkdirSync(join(repo, 'src', String(index / 100)), { recursive: true });
    writeFileSync(join(repo, 'src', String(Math.floor(index / 100)), `${index}.txt`), `file ${index}\n`);
  }
  writeFileSync(join(repo, 'specs', '001-x', 'tasks.md'), `## Phase 1: Work\n\n${ids.map((id) => `- [ ] ${id} Write out/${id}.txt`).join('\n')}\n`);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  return repo;
}

const agent = '#!/bin/sh\nmkdir -p out\necho done > "out/$BRAID_TASK_ID.txt"\n';
const each = `#!/bin/sh
set -e
git branch integration
for id in ${ids.join(' ')}; do
  git worktree add -q --no-track -b lane-$id ../lane-$id integration
  ( cd ../lane-$id; BRAID_TASK_ID=$id sh ../agent.sh; git add -A; git commit -q -m "$id" )
  head=$(git rev-parse lane-$id); tip=$(git rev-parse integration)
  tree=$(git merge-tree --write-tree "$tip" "$head")
  new=$(git commit-tree -p "$tip" -p "$head" -m "$id" "$tree")
  git update-ref refs/heads/integration "$new" "$tip"
  git worktree remove --force ../lane-$id
done
`;
const kept = `#!/bin/sh
set -e
git branch integration
git worktree add -q --no-track -b lane ../lane integration
for id in ${ids.join(' ')}; do
  ( cd ../lane; BRAID_TASK_ID=$id sh ../agent.sh; git add -A; git commit -q -m "$id" )
  head=$(git rev-parse lane); tip=$(git rev-parse integration)
  tree=$(git merge-tree --write-tree "$tip" "$head")
  new=$(git commit-tree -p "$tip" -p "$head" -m "$id" "$tree")
  git update-ref refs/heads/integration "$new" "$tip"
  ( cd ../lane; git merge -q --ff-only "$new" )
done
git worktree remove --force ../lane
`;

function timed(run: (repo: string) => { status: number | null; stderr: string }): number {
  const repo = repository();
  writeFileSync(join(repo, '..', 'agent.sh'), agent);
  writeFileSync(join(repo, '..', 'each.sh'), each);
  writeFileSync(join(repo, '..', 'kept.sh'), kept);
  chmodSync(join(repo, '..', 'agent.sh'), 0o755);
  const began = performance.now();
  const ended = run(repo);
  const taken = performance.now() - began;
  rmSync(join(repo, '..'), { recursive: true, force: true });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return taken;
}

interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const bin = resolve(__dirname, '..', '..', 'bin', 'braid.js');
const probe = resolve(__dirname, '..', '..', 'bench', 'loop-delay.cjs');
const delays: LoopDelay[] = [];

function braidRun(repo: string): { status: number | null; stderr: string } {
  const told = join(repo, '..', 'loop-delay.json');
  const ended = spawnSync(process.execPath, ['--require', probe, bin, 'run', 'specs/001-x', '--agent-command', '../../../agent.sh', '--max-parallel', '1'], {
    cwd: repo, encoding: 'utf8', env: { ...process.env, BRAID_CONFIG_DIR: join(repo, '..', 'config'), BENCH_LOOP_DELAY: told },
  });
  if (ended.status === 0) delays.push(JSON.parse(readFileSync(told, 'utf8')));
  return ended;
}

const byBraid: number[] = [];
const byEach: number[] = [];
const byKept: number[] = [];
for (let n = 0; n < repeats; n += 1) {
  byEach.push(timed((repo) => spawnSync('sh', ['../each.sh'], { cwd: repo, encoding: 'utf8' })));
  byKept.push(timed((repo) => spawnSync('sh', ['../kept.sh'], { cwd: repo, encoding: 'utf8' })));
  byBraid.push(timed(braidRun));
}
const [braid, fresh, reused] = [median(byBraid), median(byEach), median(byKept)];
printTable(
  ['tasks', 'files', 'git, a worktree each, ms a task', 'git, one worktree, ms a task', 'Braid, ms a task', 'ratio to each', 'ratio to one', 'event loop p50, ms', 'p99, ms', 'longest, ms'],
  [[
    String(tasks), String(files), fresh / tasks, reused / tasks, braid / tasks, braid / fresh, braid / reused,
    median(delays.map((one) => one.p50)), median(delays.map((one) => one.p99)), median(delays.map((one) => one.max)),
  ]],
);
