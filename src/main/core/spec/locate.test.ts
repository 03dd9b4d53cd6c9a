import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dialect } from '../../../shared/domain';
import { describeError } from '../../../shared/errors';
import { locateSpecs } from './locate';
import { readSpec } from './read';
import { resolveSpec } from './resolve-spec';

let root = '';
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'braid-locate-')); });
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const speckit = '- [ ] T001 Do it\n';
const group = '## 1. Group\n- [ ] 1.1 Do it\n- [ ] 1.2 And this\n';
const superpowers = '# X Implementation Plan\n### Task 1: Do it\n- [ ] **Step 1: Write it**\n';
const boxes = '- [ ] Do it\n';
const table = '| ID | Task | Status |\n|---|---|---|\n| T001 | a | open |\n| T002 | b | open |\n';

test.each<[string, string, Dialect | null, boolean?]>([
  ['specs/001-x/tasks.md', speckit, 'speckit'], ['.specify/specs/001-x/tasks.md', speckit, 'speckit'], ['docs/specs/001-x/tasks.md', speckit, 'speckit'],
  ['apps/web/specs/001-x/tasks.md', speckit, 'speckit'], ['.claude/specs/001-x/tasks.md', speckit, 'speckit'], ['kitty-specs/001-x/tasks.md', speckit, 'speckit'],
  ['specs/001-x/tasks.yaml', 'tasks:\n  - { id: T001, title: a, status: Pending }\n', 'tasks-yaml'],
  ['specs-archive/001-x/tasks.md', speckit, 'speckit', true], ['specs/archive/001-x/tasks.md', speckit, 'speckit', true], ['docs/archived/001-x/tasks.md', boxes, 'checklist', true],
  ['openspec/changes/add/tasks.md', group, 'openspec'], ['openspec/changes/archive/2025-01-02-add/tasks.md', group, 'openspec', true], ['pkg/openspec/changes/add/ui/tasks.md', group, 'openspec'],
  ['conductor/tracks/t1/plan.md', '- [ ] Task: a\n', 'track'], ['.maestro/tracks/t1/plan.md', '- [ ] Task: a\n', 'track'], ['conductor/archive/t1/plan.md', '- [ ] Task: a\n', 'track', true],
  ['.kiro/specs/x/tasks.md', '- [ ] 1. a\n', 'checklist'], ['Auto Run Docs/Initiation/Phase-01.md', boxes, 'checklist'], ['.maestro/playbooks/x/PHASE-01.md', boxes, 'checklist'],
  ['docs/superpowers/plans/2026-01-02-x.md', superpowers, 'track'], ['docs/superpowers/plans/x/plan.md', superpowers, 'track'], ['pkg/docs/superpowers/plans/x.md', superpowers, 'track'],
  ['docs/plans/2026-01-02-x.md', superpowers, 'track'], ['docs/plans/investigations/x.md', boxes, 'checklist'], ['docs/plans/QUALITY_TODO.md', boxes, 'checklist'],
  ['docs/plans/archive/x.md', boxes, 'checklist', true],
  ['specs/References/old/old_tasks.md', speckit, 'speckit'], ['TASKS.md', boxes, 'checklist'], ['todo.md', boxes, 'checklist'], ['docs/TODO.md', boxes, 'checklist'], ['tasks.md', speckit, 'speckit'],
  ['packages/agents/specs/001-x/tasks.md', speckit, 'speckit'], ['specs/agents/tasks.md', speckit, 'speckit'], ['specs/004-templates/tasks.md', speckit, 'speckit'],
  // Nothing to offer:
  ['specs/_template/tasks.md', speckit, null], ['specs/000-template/tasks.md', speckit, null], ['specs/Templates/tasks.md', speckit, null], ['testdata/specs/001-x/tasks.md', speckit, null],
  ['Prompts/tasks.md', speckit, null], ['agents/tasks.md', speckit, null], ['agents/planner/tasks.md', speckit, null], ['.kiro/steering/tasks.md', speckit, null],
  ['.maestro/playbooks/Templates/2_T.md', boxes, null], ['Auto Run Docs/_template/x.md', boxes, null],
  ['docs/plans/table.md', table, null], ['docs/plans/README.md', boxes, null], ['docs/plans/prose.md', 'No boxes.\n', null], ['docs/TODO.md', 'Nothing.\n', null], ['README.md', boxes, null],
  ['.claude/commands/tasks.md', speckit, null], ['.cursor/commands/tasks.md', speckit, null], ['.github/prompts/tasks.md', speckit, null], ['.specify/templates/tasks.md', speckit, null],
  ['.specify/presets/x/commands/speckit.tasks.md', speckit, null], ['templates/tasks-template.md', speckit, null], ['extensions/x/commands/tasks.md', speckit, null],
  ['test/fixtures/f/tasks.md', speckit, null], ['test/fixtures/docs/plans/x.md', superpowers, null], ['prompts/todo.md', boxes, null], ['.agents/skills/x/tasks.md', speckit, null],
  ['specs/001-x/checklists/developer-tasks.md', speckit, null], ['node_modules/p/specs/x/tasks.md', speckit, null], ['.git/x/tasks.md', speckit, null], ['r.worktrees/x/specs/y/tasks.md', speckit, null],
  ['specs/001-x/tasks.md', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n', null], ['conductor/tracks.md', '## [ ] Track: A\nLink: [a](./tracks/a/)\n', null],
])('%s', async (path, text, dialect, archived = false) => {
  await put({ [path]: text });
  expect((await locateSpecs(root)).map((ref) => [ref.dialect, ref.archived])).toEqual(dialect === null ? [] : [[dialect, archived]]);
});

test('lists that no tool made come last, and not beside a spec', async () => {
  await put({ 'TODO.md': boxes, 'specs/001-x/tasks.md': speckit, 'specs/001-x/todo.md': boxes, 'specs/001-x/old_tasks.md': speckit, 'specs/002-y/tasks.md': speckit, 'specs/002-y/tasks.yaml': 'tasks:\n  - { id: T001, title: a, status: Pending }\n' });
  expect((await locateSpecs(root)).map(({ name, dialect, taskFiles }) => [name, dialect, ...taskFiles])).toEqual([['001-x', 'speckit', 'tasks.md'], ['002-y', 'tasks-yaml', 'tasks.yaml'], ['TODO', 'checklist', 'TODO.md']]);
  expect(await resolveSpec('TODO', { cwd: root, repo: root })).toEqual({ ok: true, value: { folder: root, file: 'TODO.md' } });
});

describe('a workflow schema of the project', () => {
  const schema = (tracks: string): string => `name: own\nversion: 1\nartifacts:\n  - id: proposal\n    generates: proposal.md\n  - id: tasks\n    generates: "work/*.md"\n${tracks}`;
  test.each<[string, Record<string, string>, string[]]>([
    ['tracks of apply, named by the change', { 'openspec/schemas/own/schema.yaml': schema('apply:\n  requires: [tasks]\n  tracks: todo.md\n'), 'openspec/changes/add/.openspec.yaml': 'schema: own\n' }, ['todo.md']],
    ['what the artifact generates, named by the project', { 'openspec/schemas/own/schema.yaml': schema(''), 'openspec/config.yaml': 'schema: own\n' }, ['work/api.md', 'work/ui.md']],
    ['a glob over folders', { 'openspec/schemas/own/schema.yaml': schema('apply:\n  tracks: "**/*-{steps,plan}.md"\n'), 'openspec/config.yaml': 'schema: own\n' }, ['deep/er/x-steps.md']],
    ['the change\'s own word wins', { 'openspec/schemas/own/schema.yaml': schema(''), 'openspec/config.yaml': 'schema: own\n', 'openspec/changes/add/.openspec.yaml': 'schema: spec-driven\n' }, ['tasks.md']],
    ['a path out of the change says nothing', { 'openspec/schemas/own/schema.yaml': schema('apply:\n  tracks: ../../x.md\n'), 'openspec/config.yaml': 'schema: own\n' }, ['tasks.md']],
    ['a name that is a path says nothing', { 'openspec/schemas/own/schema.yaml': schema(''), 'openspec/config.yaml': 'schema: ../schemas/own\n' }, ['tasks.md']],
    ['a broken schema says nothing', { 'openspec/schemas/own/schema.yaml': 'a: [\n', 'openspec/config.yaml': 'schema: own\n' }, ['tasks.md']],
    ['nothing that it names is there', { 'openspec/schemas/own/schema.yaml': schema('apply:\n  tracks: none-such.md\n'), 'openspec/config.yaml': 'schema: own\n' }, ['tasks.md']],
  ])('%s', async (_, files, expected) => {
    await put({ 'openspec/changes/add/tasks.md': group, 'openspec/changes/add/todo.md': boxes, 'openspec/changes/add/work/api.md': group, 'openspec/changes/add/work/ui.md': group, 'openspec/changes/add/deep/er/x-steps.md': boxes, ...files });
    const spec = await readSpec(join(root, 'openspec/changes/add'), { repo: root });
    expect(spec).toMatchObject({ ok: true, value: { dialect: 'openspec', name: 'add', taskFiles: expected } });
    if (_ !== 'nothing that it names is there') expect(await locateSpecs(root)).toMatchObject([{ name: 'add', taskFiles: expected }]);
    expect(await resolveSpec('add', { cwd: root, repo: root })).toEqual({ ok: true, value: { folder: join(root, 'openspec/changes/add'), file: null } });
  });
});

describe('a spec that is refused says why when it is named', () => {
  const said = async (name: string): Promise<string> => {
    const place = await resolveSpec(name, { cwd: root, repo: root });
    if (!place.ok) return describeError(place.error).title;
    const read = await readSpec(place.value.folder, { file: place.value.file, repo: root });
    if (!read.ok) return `${describeError(read.error).title} ${describeError(read.error).detail}`;
    return read.value.tasks.length === 0 ? 'no tasks' : 'read';
  };
  test('binary, too large, a diff, a link out, a link to nothing, without tasks', async () => {
    await put({ 'specs/001-binary/tasks.md': '- [ ] T001 \0\n', 'specs/002-large/tasks.md': speckit, 'specs/003-diff/tasks.md': 'diff --git a/x b/x\n@@ -1 +1 @@\n', 'specs/006-empty/spec.md': '# S\n', 'specs/007-good/tasks.md': speckit, 'openspec/changes/add-binary/tasks.md': '\0' });
    await truncate(join(root, 'specs/002-large/tasks.md'), 20_000_001);
    const outside = await mkdtemp(join(tmpdir(), 'braid-outside-'));
    await writeFile(join(outside, 'tasks.md'), speckit);
    await symlink(outside, join(root, 'specs/004-link'));
    await mkdir(join(root, 'specs/005-file-link'));
    await symlink(join(outside, 'tasks.md'), join(root, 'specs/005-file-link/tasks.md'));
    await symlink(join(root, 'nowhere'), join(root, 'specs/008-dangling'));
    const found = Object.fromEntries(await Promise.all(['001', 'large', '003-diff', '004-link', 'file-link', '006', '007', '008', 'add-binary', '009'].map(async (name) => [name, await said(name)] as const)));
    await rm(outside, { recursive: true, force: true });
    expect(found).toEqual({
      '001': expect.stringContaining('NUL bytes'), large: expect.stringContaining('larger than 20 MB'), '003-diff': expect.stringContaining('It is a diff'), '004-link': expect.stringContaining('outside the repository'),
      'file-link': expect.stringContaining('leads out of the spec folder'), '006': 'no tasks', '007': 'read', '008': expect.stringContaining('No spec found at'), 'add-binary': expect.stringContaining('NUL bytes'), '009': 'No spec found at "009".',
    });
  });
});

test.each<[string, string, object]>([
  ['the only open track', '## [x] Track: Old\nLink: [a](./tracks/a/)\n## [ ] Track: New\nLink: [b](./tracks/b/)\n', { ok: true, value: { file: null } }],
  ['several', '- [ ] **Track: A**\n  *ID: [a](./tracks/a/)*\n- [~] **Track: B**\n  *ID: [b](./tracks/b/)*\n', { ok: false, error: { kind: 'spec/choose-file', files: ['tracks/a/plan.md', 'tracks/b/plan.md'] } }],
  ['none', '## [ ] Track: C\nLink: [c](./tracks/c/)\n', { ok: false, error: { kind: 'spec/invalid' } }],
])('a registry of tracks stands for %s', async (_, registry, expected) => {
  await put({ 'conductor/tracks.md': registry, 'conductor/tracks/a/plan.md': '- [ ] Task: a\n', 'conductor/tracks/b/plan.md': '- [ ] Task: a\n' });
  for (const name of ['conductor', 'conductor/tracks.md']) expect(await resolveSpec(name, { cwd: tmpdir(), repo: root })).toMatchObject(expected);
});

test('a name finds nothing in the folders of templates and prompts, a path given in full does', async () => {
  await put({ 'specs/001-real/tasks.md': speckit, 'specs/_template/tasks.md': speckit, 'specs/000-template/tasks.md': speckit, 'testdata/specs/003-sample/tasks.md': speckit });
  for (const name of ['template', '_template', '000', '000-template', 'sample']) expect(await resolveSpec(name, { cwd: tmpdir(), repo: root })).toMatchObject({ ok: false, error: { kind: 'spec/not-found' } });
  expect(await resolveSpec('specs/000-template', { cwd: tmpdir(), repo: root })).toMatchObject({ ok: true });
  expect(await resolveSpec(join(root, 'testdata/specs/003-sample'), { cwd: tmpdir(), repo: root })).toMatchObject({ ok: true });
});

test('a name that several specs fit says so', async () => {
  await put({ 'specs/001-login/tasks.md': speckit, 'specs/002-login-page/tasks.md': speckit });
  const found = await resolveSpec('login', { cwd: tmpdir(), repo: root });
  expect(found.ok ? null : describeError(found.error)).toMatchObject({ title: '"login" is ambiguous: 2 specs fit.', detail: 'They are: 001-login, 002-login-page.' });
});
