import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTempRepo, type TempRepo } from '../../../../test/temp-repo';
import { buildPrompt } from './prompt';
import { readReport } from './report';

const script = resolve(__dirname, '../../../../resources/demo-agent.cjs');
let repo: TempRepo;
let dir = '';

beforeEach(async () => {
  repo = await createTempRepo();
  await repo.git('commit', '-q', '--allow-empty', '-m', 'first');
  dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-demo-')));
});
afterEach(async () => {
  await repo.cleanup();
  await rm(dir, { recursive: true, force: true });
});

function launch(task: { id: string; title: string; files?: readonly string[]; speed?: string }) {
  const prompt = buildPrompt({
    task: { id: task.id, title: task.title, details: [], steps: [], files: task.files ?? [] },
    spec: { title: 'Spec', folder: 'specs/001', documents: ['spec.md'], taskFiles: ['tasks.md'] },
    checks: [], attempt: 1, previous: null, answer: '',
  });
  const env = {
    PATH: process.env['PATH'], HOME: dir, BRAID_TASK_ID: task.id, BRAID_TASK_TITLE: task.title, BRAID_WORKTREE: repo.dir,
    BRAID_PROMPT_FILE: join(dir, 'prompt.md'), BRAID_REPORT: join(dir, 'report.json'), BRAID_DEMO_SPEED: task.speed ?? '0',
  };
  return writeFile(join(dir, 'prompt.md'), prompt).then(() => spawn(process.execPath, [script], { cwd: repo.dir, env, stdio: ['ignore', 'pipe', 'inherit'] }));
}

async function run(task: Parameters<typeof launch>[0]): Promise<{ code: number | null; output: string }> {
  const child = await launch(task);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, output };
}

const committed = async (): Promise<string[]> => (await repo.git('show', '--name-only', '--format=')).split('\n').filter(Boolean);
const clean = async (): Promise<boolean> => (await repo.git('status', '--porcelain')) === '';

describe('the demo agent', () => {
  test('writes what the task names, commits, reports, shows', async () => {
    const { code, output } = await run({ id: 'T002', title: 'Split text into words in src/index/tokens.ts and test it in tests/tokens.test.ts' });
    expect(code).toBe(0);
    expect(await committed()).toEqual(['src/index/tokens.ts', 'tests/tokens.test.ts']);
    expect(await clean()).toBe(true);
    expect(await repo.git('log', '-1', '--format=%s')).toMatch(/^T002: Split text into words/);
    expect(await repo.read('src/index/tokens.ts')).toMatch(/export function splitTextWords/);
    expect(await readReport(join(dir, 'report.json'))).toMatchObject({ report: { status: 'done', summary: expect.stringContaining('src/index/tokens.ts') } });
    expect(output).toMatch(/Write.*src\/index\/tokens\.ts/);
    expect(output.trimEnd()).toMatch(/TASK T002 DONE\x1b\[0m$/);
  });

  test.each<{ file: string; parses: (text: string) => void }>([
    { file: 'a/data.json', parses: (text) => JSON.parse(text) },
    { file: 'package.json', parses: (text) => JSON.parse(text) },
    { file: 'a/code.ts', parses: (text) => expect(text.match(/export function \w+/g)).toHaveLength(2) },
    { file: 'a/code.js', parses: (text) => new Function('module', text) },
    { file: 'a/view.tsx', parses: (text) => expect(text.match(/export function [A-Z]\w+/g)).toHaveLength(2) },
    { file: 'a/tool.py', parses: (text) => expect(text.match(/^def \w+/gm)).toHaveLength(2) },
    { file: 'docs/guide.md', parses: (text) => expect(text.match(/^#+ /gm)).toEqual(['# ', '## ']) },
    { file: 'a/style.css', parses: (text) => expect(text.split('{').length).toBe(text.split('}').length) },
    { file: 'a/page.html', parses: (text) => expect(text.match(/<\/body>|<section/g)).toEqual(['<section', '<section', '</body>']) },
    { file: 'a/tests/x.test.js', parses: (text) => expect(text.match(/^test\(/gm)).toHaveLength(2) },
    { file: 'a/notes.txt', parses: (text) => expect(text.match(/^T00/gm)).toHaveLength(2) },
    { file: 'a/run.sh', parses: (text) => expect(text.match(/^#!/gm)).toHaveLength(1) },
    { file: 'a/conf.yml', parses: (text) => expect(text.match(/^# T00/gm)).toHaveLength(2) },
  ])('two tasks on $file both leave their part, and the file still parses', async ({ file, parses }) => {
    await run({ id: 'T001', title: `Add the parser to ${file}` });
    const before = await repo.read(file);
    await run({ id: 'T002', title: `Add the parser to ${file}` });
    const text = await repo.read(file);
    expect(text).not.toBe(before);
    parses(text);
    expect(Number(await repo.git('rev-list', '--count', 'HEAD'))).toBe(3);
  });

  test('JSON that was there keeps what it had', async () => {
    await repo.write('package.json', '{\n  "name": "mine",\n  "scripts": { "test": "x" }\n}\n');
    await run({ id: 'T001', title: 'Set up scripts in package.json' });
    expect(JSON.parse(await repo.read('package.json'))).toMatchObject({ name: 'mine', scripts: { test: 'x' } });
  });

  test('a task without a path leaves a note', async () => {
    await run({ id: 'T009', title: 'Make everything work with Node.js and e.g. v1.2.3 of it' });
    expect(await committed()).toEqual(['docs/notes/t009.md']);
  });

  test('the files that the prompt lists come first', async () => {
    await run({ id: 'T001', title: 'Do it like in other.ts', files: ['src/real.ts', 'src/**/*.ts'] });
    expect(await committed()).toEqual(['src/real.ts']);
  });

  test('hostile names and titles stay inside the worktree and execute nothing', async () => {
    await mkdir(join(dir, 'outside'));
    await symlink(join(dir, 'outside'), join(repo.dir, 'link'));
    const title = `Write ../escape.ts, /tmp/escape.md, link/escape.js, .git/hooks/evil.sh, specs/001/tasks.md and src/safe.js */ $(touch ${dir}/pwned) "; process.exit(9); //`;
    const { code } = await run({ id: 'T001', title });
    expect(code).toBe(0);
    expect(await committed()).toEqual(['src/safe.js']);
    const safe = await repo.read('src/safe.js');
    expect(() => new Function('module', safe)).not.toThrow();
    await expect(readFile(join(dir, 'outside/escape.js'))).rejects.toThrow();
    await expect(readFile(join(dirname(repo.dir), 'escape.ts'))).rejects.toThrow();
    await expect(readFile(join(dir, 'pwned'))).rejects.toThrow();
  });

  test('leaves the files to the app when git refuses to commit', async () => {
    await repo.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n');
    await repo.git('config', 'core.hooksPath', join(repo.dir, '.git/hooks'));
    await chmod(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
    const { code, output } = await run({ id: 'T001', title: 'Create src/a.ts' });
    expect(code).toBe(0);
    expect(output).toContain('git refused');
    expect(await repo.git('status', '--porcelain')).toContain('src/a.ts');
  });

  test.each([{ signal: 'SIGINT', code: 130 }, { signal: 'SIGTERM', code: 143 }] as const)('$signal ends it at once with $code', async ({ signal, code }) => {
    const child = await launch({ id: 'T001', title: 'Create src/a.ts', speed: '100' });
    const ended = new Promise((done) => child.on('close', done));
    child.stdout.once('data', () => child.kill(signal));
    expect(await ended).toBe(code);
  });
});
