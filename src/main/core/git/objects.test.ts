import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTempRepo, type TempRepo } from '../../../../test/temp-repo';
import { gitFolders, headId, headRef, objectAt, objectId, treeId } from './objects';

let repo: TempRepo;
let commit: string;
beforeAll(async () => {
  repo = await createTempRepo();
  await repo.write('a b/ü.txt', 'one\nmissing\n');
  await repo.write('large.txt', 'x'.repeat(3_000_000));
  await repo.git('add', '-A');
  await repo.git('commit', '-m', 'first');
  commit = await repo.git('rev-parse', 'HEAD');
});
afterAll(() => repo.cleanup());

describe('the long-lived reader', () => {
  test.each([
    ['a ref', 'refs/heads/main', () => commit],
    ['a ref that is not there', 'refs/heads/none', () => null],
    ['a name that is more than a name', 'main@{1}', () => undefined],
    ['an option', '--help', () => null],
  ])('%s', async (_name, name, wanted) => {
    expect(await objectId(repo.dir, name)).toBe(wanted());
  });

  test('gives files byte for byte, also when many ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 40 }, (_, n) => objectAt(repo.dir, commit, n % 3 === 0 ? 'large.txt' : n % 3 === 1 ? 'a b/ü.txt' : 'nope.txt')));
    for (const [n, found] of asked.entries()) {
      if (n % 3 === 2) expect(found).toBeNull();
      else expect(found?.content.length).toBe(n % 3 === 0 ? 3_000_000 : 12);
    }
  });

  test('a path with a line break is one path', async () => {
    expect(await objectAt(repo.dir, commit, 'a\nb missing')).toBeNull();
  });

  test('sees commits and refs that came later, in linked worktrees too', async () => {
    const place = `${repo.dir}-linked`;
    await repo.git('worktree', 'add', '-q', '-b', 'side', place);
    await writeFile(join(place, 'new.txt'), 'new\n');
    await repo.git('-C', place, 'add', '-A');
    await repo.git('-C', place, 'commit', '-q', '-m', 'second');
    const second = await repo.git('-C', place, 'rev-parse', 'HEAD');
    expect(await headRef(place)).toBe('refs/heads/side');
    expect(await headId(place)).toBe(second);
    expect((await objectAt(repo.dir, second, 'new.txt'))?.content.toString()).toBe('new\n');
    expect(await treeId(repo.dir, second)).toBe(await repo.git('rev-parse', `${second}^{tree}`));
    await repo.git('-C', place, 'switch', '-q', '--detach');
    expect(await headRef(place)).toBeNull();
    expect(await headId(place)).toBe(second);
    expect((await gitFolders(place))?.commonDir).toBe(join(repo.dir, '.git'));
    await repo.git('worktree', 'remove', '--force', place);
  });

  test('a folder inside a checkout is left to git', async () => {
    await mkdir(join(repo.dir, 'deep'), { recursive: true });
    expect(await headRef(join(repo.dir, 'deep'))).toBeUndefined();
  });
});
