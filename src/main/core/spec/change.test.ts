import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseChange } from './change';
import { readSpec } from './read';

const ids = (text: string) => {
  const { dependsOn, blocks, conflictsWith, unclear } = parseChange(text);
  return [dependsOn, blocks, conflictsWith].map((refs) => refs.map((ref) => ref.id)).concat(unclear.length > 0 ? [[`unclear ${unclear.join()}`]] : []);
};

test.each([
  ['keys', '## Dependencies\n- depends_on: add-a\n- blocks: add-b\n\n## Conflicts With\n- add-c\n', [['add-a'], ['add-b'], ['add-c']]],
  ['a comma list with backticks', '## Dependencies\n- depends_on: `add-a`, `add-b`\n', [['add-a', 'add-b'], [], []]],
  ['brackets and dots', '## Dependencies\n- depends_on: [add-v1.2, other]\n', [['add-v1.2', 'other'], [], []]],
  ['bold', '## Dependencies\n- **depends_on**: add-a and add-b\n- **Blocks:** add-c\n', [['add-a', 'add-b'], ['add-c'], []]],
  ['a nested list', '## Dependencies\n- depends_on:\n  - add-a\n  - add-b (first)\n- blocks:\n  - add-c\n', [['add-a', 'add-b'], ['add-c'], []]],
  ['subheadings', '## Dependencies\n### depends_on\n- add-a\n### Blocks\n- add-b\n', [['add-a'], ['add-b'], []]],
  ['none is no id', '## Dependencies\n- depends_on: none\n- blocks: N/A\n\n## Conflicts With\nNone\n', [[], [], []]],
  ['a fenced example does not count', '## Dependencies\n```\n- depends_on: add-x\n```\n- depends_on: add-a\n', [['add-a'], [], []]],
  ['words around a conflict', '## Conflicts With\n- May conflict with add-c (both touch state.py)\n', [[], [], ['add-c']]],
  ['a library without a key', '## Dependencies\n- Requires Redis 7\n- add-a\n', [['add-a'], [], []]],
  ['prose', '## Dependencies\n- depends_on: whatever comes first\n', [[], [], [], ['unclear 4']]],
  ['a heading that only begins so', '## DependenciesXYZ\n- depends_on: add-a\n## Dependencies of the build\n- depends_on: add-b\n', [[], [], []]],
])('%s', (_, text, expected) => expect(ids(`# Change\n\n${text}`)).toEqual(expected));

describe('among its neighbours', () => {
  let root = '';
  const put = async (name: string, text: string): Promise<void> => {
    const path = join(root, 'openspec/changes', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'braid change '));
    await put('add-x/tasks.md', '## 1. A\n- [ ] 1.1 a\n');
    await put('add-x/proposal.md', '# X\n\n## Dependencies\n- depends_on: add-open, add-done, add-old, add-gone\n\n## Conflicts With\n- add-open\n');
    await put('add-open/tasks.md', '- [x] 1.1 a\n- [ ] 1.2 b\n');
    await put('add-done/tasks.md', '- [x] 1.1 a\n');
    await put('archive/2025-01-02-add-old/tasks.md', '- [x] 1.1 a\n');
    await put('first/tasks.md', '- [ ] 1.1 a\n');
    await put('first/proposal.md', '# F\n\n## Dependencies\n- blocks: add-x\n');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = async (name: string) => {
    const spec = await readSpec(join(root, 'openspec/changes', name));
    if (!spec.ok) throw new Error(spec.error.kind);
    return spec.value;
  };

  test('both directions make a dependency; what is archived or complete is met', async () => {
    const { change, diagnostics } = await read('add-x');
    expect(change).toEqual({ dependsOn: ['add-open', 'add-done', 'add-old', 'add-gone', 'first'], blocks: [], conflictsWith: ['add-open'], unmet: ['add-open', 'first'], waiting: [], archived: null });
    expect((await read('add-open')).change).toMatchObject({ waiting: ['add-x'] });
    expect((await read('first')).change).toMatchObject({ waiting: ['add-x'] });
    expect(diagnostics.map(({ severity, code, line, message }) => [severity, code, line, message.match(/add-\w+|first/)?.[0]])).toEqual([
      ['warning', 'change-not-done', 4, 'add-open'], ['warning', 'unknown-change', 4, 'add-gone'], ['warning', 'change-not-done', null, 'first'], ['warning', 'change-conflict', 7, 'add-open'],
    ]);
  });

  test.each<[string, Record<string, string>, string, [string, number | null, string]]>([
    ['two', { a: 'depends_on: b', b: 'depends_on: a' }, 'a', ['error', 4, 'These changes wait for each other: a -> b -> a.']],
    ['three, seen from each', { a: 'depends_on: b', b: 'depends_on: c', c: 'depends_on: a' }, 'c', ['error', 4, 'These changes wait for each other: c -> a -> b -> c.']],
    ['by the word of the other', { a: 'depends_on: b', b: 'blocks: z\n- depends_on: c', c: 'depends_on: a' }, 'a', ['error', 4, 'These changes wait for each other: a -> b -> c -> a.']],
    ['both say it', { a: 'depends_on: b\n- blocks: b' }, 'a', ['error', 4, 'These changes wait for each other: a -> b -> a.']],
    ['itself', { a: 'depends_on: a' }, 'a', ['error', 4, 'These changes wait for each other: a -> a.']],
    ['further away', { a: 'depends_on: b', b: 'depends_on: c', c: 'depends_on: b' }, 'a', ['warning', null, 'Changes that it depends on wait for each other: b -> c -> b.']],
  ])('a circle: %s', async (_, proposals, name, expected) => {
    for (const id of ['a', 'b', 'c']) {
      await put(`${id}/tasks.md`, '- [ ] 1.1 a\n');
      await put(`${id}/proposal.md`, `# P\n\n## Dependencies\n- ${proposals[id] ?? 'depends_on: none'}\n`);
    }
    const found = (await read(name)).diagnostics.filter(({ code }) => code === 'change-cycle');
    expect(found.map(({ severity, line, message }) => [severity, line, message])).toEqual([expected]);
  });

  test('a change that is complete closes no circle', async () => {
    await put('a/tasks.md', '- [ ] 1.1 a\n');
    await put('b/tasks.md', '- [x] 1.1 a\n');
    for (const [id, other] of [['a', 'b'], ['b', 'a']]) await put(`${id}/proposal.md`, `# P\n\n## Dependencies\n- depends_on: ${other}\n`);
    expect((await read('a')).diagnostics).toEqual([]);
  });

  test('names that no change has are told with their line', async () => {
    await put('a/tasks.md', '- [ ] 1.1 a\n');
    await put('a/proposal.md', '# P\n\n## Dependencies\n- depends_on: add-old\n- blocks: gone-one, add-open\n\n## Conflicts With\n- gone-two\n- add-old\n');
    expect((await read('a')).diagnostics.map(({ code, line, message }) => [code, line, /change ([\w-]+),/.exec(message)?.[1]])).toEqual([['unknown-change', 5, 'gone-one'], ['unknown-change', 8, 'gone-two']]);
  });

  test('an archived change says so', async () => {
    expect((await read('archive/2025-01-02-add-old')).change).toMatchObject({ unmet: [], archived: '2025-01-02' });
    expect((await read('archive/2025-01-02-add-old')).diagnostics).toMatchObject([{ severity: 'warning', code: 'archived', message: 'This change was archived on 2025-01-02.' }]);
  });
});
