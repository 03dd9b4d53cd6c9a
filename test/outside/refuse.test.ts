import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench, spec, type Bench } from './braid';

const one = '## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n';
const puppetWrites = { T001: { write: { 'src/a.txt': 'a\n' }, commit: true } };

let bench: Bench;
afterEach(() => bench.cleanup());

describe('what cannot be run is refused in a sentence, with nothing changed', () => {
  test.each<[string, (b: Bench) => Promise<unknown>, readonly string[], number, RegExp]>([
    ['no tasks', (b) => b.write(`${spec}/tasks.md`, '# Tasks\n').then(() => b.git('commit', '-qam', 'x')), [], 3, /has no tasks/],
    ['a missing agent', async () => undefined, ['--agent-command', 'no-such-agent-here'], 4, /no-such-agent-here/],
    ['a branch named braid', (b) => b.git('branch', 'braid'), [], 4, /branch named "braid"/],
    ['a branch braid/<spec>', (b) => b.git('branch', 'braid/001-demo'), [], 4, /braid\/001-demo/],
    ['tasks that wait for each other', (b) => b.write(`${spec}/tasks.md`, '- [ ] T001 Write src/a.txt (depends on T002)\n- [ ] T002 Write src/b.txt (depends on T001)\n').then(() => b.git('commit', '-qam', 'x')), [], 3, /T001 -> T002/],
    ['an agent command with an open quote', async () => undefined, ['--agent-command', 'sh -c "echo'], 3, /A " is not closed/],
    ['an empty agent command', async () => undefined, ['--agent-command', ''], 3, /It is empty/],
    ['a check for a shell', async () => undefined, ['--check', 'true && false'], 3, /needs a shell/],
    ['a check that is not installed', async () => undefined, ['--check', 'no-such-program x'], 4, /no-such-program/],
    ['no task ids', async () => undefined, ['--tasks', ''], 3, /task id/],
    ['an unknown task in a dry run', async () => undefined, ['--dry-run', '--tasks', 'T999'], 3, /T999/],
    ['a detached HEAD', (b) => b.git('switch', '-q', '--detach'), [], 3, /--base/],
    ['the branch of another run', (b) => b.git('switch', '-q', '-c', 'braid/001-demo/r-1/integration'), [], 3, /branch of a run/],
    ['an unknown base', async () => undefined, ['--base', 'nope'], 3, /nope/],
    ['a dirty checkout without worktrees', (b) => b.write('README.md', 'dirty'), ['--no-worktrees'], 6, /README\.md/],
    ['an unknown task', async () => undefined, ['--tasks', 'T999'], 3, /T999/],
    ['tasks that come before the first one', (b) => b.write(`${spec}/tasks.md`, `${one}- [ ] T002 Write src/b.txt\n`).then(() => b.git('commit', '-qam', 'x')), ['--tasks', 'T001', '--from', 'T002'], 3, /Nothing is selected.*before T002/],
    ['a blocked task', (b) => b.write(`${spec}/tasks.md`, `${one}- [!] T002 Write src/b.txt\n`).then(() => b.git('commit', '-qam', 'x')), ['--tasks', 'T002'], 1, /T002 is marked as blocked/],
    ['no agents at once', async () => undefined, ['--max-parallel', '0'], 3, /max-parallel/],
    ['a style that is none', async () => undefined, ['--style', 'careless'], 3, /style/],
  ])('%s', async (_name, arrange, args, code, words) => {
    bench = await createBench(one);
    await arrange(bench);
    const before = await bench.git('for-each-ref');
    const ended = await bench.run(args);
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe('');
    expect(await bench.git('for-each-ref')).toBe(before);
  });

  test('no repository, an unborn branch, commands that come later', async () => {
    bench = await createBench(one);
    const folder = await mkdtemp(join(tmpdir(), 'braid-none-'));
    const none = await bench.braid(['run', join(bench.dir, spec), '--repo', folder, '--agent', 'demo']);
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining('git init')]);
    await rm(folder, { recursive: true });
    expect((await bench.braid(['resume'])).code).toBe(3);
    expect((await bench.braid(['cleanup', '--dry-run'])).stdout).toContain('Nothing to clean up');
    await bench.git('switch', '-q', '--orphan', 'fresh');
    await bench.git('checkout', '-q', 'main', '--', spec);
    const unborn = await bench.braid(['run', spec, '--agent', 'demo']);
    expect([unborn.code, unborn.stderr]).toEqual([4, expect.stringContaining('first commit')]);
  });
});

