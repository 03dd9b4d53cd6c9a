import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, type Bench, type BraidEvent } from './braid';

const tasks = '## Phase 1: Work\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };
let bench: Bench;
afterEach(() => bench.cleanup());

interface Printed {
  readonly steps: readonly { kind: string; path?: string; branch?: string; reason: string }[];
  readonly kept: readonly { path: string; reason: string }[];
}

async function landed(): Promise<{ run: string; worktrees: string[] }> {
  bench = await createBench(tasks);
  await bench.plan({ '*': writes });
  const ended = await bench.run(['--land', 'auto']);
  expect(ended.code).toBe(0);
  const events: readonly BraidEvent[] = ended.events();
  return { run: String(events[0]?.['run']), worktrees: events.filter((event) => event.type === 'lane.opened').map((event) => String(event['worktree'])) };
}

/** Moves everything that the journal says into the past, as if days had gone by. */
async function age(run: string, days: number): Promise<void> {
  const folder = join(bench.dir, '.git/braid/runs', run);
  const past = new Date(Date.now() - days * 86_400_000);
  const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
  await writeFile(join(folder, 'journal.jsonl'), journal.replace(/"at":"[^"]+"/g, `"at":"${past.toISOString()}"`));
  for (const name of await readdir(join(folder, 'logs'))) await utimes(join(folder, 'logs', name), past, past);
}

const cleanup = async (...args: string[]): Promise<Printed> => JSON.parse((await bench.braid(['cleanup', '--json', ...args])).stdout) as Printed;

describe('braid cleanup', () => {
  test('a landed run keeps its worktrees for a day, then they and their branches go, with a snapshot', async () => {
    const { run, worktrees } = await landed();
    expect((await cleanup()).steps).toEqual([]);
    await age(run, 2);
    const before = await bench.git('for-each-ref');
    const dry = await cleanup('--dry-run');
    expect(dry.steps.map((step) => step.kind).sort()).toEqual([...worktrees.map(() => 'branch'), ...worktrees.map(() => 'worktree')]);
    expect(await bench.git('for-each-ref')).toBe(before);
    expect(worktrees.every((path) => existsSync(path))).toBe(true);
    expect((await cleanup()).steps).toEqual(dry.steps);
    expect(worktrees.some((path) => existsSync(path))).toBe(false);
    expect(await bench.git('for-each-ref', `refs/braid/snapshots/${run}`)).not.toBe('');
    expect(await bench.git('branch', '--list', '*/lane/*')).toBe('');
    const status = JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { lanes: { state: string }[] }[] };
    expect(status.runs[0]?.lanes.every((lane) => lane.state === 'removed')).toBe(true);
    expect((await cleanup()).steps).toEqual([]);
  });

  test('what is dirty stays, whatever its age; --force without anybody to type the word keeps it too', async () => {
    const { run, worktrees } = await landed();
    const [first = ''] = worktrees;
    await writeFile(join(first, 'mine.txt'), 'precious\n');
    await age(run, 100);
    expect((await cleanup()).kept.map((kept) => kept.path)).toEqual([first]);
    const forced = await cleanup('--force');
    expect(forced.steps.filter((step) => step.kind === 'worktree')).toEqual([]);
    expect(forced.kept).toEqual([expect.objectContaining({ run, path: first, unsafe: true, bytes: expect.any(Number), reason: expect.stringContaining('1 uncommitted file') })]);
    expect(await readFile(join(first, 'mine.txt'), 'utf8')).toBe('precious\n');
  });

  test.runIf(process.platform === 'linux')('the lock of packed branches that a killed git left is cleared, unless a git lives in the repository', async () => {
    const { run, worktrees } = await landed();
    await age(run, 2);
    await bench.git('pack-refs', '--all');
    const lock = join(bench.dir, '.git/packed-refs.lock');
    await writeFile(lock, '');
    const living = spawn('git', ['hash-object', '--stdin'], { cwd: bench.dir, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(living, 'spawn');
    expect((await bench.braid(['cleanup'])).code).toBe(1);
    expect(existsSync(lock)).toBe(true);
    living.kill('SIGKILL');
    await once(living, 'exit');
    const cleared = await bench.braid(['cleanup']);
    expect(cleared.code, cleared.stderr).toBe(0);
    expect(existsSync(lock)).toBe(false);
    expect(worktrees.some((path) => existsSync(path))).toBe(false);
    expect(await bench.git('branch', '--list', `braid/001-demo/${run}/lane/*`)).toBe('');
  });

  test('a run that has not landed keeps everything', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    const run = String((await bench.run()).events()[0]?.['run']);
    await age(run, 20);
    const { steps, kept } = await cleanup();
    expect(steps.map((step) => step.kind).filter((kind) => kind !== 'compress-log')).toEqual([]);
    expect(kept.every((one) => one.reason === 'the run has not landed')).toBe(true);
  });

  test('logs are compressed after a week and deleted after a month', async () => {
    const { run } = await landed();
    const logs = join(bench.dir, '.git/braid/runs', run, 'logs');
    await age(run, 8);
    await cleanup();
    expect((await readdir(logs)).every((name) => name.endsWith('.log.gz'))).toBe(true);
    await age(run, 31);
    await cleanup();
    expect(await readdir(logs)).toEqual([]);
  });

  test('unmerged work goes only when a person at the terminal types the word, and its snapshot holds it', async () => {
    const { run, worktrees } = await landed();
    const [first = ''] = worktrees;
    await writeFile(join(first, 'mine.txt'), 'precious\n');
    const refused = await atTerminal(bench, ['cleanup', '--force'], [['Type discard to remove them:', 'yes']]);
    expect(refused.shown).toContain('They are kept.');
    expect(await readFile(join(first, 'mine.txt'), 'utf8')).toBe('precious\n');
    const agreed = await atTerminal(bench, ['cleanup', '--force'], [['Type discard to remove them:', 'discard']]);
    expect(agreed.code).toBe(0);
    expect(agreed.shown).toContain('1 uncommitted file');
    expect(existsSync(first)).toBe(false);
    const kept = (await bench.git('for-each-ref', '--format=%(refname)', `refs/braid/snapshots/${run}`)).split('\n');
    const contents = await Promise.all(kept.map((ref) => bench.git('show', `${ref}:mine.txt`).catch(() => '')));
    expect(contents).toContain('precious');
  });

  test('a run that nothing happened in for a week is asked about, and set aside only by a person; its unmerged work stays', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, T002: { write: { 'src/T002.txt': 'half\n' }, exit: 1 } });
    const events = (await bench.run()).events();
    const run = String(events[0]?.['run']);
    const state = async (): Promise<unknown> => (JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { state: string; idleDays: number | null }[] }).runs[0];
    expect(await state()).toMatchObject({ state: 'failed', idleDays: null });
    await age(run, 8);
    expect(await state()).toMatchObject({ state: 'failed', idleDays: 8 });
    expect((await cleanup('--dry-run')).steps).toContainEqual(expect.objectContaining({ kind: 'set-aside', run, reason: 'nothing happened for 8 days and it has not landed' }));
    expect((await cleanup('--force')).steps.filter((step) => step.kind === 'set-aside')).toEqual([]);
    await atTerminal(bench, ['cleanup'], [['Set this run aside?', 'n']]);
    expect(await state()).toMatchObject({ state: 'failed' });
    const ended = await atTerminal(bench, ['cleanup'], [['Set this run aside?', 'y']]);
    expect(ended.code).toBe(0);
    expect(await state()).toMatchObject({ state: 'abandoned', idleDays: null });
    const lane = events.find((event) => event.type === 'task.started' && event.task === 'T002')?.lane;
    const worktree = events.find((event) => event.type === 'lane.opened' && event.lane === lane)?.['worktree'];
    expect(await readFile(join(String(worktree), 'src/T002.txt'), 'utf8')).toBe('half\n');
    // Set aside for long, it still goes only by the typed word.
    await age(run, 100);
    expect((await cleanup()).steps.map((step) => step.kind)).not.toContain('worktree');
    expect(existsSync(String(worktree))).toBe(true);
  });

  const commit = 'git -c user.name=A -c user.email=a@b commit -q';
  const hostile: readonly (readonly [what: string, shell: string, reason: RegExp])[] = [
    ['an untracked file', 'echo mine > mine.txt', /1 uncommitted file/],
    ['a changed file', 'echo mine >> README.md', /1 uncommitted file/],
    ['a staged deletion', 'git rm -q --cached README.md', /uncommitted/],
    ['a commit on its branch', `echo mine > mine.txt && git add mine.txt && ${commit} -m mine`, /not merged/],
    ['a commit on a detached HEAD only', `git checkout -q --detach && echo mine > mine.txt && git add mine.txt && ${commit} -m mine`, /not merged/],
    ['a commit on a branch of its own', `git checkout -q -b own && echo mine > mine.txt && git add mine.txt && ${commit} -m mine`, /not merged/],
    ['an unmerged index', `git checkout -q --detach HEAD~1 && echo a > README.md && ${commit} -am a && (git checkout -q --detach HEAD~1 && echo b > README.md && ${commit} -am b); git merge -q HEAD@{2} || true`, /merge that is not ended|uncommitted/],
    ['a rebase that was begun', "GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' git -c user.name=A -c user.email=a@b rebase -q -i --root", /rebase that is not ended/],
    ['a repository inside', `git init -q nested && cd nested && echo x > x && git add x && ${commit} -m x`, /repository of its own is inside \(nested/],
    ['a submodule with work in it', `git init -q ../../elsewhere && cd ../../elsewhere && ${commit} --allow-empty -m x && cd - && git -c protocol.file.allow=always submodule --quiet add ../../elsewhere sub && ${commit} -m sub && git push -q . HEAD:refs/heads/keep && echo x > sub/x`, /repository of its own is inside \(sub|not merged/],
    ['no branch any more', 'git update-ref -d "$(git symbolic-ref HEAD)"', /not merged|uncommitted/],
    ['a .git that is broken', 'echo nonsense > .git', /cannot be looked at/],
  ];
  test.each(hostile)('never removes a worktree with %s, whatever its age, and says why', async (_what, shell, reason) => {
    const { run, worktrees } = await landed();
    const [first = '', ...others] = worktrees;
    execFileSync('sh', ['-c', shell], { cwd: first, stdio: 'ignore' });
    const files = await readdir(first);
    await age(run, 100);
    const { kept, steps } = await cleanup();
    expect(kept.map(({ path, reason: why }) => [path, why])).toEqual([[first, expect.stringMatching(reason)]]);
    expect(steps.filter((step) => step.kind === 'worktree').map(({ path }) => path)).toEqual(others);
    expect(others.some((path) => existsSync(path))).toBe(false);
    // Not by force either, as long as nobody types the word.
    await cleanup('--force');
    expect(await readdir(first)).toEqual(files);
  });

  test('what only git ignores goes with its worktree, and is named before', async () => {
    const { run, worktrees } = await landed();
    const [first = ''] = worktrees;
    await writeFile(join(bench.dir, '.git/info/exclude'), 'build/\n.env\n');
    execFileSync('sh', ['-c', 'mkdir build && echo x > build/x && echo y > .env'], { cwd: first });
    await age(run, 2);
    expect((await cleanup('--dry-run')).steps.find(({ path }) => path === first)?.reason).toContain('what git ignores in it goes too (.env, build/)');
    await cleanup();
    expect(existsSync(first)).toBe(false);
  });

  test('a stash that was made in a lane outlives its worktree, and so does a commit that a branch of its own holds', async () => {
    const { run, worktrees } = await landed();
    const [first = ''] = worktrees;
    execFileSync('sh', ['-c', 'echo mine > mine.txt && git stash -q -u'], { cwd: first });
    await age(run, 2);
    await cleanup();
    expect(existsSync(first)).toBe(false);
    expect(await bench.git('show', 'stash@{0}^3:mine.txt')).toBe('mine');
  });
});
