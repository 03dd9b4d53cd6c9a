import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateSpecs } from './locate';
import { readDocument, readSpec, requireTasks } from './read';
import { resolveSpec } from './resolve-spec';
import { watchSpec } from './watch';

let root = '';

beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'braid spec ')); });
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const tasks = '# Tasks: Käse\n\n- [x] T001 a\n- [ ] T002 b\n';

describe('readSpec', () => {
  test('a spec-kit folder with its documents and checklists', async () => {
    await put({ 'specs/001-käse/tasks.md': tasks, 'specs/001-käse/spec.md': '# Feature Specification: K\n', 'specs/001-käse/checklists/req.md': '# Check\n- [ ] CHK001 Clear\n- [x] Done\n' });
    const spec = await readSpec(join(root, 'specs/001-käse'), { repo: root });
    expect(spec).toMatchObject({ ok: true, value: { dialect: 'speckit', name: '001-käse', title: 'Käse', taskFiles: ['tasks.md'] } });
    if (!spec.ok) return;
    expect(spec.value.documents.map(({ path, tasks: count }) => [path, count])).toEqual([['checklists/req.md', 2], ['spec.md', 0], ['tasks.md', 2]]);
    expect(spec.value.gates).toEqual([{ title: 'CHK001 Clear', file: 'checklists/req.md', line: 2, done: false }, { title: 'Done', file: 'checklists/req.md', line: 3, done: true }]);
  });

  test('several task files: the person chooses', async () => {
    await put({ 'x/one.md': '- [ ] T001 a\n', 'x/two.md': '- [ ] T001 a\n', 'x/notes.md': 'prose\n' });
    expect(await readSpec(join(root, 'x'))).toMatchObject({ ok: false, error: { kind: 'spec/choose-file', files: ['one.md', 'two.md'] } });
    expect(await readSpec(join(root, 'x'), { file: 'two.md' })).toMatchObject({ ok: true, value: { name: 'two', taskFiles: ['two.md'] } });
    expect(await readSpec(join(root, 'x/one.md'))).toMatchObject({ ok: true, value: { taskFiles: ['one.md'] } });
  });

  test('a change with task files below its own: all of them, as one spec', async () => {
    await put({ 'openspec/changes/add/tasks.md': '## 1. A\n- [ ] 1.1 x\n', 'openspec/changes/add/api/tasks.md': '- [ ] y\n', 'openspec/changes/add/ui/tasks.md': '## 1. C\n- [x] 1.1 z\n' });
    const spec = await readSpec(join(root, 'openspec/changes/add'));
    expect(spec).toMatchObject({ ok: true, value: { name: 'add', taskFiles: ['tasks.md', 'api/tasks.md', 'ui/tasks.md'] } });
    if (spec.ok) expect(spec.value.tasks.map((task) => task.id)).toEqual(['1.1', 'api-tasks#1', 'ui-tasks:1.1']);
    expect(await locateSpecs(root)).toMatchObject([{ name: 'add', taskFiles: ['tasks.md', 'api/tasks.md', 'ui/tasks.md'], done: 1, total: 3 }]);
    expect(await resolveSpec('add', { cwd: root, repo: root })).toEqual({ ok: true, value: { folder: join(root, 'openspec/changes/add'), file: null } });
  });

  test('several task files of one change: names before repeated ids', async () => {
    await put({ 'openspec/changes/add/a/tasks.md': '## 1. A\n- [ ] 1.1 x\n- [ ] y\n', 'openspec/changes/add/b/tasks.md': '## 1. B\n- [ ] 1.1 x\n' });
    const spec = await readSpec(join(root, 'openspec/changes/add'));
    expect(spec.ok && spec.value.tasks.map((task) => [task.id, task.phase?.index])).toEqual([['1.1', 0], ['a-tasks#2', 0], ['b-tasks:1.1', 1]]);
  });

  test('no tasks is a spec, and an error for who needs some', async () => {
    await put({ 'x/spec.md': '# S\n' });
    const spec = await readSpec(join(root, 'x'));
    expect(spec).toMatchObject({ ok: true, value: { tasks: [], taskFiles: [] } });
    expect(spec.ok && requireTasks(spec.value)).toMatchObject({ ok: false, error: { kind: 'spec/no-tasks' } });
  });

  test.each([
    ['nothing there', 'missing', {}, 'spec/not-found'],
    ['a file outside', '.', { file: '../outside.md' }, 'spec/invalid'],
    ['outside the repository', '.', { repo: __dirname }, 'spec/outside-repository'],
  ])('%s', async (_, path, options, kind) => {
    expect(await readSpec(join(root, path), options)).toMatchObject({ ok: false, error: { kind } });
  });

  test('no tasks because the file is broken: the file\'s own trouble is said', async () => {
    await put({ 'x/tasks.yaml': '{"schema": 1\n' });
    const spec = await readSpec(join(root, 'x'));
    expect(spec.ok && requireTasks(spec.value)).toMatchObject({ ok: false, error: { kind: 'spec/invalid', path: join(root, 'x/tasks.yaml'), detail: expect.stringMatching(/^Flow map.*\(line 2\)$/) } });
  });

  test('a diff is refused with its line', async () => {
    await put({ 'x/tasks.md': '--- a/t\n+++ b/t\n@@ -1 +1 @@\n+ [ ] T059 x\n' });
    expect(await readSpec(join(root, 'x'))).toMatchObject({ ok: false, error: { kind: 'spec/invalid' } });
  });
});