describe('a spec that is not committed', () => {
  test('is refused when nobody can be asked, and committed alone with --yes', async () => {
    bench = await createBench(one, { commit: false });
    await bench.plan(puppetWrites);
    await bench.write('README.md', 'mine');
    await bench.git('add', 'README.md');
    const before = await bench.git('rev-parse', 'main');
    const refused = await bench.run();
    expect([refused.code, refused.stdout]).toEqual([6, '']);
    expect(refused.stderr).toContain(`${spec}/tasks.md`);
    expect(await bench.git('rev-parse', 'main')).toBe(before);
    const ended = await bench.run(['--yes']);
    expect(ended.code, ended.stderr).toBe(0);
    expect((await bench.git('diff', '--name-only', before, 'main')).split('\n')).toEqual([`${spec}/spec.md`, `${spec}/tasks.md`]);
    expect(await bench.git('status', '--porcelain')).toBe('M  README.md');
  });
});

describe('unusual repositories work', () => {
  test('spaces, quotes, other alphabets, metacharacters and markup execute nothing', async () => {
    const hostile = '$(touch pwned) `touch pwned` ; touch pwned && <img src=x onerror=alert(1)> "quoted" \'single\' {{PROMPT}} %s';
    bench = await createBench(`## Phase 1: Setup\n\n- [ ] T001 ${hostile} in src/a.txt\n`);
    await bench.plan(puppetWrites);
    const odd = "specs/002 it's \"ünï\" 日本";
    await bench.git('mv', spec, odd);
    await bench.git('commit', '-qm', 'odd');
    const ended = await bench.run(['--land', 'auto', '--repo', bench.dir, '--check', `sh -c 'test ! -e pwned'`], {});
    expect(ended.code).toBe(3);
    const right = await bench.braid(['run', odd, '--json', '--agent', 'demo', '--land', 'auto'], { BRAID_DEMO_SPEED: '0' });
    expect(right.code, right.stderr).toBe(0);
    expect(await bench.git('ls-files', '-z')).not.toContain('pwned');
    expect(await bench.read(`${odd}/tasks.md`)).toContain(`- [X] T001 ${hostile}`);
  });

  test('no identity and forced signing do not stop a run', async () => {
    bench = await createBench(one);
    await bench.plan(puppetWrites);
    await bench.git('config', '--unset', 'user.name');
    await bench.git('config', '--unset', 'user.email');
    await bench.git('config', 'commit.gpgsign', 'true');
    await bench.git('config', 'gpg.program', 'false');
    const ended = await bench.run(['--land', 'auto'], { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: bench.outside });
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().find(({ type }) => type === 'notice')?.['text']).toContain('user.name');
    expect(await bench.git('log', '-1', '--format=%an', 'main')).toBe('Braid');
  });

  test('a dirty base is left as it is', async () => {
    bench = await createBench(one);
    await bench.plan(puppetWrites);
    await bench.write('README.md', 'mine');
    const ended = await bench.run(['--land', 'auto']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await bench.git('status', '--porcelain')).toBe(' M README.md');
    expect(await bench.read('README.md')).toBe('mine');
    expect(await bench.read('src/a.txt')).toBe('a\n');
  });

  test('a run started inside a git hook works on its own repository', async () => {
    bench = await createBench(one);
    await bench.plan(puppetWrites);
    const ended = await bench.run([], { GIT_DIR: '/nonexistent', GIT_INDEX_FILE: '/nonexistent/index' });
    expect(ended.code, ended.stderr).toBe(0);
  });
});

test('a file that is no task list gives its reason as JSON too', async () => {
  bench = await createBench(one);
  await writeFile(join(bench.dir, spec, 'tasks.md'), 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n');
  const ended = await bench.braid(['plan', spec, '--json']);
  expect(ended.code).toBe(3);
  const document = JSON.parse(ended.stdout) as { diagnostics: { severity: string; message: string }[] };
  expect(document.diagnostics[0]).toMatchObject({ severity: 'error', message: expect.stringContaining('diff') });
});

test('a spec folder that is a link out of the repository is refused', async () => {
  bench = await createBench(one);
  const outside = await mkdtemp(join(tmpdir(), 'braid-outside-'));
  await writeFile(join(outside, 'tasks.md'), one);
  await symlink(outside, join(bench.dir, 'specs/002-link'));
  for (const command of ['plan', 'run']) {
    const ended = await bench.braid([command, 'specs/002-link', ...(command === 'run' ? ['--agent', 'demo'] : [])]);
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('outside')]);
  }
  await rm(outside, { recursive: true });
});
