/** Issues of a maestro track in the tracker `br`: claimed, closed and opened again as the work goes; a log of what a br of our own was told. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createBench, runArgs, type Bench } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const folder = '.maestro/tracks/auth_1';
const plan = '# Plan\n\n## Phase 1: Setup\n\n### Task 1.1: Write `src/a.txt`\n- [x] done before\n\n### Task 1.2: Write `src/b.txt`\n- [ ] write it\n\n## Phase 2: Core\n\n### Task 2.1: Write `src/c.txt`\n- [ ] write it\n';
const metadata = { track_id: 'auth_1', status: 'new', beads_epic_id: 'maestro-e1', beads_issue_map: { P1T1: 'maestro-1', P1T2: 'maestro-2', P2T1: 'maestro-3' } };

/** A repository with the track and a `br` that logs its words; `fails`: ids whose commands it refuses. */
async function createTrack(fails: readonly string[] = []): Promise<{ readonly env: Record<string, string>; told(): Promise<string[]> }> {
  bench = await createBench('- [ ] T001 unused\n');
  for (const [path, text] of [[`${folder}/plan.md`, plan], [`${folder}/metadata.json`, JSON.stringify(metadata)]] as const) {
    await mkdir(dirname(join(bench.dir, path)), { recursive: true });
    await bench.write(path, text);
  }
  await bench.git('add', '-A');
  await bench.git('commit', '-m', 'track');
  const bin = join(bench.outside, 'bin');
  const log = join(bench.outside, 'br.log');
  await mkdir(bin);
  await writeFile(log, '');
  const refuse = fails.map((id) => `  ${id}) echo "Error: issue not found" >&2; exit 3;;`).join('\n');
  await writeFile(join(bin, 'br'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\ncase "$2" in\n${refuse}\n  *) echo '{}';;\nesac\n`);
  await chmod(join(bin, 'br'), 0o755);
  await bench.plan({ '*': { write: { 'src/{{task}}.txt': 'x\n' }, commit: true } });
  return { env: { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` }, told: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean) };
}

const trackRun = (...more: string[]): readonly string[] => runArgs(...more).map((arg) => (arg === 'specs/001-demo' ? folder : arg));
const runOf = (events: readonly { readonly [key: string]: unknown }[]): string => String(events[0]?.['run']);

test('tasks are claimed when they start, closed with their commit when they are merged, and open again after a rollback', async () => {
  const br = await createTrack();
  const ended = await bench.braid(trackRun('--land', 'auto', '--yes'), br.env);
  expect(ended.code, ended.stderr).toBe(0);
  const run = runOf(ended.events());
  const lane = async (task: string): Promise<string> => bench.git('rev-parse', '--short=7', `${String(ended.events().find((event) => event.type === 'task.integrated' && event.task === task)?.['commit'])}^2`);
  const closed = async (issue: string, task: string): Promise<string> => `close ${issue} --reason sha:${await lane(task)} | merged by Braid run ${run} --json`;
  expect(await br.told()).toEqual([
    'update maestro-2 --claim --json', await closed('maestro-2', '1.2'), 'update maestro-3 --claim --json', await closed('maestro-3', '2.1'),
  ]);
  expect(ended.events().filter(({ type }) => type === 'notice')).toEqual([]);
  expect((await bench.braid(['rollback', run, '--yes'], br.env)).code).toBe(0);
  expect((await br.told()).slice(4)).toEqual(['update maestro-2 --status open --json', 'update maestro-3 --status open --json']);
  expect(await bench.git('status', '--porcelain')).toBe('');
});

test('what failed is open again, and a run that is set aside opens what it had closed', async () => {
  const br = await createTrack();
  await bench.plan({ '1.2': { write: { 'src/b.txt': 'b\n' }, commit: true }, '2.1': { exit: 1 } });
  const ended = await bench.braid(trackRun(), br.env);
  expect(ended.code, ended.stderr).toBe(1);
  const words = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/sha:.*(?= --json)/, 'sha'));
  expect(words(await br.told())).toEqual(['update maestro-2 --claim --json', 'close maestro-2 --reason sha --json', 'update maestro-3 --claim --json', 'update maestro-3 --status open --json']);
  expect((await bench.braid(['resume', runOf(ended.events()), '--choice', 'abort'], br.env)).code).toBe(0);
  expect((await br.told()).slice(4)).toEqual(['update maestro-2 --status open --json']);
});

test('a br that refuses is told of once, and the run is what it is without it', async () => {
  const br = await createTrack(['maestro-2']);
  const ended = await bench.braid(trackRun('--land', 'auto', '--yes'), br.env);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.events().filter(({ type }) => type === 'notice').map((event) => event['text'])).toEqual(['The issues of this track are not kept up to date: br update maestro-2: Error: issue not found (exit code 3)']);
  expect((await br.told()).filter((line) => line.includes('maestro-3'))).toHaveLength(2);
});

test('without br the plan alone is kept, and that is said', async () => {
  const br = await createTrack();
  const ended = await bench.braid(trackRun('--land', 'auto', '--yes'), { PATH: process.env['PATH'] ?? '' });
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.events().filter(({ type }) => type === 'notice').map((event) => event['text'])).toEqual(['The issues of this track are not kept up to date: br update maestro-2: br was not found']);
  expect(await br.told()).toEqual([]);
  expect(await bench.read(`${folder}/plan.md`)).not.toContain('[ ]');
});