test('a task file that is a link inside the repository is read where it lies; one that leads out of it is refused', async () => {
  await put({ 'repo/planning/one-tasks.md': tasks, 'repo/specs/001-a/spec.md': '# Spec', 'repo/specs/002-b/list.md': tasks, 'repo/.git/config': tasks, 'secret.md': tasks });
  const repo = join(root, 'repo');
  await symlink('../../planning/one-tasks.md', join(repo, 'specs/001-a/tasks.md'));
  await symlink('list.md', join(repo, 'specs/002-b/tasks.md'));
  await put({ 'repo/specs/003-c/spec.md': '', 'repo/specs/004-d/spec.md': '', 'repo/specs/005-e/spec.md': '' });
  for (const [folder, target] of [['003-c', '../../../secret.md'], ['004-d', '../../.git/config'], ['005-e', 'nowhere.md']] as const) await symlink(target, join(repo, 'specs', folder, 'tasks.md'));
  const one = await readSpec(join(repo, 'specs/001-a'), { repo });
  expect(one).toMatchObject({ ok: true, value: { folder: join(repo, 'planning'), taskFiles: ['one-tasks.md'], name: 'one-tasks' } });
  expect(one.ok && one.value.diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual(['linked-file: tasks.md is a link to planning/one-tasks.md, so the spec is that file with the documents beside it.']);
  expect(await readSpec(join(repo, 'specs/001-a'), { file: 'tasks.md', repo })).toMatchObject({ ok: true, value: { taskFiles: ['one-tasks.md'] } });
  expect(await readSpec(join(repo, 'specs/002-b'), { repo })).toMatchObject({ ok: true, value: { folder: join(repo, 'specs/002-b'), taskFiles: ['list.md'] } });
  for (const folder of ['003-c', '004-d']) expect(await readSpec(join(repo, 'specs', folder), { repo })).toMatchObject({ ok: false, error: { kind: 'spec/invalid' } });
  expect(await readSpec(join(repo, 'specs/005-e'), { repo })).toMatchObject({ ok: false, error: { kind: 'io/failed', code: 'ENOENT' } });
});

test('documents stay inside the folder, also through links', async () => {
  await put({ 'secret.md': 's', 'x/tasks.md': tasks, 'x/a/b.md': 'hello' });
  await symlink(join(root, 'secret.md'), join(root, 'x/link.md'));
  expect(await readDocument(join(root, 'x'), 'a/b.md')).toEqual({ ok: true, value: 'hello' });
  for (const path of ['../secret.md', 'link.md', join(root, 'secret.md'), 'a/../../secret.md']) {
    expect(await readDocument(join(root, 'x'), path)).toMatchObject({ ok: false, error: { kind: 'spec/invalid' } });
  }
  const spec = await readSpec(join(root, 'x'));
  expect(spec.ok && spec.value.documents.map(({ path }) => path)).toEqual(['a/b.md', 'tasks.md']);
});

describe('locate', () => {
  beforeEach(() => put({
    'specs/001-list/tasks.md': tasks, 'specs/002-list-import/tasks.md': '- [ ] T001 a\n', '.specify/specs/003-deep/tasks.md': '- [ ] T001 a\n',
    'openspec/changes/add-auth/tasks.md': '## 1. G\n- [ ] 1.1 a\n', 'openspec/changes/archive/2025-01-02-old-auth/tasks.md': '- [x] 1.1 a\n',
    '.maestro/tracks/t1/plan.md': '## Phase 1: A\n### Task 1.1: a\n- [ ] b\n', '.maestro/tracks.md': '- [~] **Track: Sign in quickly**\n  *ID: [t1](./tracks/t1/)*\n',
    'conductor/tracks/t2/plan.md': '# Plan\n- [ ] Task: a\n', 'conductor/tracks/t2/metadata.json': '{"track_id":"t2","description":"Search by words","x":1}', 'openspec/changes/no-tasks-yet/proposal.md': '# P\n', '.kiro/specs/k/tasks.md': '- [ ] 1. a\n', 'auto/specs/y/tasks.yaml': 'tasks:\n  - { id: T001, title: a }\n',
    '.specify/templates/tasks.md': tasks, '.claude/commands/tasks.md': tasks, '.github/prompts/tasks.md': tasks, 'test/fixtures/f/tasks.md': tasks,
    'node_modules/p/specs/x/tasks.md': tasks, 'specs/004-x/checklists/tasks.md': tasks, 'docs/tasks.md': 'No boxes here.\n', 'specs/002-list-import/plan.md': '- [ ] T001 a\n',
  }));

  test('finds specs, never prompts, templates or fixtures', async () => {
    expect((await locateSpecs(root)).map(({ name, dialect, done, total, archived }) => [name, dialect, done, total, archived])).toEqual([
      ['k', 'checklist', 0, 1, false], ['t1', 'track', 0, 1, false], ['003-deep', 'speckit', 0, 1, false], ['y', 'tasks-yaml', 0, 1, false], ['t2', 'track', 0, 1, false],
      ['add-auth', 'openspec', 0, 1, false], ['001-list', 'speckit', 1, 2, false], ['002-list-import', 'speckit', 0, 1, false], ['old-auth', 'openspec', 1, 1, true],
    ]);
  });

  test.each([
    ['001-list', 'specs/001-list'], ['002', 'specs/002-list-import'], ['import', 'specs/002-list-import'], ['specs/001-list', 'specs/001-list'],
    ['auth', 'openspec/changes/add-auth'], ['ADD-AUTH', 'openspec/changes/add-auth'], ['old-auth', 'openspec/changes/archive/2025-01-02-old-auth'], ['t1', '.maestro/tracks/t1'],
    ['Sign in quickly', '.maestro/tracks/t1'], ['QUICK', '.maestro/tracks/t1'], ['by words', 'conductor/tracks/t2'], ['no-tasks-yet', 'openspec/changes/no-tasks-yet'],
    ['openspec/changes/add-auth', 'openspec/changes/add-auth'],
  ])('resolves %s', async (name, folder) => {
    expect(await resolveSpec(name, { cwd: tmpdir(), repo: root })).toMatchObject({ ok: true, value: { folder: join(root, folder) } });
  });

  test('paths come first, relative to the current folder', async () => {
    expect(await resolveSpec('tasks.md', { cwd: join(root, 'specs/001-list'), repo: root })).toEqual({ ok: true, value: { folder: join(root, 'specs/001-list'), file: 'tasks.md' } });
  });

  test.each([['list', ['001-list', '002-list-import']], ['nonsense', 9], ['add-auth-v2', 9]])('%s is not one spec', async (name, known) => {
    const found = await resolveSpec(name, { cwd: tmpdir(), repo: root });
    expect(found).toMatchObject({ ok: false, error: { kind: 'spec/not-found' } });
    if (!found.ok && found.error.kind === 'spec/not-found') expect(typeof known === 'number' ? found.error.known.length : found.error.known).toEqual(known);
  });
});

test('locate: places of their own below folders that usually hold prompts', async () => {
  await put({ '.claude/specs/c/tasks.md': tasks, '.claude/skills/s/tasks.md': tasks, '.claude/specs/templates/tasks.md': tasks, 'docs/superpowers/plans/d/plan.md': '### Task 1: a\n- [ ] s\n', 'docs/superpowers/plans/2026-e.md': '### Task 1: a\n- [ ] s\n' });
  expect((await locateSpecs(root)).map(({ name, dialect }) => [name, dialect])).toEqual([['c', 'speckit'], ['2026-e', 'track'], ['d', 'track']]);
});

test('notices edits, also in a folder below a dot folder and by renaming', async () => {
  await put({ '.specify/specs/a/tasks.md': tasks });
  const folder = join(root, '.specify/specs/a');
  let notify: () => void = () => undefined;
  const watched = watchSpec(folder, () => notify());
  const next = (): Promise<void> => new Promise((resolve) => { notify = resolve; });
  await watched.ready;
  const edited = next();
  await writeFile(join(folder, 'tasks.md'), `${tasks}- [ ] T003 c\n`);
  await edited;
  const replaced = next();
  await writeFile(join(root, 'new.md'), tasks);
  await rename(join(root, 'new.md'), join(folder, 'tasks.md'));
  await replaced;
  await watched.close();
});
