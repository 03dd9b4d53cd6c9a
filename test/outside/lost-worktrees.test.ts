/** Agents that take their lane's worktree away from git: nobody else's work suffers, what they left is kept, and the run goes on. */
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createTempRepo, type TempRepo } from '../temp-repo';
import { appears, createBench, runArgs, type Bench, type BraidEvent, type Ended } from './braid';
import { hostOf, kill } from './processes';

let bench: Bench;
let outer: TempRepo | null = null;
afterEach(async () => {
  await bench.cleanup();
  await outer?.cleanup();
  outer = null;
});

const tasks = '- [ ] T001 [P] Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt\n';
const own = { write: { 'src/{{task}}.txt': '{{task}}\n' } };
const lastOf = (ended: Ended, task: string): BraidEvent | undefined => ended.events().filter((event) => event.type === 'task.finished' && event.task === task).at(-1);
const notices = (ended: Ended, code: string): readonly string[] => ended.events().filter((event) => event.type === 'notice' && event['code'] === code).map(({ text }) => String(text));
const runOf = (ended: Ended): string => String(ended.events()[0]?.['run']);
/** Where the notice says that a folder was moved to. */
const asideOf = (ended: Ended): string => /moved to (\S+) as it stood/.exec(notices(ended, 'lane-restored').join('\n'))?.[1] ?? '';

async function expectLanded(run: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect(await bench.git('show', `braid/001-demo/${run}/integration:src/${id}.txt`)).toBe(id);
}

test('a killed run whose lane lost its .git goes on, with the folder kept beside the new one', { timeout: 120_000 }, async () => {
  bench = await createBench(tasks);
  const [began, go] = [bench.gate('began'), bench.gate('go')];
  await bench.plan({ T001: { ...own, attempts: [{ run: `rm -f .git; echo precious > precious.txt; touch '${began.path}'`, until: go.path }, {}] }, T002: own });
  const going = bench.start(runArgs('--max-parallel', '2'));
  const run = String((await going.event(({ type }) => type === 'run.started'))['run']);
  await appears(began.path);
  await going.event((event) => event.type === 'task.integrated' && event.task === 'T002');
  kill(await hostOf(join(bench.dir, '.git/braid/runs', run)));
  going.process.kill('SIGKILL');
  await going.ended;
  const resumed = await bench.braid(['resume', '--choice', 'retry', '--json']);
  expect(resumed.code, resumed.stderr).toBe(0);
  await expectLanded(run, ['T001', 'T002']);
  expect(await readFile(join(asideOf(resumed), 'precious.txt'), 'utf8')).toBe('precious\n');
});

const replaced = 'D="$BRAID_WORKTREE"; cd / && rm -rf "$D" && mkdir -p "$D/made" && echo one > "$D/made/T001.txt"';

test('a folder that was removed and made again fails its task with words; resume moves it aside and does the task', { timeout: 120_000 }, async () => {
  bench = await createBench(tasks);
  await bench.plan({ T001: { ...own, attempts: [{ run: replaced }, {}] }, T002: own });
  const ended = await bench.run(['--max-parallel', '2']);
  expect(ended.code, ended.stderr).toBe(1);
  const reason = String(lastOf(ended, 'T001')?.reason);
  expect(reason).toMatch(/lane\S* is no longer a worktree of the repository.*moved aside, and the lane is made again/);
  expect(reason).not.toMatch(/fatal:|Command: git/);
  expect(lastOf(ended, 'T002')?.outcome).toBe('done');
  const resumed = await bench.braid(['resume', '--choice', 'retry', '--json']);
  expect(resumed.code, resumed.stderr).toBe(0);
  await expectLanded(runOf(ended), ['T001', 'T002']);
  expect(await readFile(join(asideOf(resumed), 'made/T001.txt'), 'utf8')).toBe('one\n');
});

