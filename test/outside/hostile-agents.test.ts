/** Agents that misbehave, all in one run beside honest ones: each has its own end, and nobody else's work suffers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createBench, spec, type Bench } from './braid';
import { marked } from './processes';

let bench: Bench;
afterEach(() => bench.cleanup());

const own = { write: { 'src/{{task}}.txt': '{{task}}\n' } };
const common = '"$(git rev-parse --path-format=absolute --git-common-dir)"/braid/runs/"$BRAID_RUN"';

/** What an agent does, and how its task ends. */
const agents: Readonly<Record<string, { readonly what: string; readonly does: object; readonly ends: 'done' | 'no-change' | 'failed'; readonly says?: RegExp }>> = {
  T001: { what: 'is honest', does: own, ends: 'done' },
  T002: { what: 'prints 100 MB', does: { ...own, flood: 100 }, ends: 'done' },
  T003: { what: 'leaves a child that ignores TERM', does: { ...own, grandchild: 'stubborn' }, ends: 'done' },
  T004: { what: 'leaves a child in a session of its own that ignores TERM', does: { ...own, grandchild: 'session' }, ends: 'done' },
  T005: { what: 'ends with 0 and nothing done', does: {}, ends: 'no-change' },
  T006: { what: 'dies by SIGSEGV', does: { ...own, signal: 'SIGSEGV' }, ends: 'failed', says: /signal (11|SIGSEGV)/ },
  T007: { what: 'closes its output early', does: { ...own, closeOutput: true, ms: 100 }, ends: 'done' },
  T008: { what: 'writes into logs and journal', does: { ...own, run: `echo fake >> ${common}/logs/t001.log; echo '{"type":"run.finished"}' >> ${common}/journal.jsonl; echo garbage >> ${common}/journal.jsonl` }, ends: 'done' },
  T009: { what: 'removes its own worktree', does: { ...own, run: 'rm -rf "$BRAID_WORKTREE"' }, ends: 'failed', says: /folder|worktree|ENOENT/ },
  T010: { what: 'works on a branch of its own', does: { ...own, run: 'git checkout -q -b mine && git add -A && git -c user.name=A -c user.email=a@b commit -q -m mine' }, ends: 'done' },
  T011: { what: 'commits on a detached HEAD', does: { ...own, run: 'git checkout -q --detach && git add -A && git -c user.name=A -c user.email=a@b commit -q -m free' }, ends: 'done' },
  T012: { what: 'commits itself, in steps', does: { ...own, commit: true, run: 'true' }, ends: 'done' },
  T013: { what: 'stashes its work away', does: { ...own, run: 'git stash -q -u' }, ends: 'no-change' },
  T014: { what: 'collects garbage', does: { ...own, run: 'git gc -q --prune=now; git pack-refs --all' }, ends: 'done' },
  T015: { what: 'goes back behind its start', does: { run: 'git reset -q --hard HEAD~1; mkdir -p src; echo T015 > src/T015.txt' }, ends: 'done' },
  T016: { what: 'ticks everybody', does: { ...own, run: `sed -i 's/\\[ \\]/[X]/' ${spec}/tasks.md` }, ends: 'done' },
  T017: { what: 'leaves a repository inside', does: { ...own, run: 'mkdir nested && cd nested && git init -q && echo x > x && git add x && git -c user.name=A -c user.email=a@b commit -q -m x' }, ends: 'done' },
};
const ids = Object.keys(agents);

test('hostile agents end as they deserve, and the others are done', { timeout: 180_000 }, async () => {
  bench = await createBench(`## Phase 1: Work\n\n${ids.map((id) => `- [ ] ${id} [P] Write src/${id}.txt`).join('\n')}\n`);
  await bench.plan(Object.fromEntries(ids.map((id) => [id, agents[id]?.does ?? {}])));
  const ended = await bench.run(['--max-parallel', '3', '--timeout', '120']);
  expect(ended.code, ended.stderr).toBe(6);
  const last = new Map(ended.events().filter(({ type }) => type === 'task.finished').map((event) => [event.task ?? '', event]));
  const wrong = ids.filter((id) => last.get(id)?.outcome !== agents[id]?.ends).map((id) => `${id} ${agents[id]?.what}: ${last.get(id)?.outcome}, ${last.get(id)?.reason}`);
  expect(wrong).toEqual([]);
  for (const id of ids) expect(last.get(id)?.reason).toMatch(agents[id]?.says ?? /(?:)/);
  const run = String(ended.events()[0]?.['run']);
  const branch = `braid/001-demo/${run}/integration`;
  const done = ids.filter((id) => agents[id]?.ends === 'done');
  expect((await bench.git('log', '--first-parent', '--format=%(trailers:key=Braid-Task,valueonly,separator=%x2C)', `main..${branch}`)).split('\n').sort()).toEqual(done);
  for (const id of done) expect(await bench.git('show', `${branch}:src/${id}.txt`)).toBe(id);
  expect((await bench.git('ls-tree', '-r', '--name-only', branch, 'src')).split('\n')).toEqual(done.map((id) => `src/${id}.txt`));
  const ticked = (await bench.git('show', `${branch}:${spec}/tasks.md`)).split('\n').flatMap((line) => /^- \[X\] (T\d+)/.exec(line)?.[1] ?? []);
  expect(ticked).toEqual(done);
  // What one of them stashed is still there, and no process is.
  expect(await bench.git('show', 'stash@{0}^3:src/T013.txt')).toBe('T013');
  expect(await marked(run)).toEqual([]);
  expect(await bench.git('fsck', '--no-dangling')).toBe('');
  expect(await bench.git('status', '--porcelain')).toBe('');
  expect((await readFile(join(bench.dir, '.git/braid/runs', run, 'journal.jsonl'), 'utf8'))).toContain('garbage');
  const status = JSON.parse((await bench.braid(['status', run, '--json'])).stdout) as { runs: { state: string; tasks: { state: string }[] }[] };
  expect(status.runs[0]?.tasks.filter(({ state }) => state === 'done')).toHaveLength(done.length);
});
