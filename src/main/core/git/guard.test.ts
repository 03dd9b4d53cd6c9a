import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTempRepo, errorOf, valueOf, type TempRepo } from '../../../../test/temp-repo';
import { git, gitLine } from './git';
import { hurryGits, pipeInTheWay } from './guard';
import { objectId } from './objects';

let repo: TempRepo;
beforeEach(async () => {
  repo = await createTempRepo();
  await repo.git('commit', '-q', '--allow-empty', '-m', 'first');
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await repo.cleanup();
});

function pipe(path: string): string {
  const place = join(repo.dir, path);
  mkdirSync(dirname(place), { recursive: true });
  rmSync(place, { force: true });
  execFileSync('mkfifo', [place]);
  return place;
}

test.each([
  ['.gitignore', true], ['deep/down/.gitattributes', true], ['data.pipe', false],
  ['.git/info/exclude', true], ['.git/refs/heads/side', true], ['.git/braid/runs/r/log', false],
])('a pipe at %s stands in the way of git: %s', async (path, stands) => {
  const place = pipe(path);
  expect(await pipeInTheWay(repo.dir)).toBe(stands ? place : null);
});

test('a git that waits for a pipe is ended, and the pipe named', async () => {
  const place = pipe('deep/.gitignore');
  await repo.write('deep/a', 'a');
  expect(errorOf(await git(['status', '--porcelain'], { cwd: repo.dir }))).toMatchObject({ kind: 'git/hung', cwd: repo.dir, pipe: place });
});

test('objects behind a ref that is a pipe are left to git itself, which is ended', { timeout: 30_000 }, async () => {
  const place = pipe('.git/refs/heads/side');
  expect(await objectId(repo.dir, 'refs/heads/side')).toBeUndefined();
  expect(errorOf(await gitLine(['rev-parse', '--verify', 'refs/heads/side'], { cwd: repo.dir }))).toMatchObject({ kind: 'git/hung', pipe: place });
  expect(valueOf(await gitLine(['rev-parse', '--abbrev-ref', 'HEAD'], { cwd: repo.dir }))).toBe('main');
});

/** Lets `git hash-object` wait in a filter, and resolves with it once it does. */
async function waitingGit(): Promise<{ readonly ended: ReturnType<typeof git> }> {
  const began = join(repo.dir, '..', 'began');
  await repo.write('.gitattributes', '*.txt filter=wait');
  await repo.write('a.txt', 'a');
  await repo.git('config', 'filter.wait.clean', `touch '${began}'; exec sleep 100000`);
  const there = new Promise<void>((done) => {
    const watcher = watch(dirname(began), () => {
      if (!existsSync(began)) return;
      watcher.close();
      done();
    });
  });
  const ended = git(['hash-object', 'a.txt'], { cwd: repo.dir });
  await there;
  return { ended };
}

test('a git that waits for something else is ended with its limit, together with what it started', async () => {
  vi.stubEnv('BRAID_GIT_TIMEOUT', '0.5');
  expect(errorOf(await (await waitingGit()).ended)).toMatchObject({ kind: 'git/hung', pipe: null });
});

test('in a run that is ending gits under way have twenty seconds left, and elsewhere all their time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { ended } = await waitingGit();
  let over = false;
  void ended.then(() => { over = true; });
  const relaxOther = hurryGits(`${repo.dir}-other`);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(over).toBe(false);
  const relax = hurryGits(dirname(repo.dir));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(errorOf(await ended)).toMatchObject({ kind: 'git/hung', pipe: null });
  relax();
  relaxOther();
});