test('a second attempt starts in a worktree that is one, with the spec that git ignores', { timeout: 120_000 }, async () => {
  bench = await createBench(tasks, { commit: false });
  await appendFile(join(bench.dir, '.git/info/exclude'), 'specs/\n');
  await bench.plan({ T001: { ...own, attempts: [{ run: replaced }, { run: 'test -f specs/001-demo/tasks.md' }] }, T002: own });
  const ended = await bench.run(['--max-parallel', '1', '--retries', '1']);
  expect(ended.code, ended.stderr).toBe(0);
  await expectLanded(runOf(ended), ['T001', 'T002']);
  expect(await readdir(join(asideOf(ended), 'made'))).toEqual(['T001.txt']);
});

test('inside another repository a lane without .git never leads git into that one', { timeout: 120_000 }, async () => {
  outer = await createTempRepo({ name: 'outer' });
  await outer.write('theirs.txt', 'theirs\n');
  await outer.write('.gitignore', 'braid-test-*\n');
  await outer.git('add', '-A');
  await outer.git('commit', '-q', '-m', 'theirs');
  await outer.write('theirs.txt', 'edited\n');
  const facts = async (): Promise<readonly (string | undefined)[]> => [await outer?.git('for-each-ref'), await outer?.git('reflog'), await outer?.git('status', '--porcelain'), await outer?.git('count-objects')];
  const before = await facts();
  bench = await createBench(tasks, { folder: outer.dir });
  await bench.plan({ T001: { ...own, run: 'rm -f .git' }, T002: own });
  const ended = await bench.run(['--max-parallel', '1', '--check', 'true']);
  expect(ended.code, ended.stderr).toBe(1);
  expect(lastOf(ended, 'T001')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no longer a worktree') });
  expect(lastOf(ended, 'T002')?.outcome).toBe('done');
  expect(await facts()).toEqual(before);
  expect(existsSync(join(outer.dir, '.git/braid'))).toBe(false);
});

test('agents that leave their branch for another history are told so, each with where its commits are, and are no common cause', { timeout: 120_000 }, async () => {
  bench = await createBench(`${tasks}- [ ] T003 [P] Write src/T003.txt\n- [ ] T004 [P] Write src/T004.txt\n`);
  const commit = 'git add -A && git -c user.name=A -c user.email=a@b commit -q -m free && git rev-parse HEAD > ';
  const free = (id: string): string => join(bench.outside, id);
  await bench.plan({
    '*': own, T001: { ...own, run: `git checkout -q --detach HEAD~1 && ${commit}'${free('T001')}'` }, T002: { ...own, run: `git checkout -q -b side HEAD~1 && ${commit}'${free('T002')}'` },
  });
  const ended = await bench.run(['--max-parallel', '1']);
  expect(ended.code, ended.stderr).toBe(1);
  for (const [id, where] of [['T001', 'on no branch'], ['T002', 'on the branch side']] as const) {
    const head = (await readFile(free(id), 'utf8')).trim();
    expect(lastOf(ended, id)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`It is ${where}, at ${head.slice(0, 9)}`) });
    expect(await bench.git('show', `refs/braid/snapshots/${head}:src/${id}.txt`)).toBe(id);
  }
  expect(ended.events().filter(({ type }) => type === 'run.paused')).toEqual([]);
  await expectLanded(runOf(ended), ['T003', 'T004']);
});

test('a lane whose git folder is damaged is named, with what to do', { timeout: 120_000 }, async () => {
  bench = await createBench(tasks);
  await bench.plan({ T001: { ...own, attempts: [{ run: 'echo garbage > "$(git rev-parse --git-dir)/index"' }, { run: 'rm "$(git rev-parse --git-dir)/index" && git reset -q' }] }, T002: own });
  const ended = await bench.run(['--max-parallel', '2']);
  expect(ended.code, ended.stderr).toBe(1);
  const { lane, reason } = lastOf(ended, 'T001') ?? {};
  expect(reason).toMatch(new RegExp(`^Braid could not look at the work in lane ${lane}, which stays there\\. git status failed\\..*then try T001 again`, 's'));
  const resumed = await bench.braid(['resume', '--choice', 'retry', '--json']);
  expect(resumed.code, resumed.stderr).toBe(0);
  await expectLanded(runOf(ended), ['T001', 'T002']);
});
