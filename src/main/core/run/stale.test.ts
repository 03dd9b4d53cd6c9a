import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { begun, runTask, stamped, told } from '../../../../test/run-state';
import { createTempRepo, type TempRepo } from '../../../../test/temp-repo';
import { openRepository } from '../git/repository';
import { ownRun } from '../state/run-folder';
import { readSpecIn } from './read-spec';
import { resetStale, staleTasks } from './stale';

let root = '';
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'braid-stale-')); });
afterEach(() => rm(root, { recursive: true, force: true }));

async function read(file: string, text: string) {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const spec = await readSpecIn(null, dirname(path), null);
  if (!spec.ok) throw new Error(spec.error.kind);
  return { spec: spec.value, path };
}

test.each<[string, string, string, string[], string]>([
  ['spec-kit', 'specs/x/tasks.md', '- [x] T001 a\n- [~] T002 b\n- [ ] T003 c\n', ['T002 2'], '- [x] T001 a\n- [ ] T002 b\n- [ ] T003 c\n'],
  ['words that say otherwise', 'specs/x/tasks.md', '- [~] T001 DROPPED: a\n- [~] T002 BLOCKED by x\n- [ ] T003 c\n', [], '- [~] T001 DROPPED: a\n- [~] T002 BLOCKED by x\n- [ ] T003 c\n'],
  ['other marks, CR LF and a BOM', 'specs/x/tasks.md', '\uFEFF- [/] T001 a\r\n- [>] T002 b', ['T001 1', 'T002 2'], '\uFEFF- [ ] T001 a\r\n- [ ] T002 b'],
  ['a track', 'conductor/tracks/t/plan.md', '## Phase 1: A\n- [~] Task: a\n- [ ] Task: b\n', ['#1 2'], '## Phase 1: A\n- [ ] Task: a\n- [ ] Task: b\n'],
  ['headings of a track', 'conductor/tracks/t/plan.md', '### Task 1.1: a\n- [x] s\n- [~] t\n### Task 1.2: b\n- [ ] u\n', ['1.1 1'], '### Task 1.1: a\n- [x] s\n- [ ] t\n### Task 1.2: b\n- [ ] u\n'],
  ['tasks.yaml', 'specs/x/tasks.yaml', 'tasks:\n  - { id: T001, title: a, status: "InProgress" }\n  - id: T002\n    title: b\n    status: Blocked\n', ['T001 2'], 'tasks:\n  - { id: T001, title: a, status: "Pending" }\n  - id: T002\n    title: b\n    status: Blocked\n'],
])('%s: named, and set back byte by byte', async (_, file, text, expected, after) => {
  const { spec, path } = await read(file, text);
  await chmod(path, 0o644);
  const stale = await staleTasks(null, spec);
  expect(stale.map(({ id, line }) => `${id} ${line}`)).toEqual(expected);
  expect(spec.diagnostics.filter(({ code }) => code === 'stale-active' || code === 'needs-decision').map(({ code, line, severity }) => [code, line, severity])).toEqual(stale.map(({ line }) => ['stale-active', line, 'warning']));
  expect(await resetStale(spec, stale)).toEqual({ ok: true, value: null });
  expect([await readFile(path, 'utf8'), (await stat(path)).mode & 0o777]).toEqual([after, 0o644]);
});

describe('with runs', () => {
  let repo: TempRepo;
  beforeEach(async () => { repo = await createTempRepo(); });
  afterEach(() => repo.cleanup());

  test('what a live run works on is not stale; a dead one\'s lane is named', async () => {
    await repo.write('specs/x/tasks.md', '- [~] T001 a\n- [~] T002 b\n');
    const opened = await openRepository(repo.dir);
    if (!opened.ok) throw new Error(opened.error.kind);
    const folder = join(opened.value.root, 'specs/x');
    const events = [{ ...begun([runTask('T001'), runTask('T002')]), specFolder: folder }, stamped(told.opened('T001')), stamped(told.started('T001'))];
    await repo.write('.git/braid/runs/r-1/journal.jsonl', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const found = async () => {
      const spec = await readSpecIn(opened.value, folder, null);
      return spec.ok ? (await staleTasks(opened.value, spec.value)).map(({ id, left }) => [id, left]) : spec;
    };
    const owned = await ownRun(opened.value.commonDir, 'r-1');
    expect(owned.ok).toBe(true);
    expect(await found()).toEqual([['T002', null]]);
    if (owned.ok) await owned.value();
    expect(await found()).toEqual([['T001', { run: 'r-1', worktree: '/w/t001' }], ['T002', null]]);
  });
});
