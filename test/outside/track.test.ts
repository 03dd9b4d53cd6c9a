/** Tracks and tasks.yaml: what their dialects record of a run, in integration commits only. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createBench, runArgs, type Bench } from './braid';

let bench: Bench;
afterEach(() => bench.cleanup());

const folder = 'conductor/tracks/auth_1';
const plan = '# Plan\n\n## Phase 1: Work\n\n- [ ] Task: Write `src/a.txt` [P]\n- [ ] Task: Write `src/b.txt` [P]\n- [x] Task: Before bf12271\n';
const registry = '# Tracks\n\n- [ ] **Track: Auth**\n*ID: [auth_1](./tracks/auth_1/)*\n- [ ] **Track: Other**\n*ID: [other_2](./tracks/other_2/)*\n';
const metadata = '{\n  "track_id": "auth_1",\n  "status": "new",\n  "updated_at": "2025-01-01",\n  "beads": {"x": 1}\n}\n';

async function createTrack(): Promise<void> {
  bench = await createBench('- [ ] T001 unused\n');
  for (const [path, text] of [[`${folder}/plan.md`, plan], ['conductor/tracks.md', registry], [`${folder}/metadata.json`, metadata]] as const) {
    await mkdir(dirname(join(bench.dir, path)), { recursive: true });
    await bench.write(path, text);
  }
  await bench.git('add', '-A');
  await bench.git('commit', '-m', 'track');
}

const trackRun = (...more: string[]): readonly string[] => runArgs(...more).map((arg) => (arg === 'specs/001-demo' ? folder : arg));

test('a plan: the lane\'s commit behind each task, [~] while another is at work, registry and metadata in step', async () => {
  await createTrack();
  const gate = bench.gate('second');
  await bench.plan({
    '#1': { write: { 'src/a.txt': 'a\n' }, commit: true },
    '#2': { write: { 'src/b.txt': 'b\n', 'conductor/tracks.md': registry.replace('[ ] **Track: Auth', '[x] **Track: Auth') }, commit: true, until: gate.path },
  });
  const going = bench.start(trackRun('--land', 'auto'));
  const first = await going.event(({ type, task }) => type === 'task.integrated' && task === '#1');
  const half = async (path: string): Promise<string> => bench.git('show', `${String(first['commit'])}:${path}`);
  const lane = await bench.git('rev-parse', '--short=7', `${String(first['commit'])}^2`);
  expect(await half(`${folder}/plan.md`)).toContain(`- [x] Task: Write \`src/a.txt\` [P] ${lane}\n  - ✅`);
  expect(await half(`${folder}/plan.md`)).toContain('- [~] Task: Write `src/b.txt` [P]\n- [x] Task: Before bf12271');
  expect(await half('conductor/tracks.md')).toBe(registry.replace('- [ ] **Track: Auth', '- [~] **Track: Auth').trimEnd());
  expect(JSON.parse(await half(`${folder}/metadata.json`))).toMatchObject({ status: 'in_progress', beads: { x: 1 } });
  expect(await bench.git('show', `main:${folder}/plan.md`)).toBe(plan.trimEnd());
  await gate.open();
  const ended = await going.ended;
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.events().filter(({ type }) => type === 'conflict.found')).toEqual([]);
  const landed = await bench.read(`${folder}/plan.md`);
  for (const sha of landed.matchAll(/ ([0-9a-f]{7})$/gm)) if (sha[1] !== 'bf12271') expect(await bench.git('cat-file', '-t', sha[1] ?? '')).toBe('commit');
  expect(landed.match(/^- \[x\] Task: .* [0-9a-f]{7}$/gm)).toHaveLength(3);
  expect(landed).not.toContain('[~]');
  expect(await bench.read('conductor/tracks.md')).toBe(registry.replace('- [ ] **Track: Auth', '- [x] **Track: Auth'));
  expect(JSON.parse(await bench.read(`${folder}/metadata.json`))).toMatchObject({ track_id: 'auth_1', status: 'completed', beads: { x: 1 } });
  expect(await bench.git('status', '--porcelain')).toBe('');
  expect((await bench.braid(['rollback', String(ended.events()[0]?.['run']), '--yes'])).code).toBe(0);
  expect(await bench.read(`${folder}/plan.md`)).toBe(plan);
});

test('agents that write the track\'s files themselves, and another track that landed meanwhile, do not conflict', async () => {
  await createTrack();
  const gate = bench.gate('second');
  const meddled = (text: string): string => text.replace('"new"', '"completed"').replace('2025-01-01', '2026-09-09');
  await bench.plan({
    '#1': { write: { 'src/a.txt': 'a\n', [`${folder}/metadata.json`]: meddled(metadata) }, commit: true },
    '#2': { write: { 'src/b.txt': 'b\n', [`${folder}/metadata.json`]: meddled(metadata).replace('"x": 1', '"x": 2') }, commit: true, until: gate.path },
  });
  const going = bench.start(trackRun());
  await going.event(({ type, task }) => type === 'task.integrated' && task === '#1');
  await bench.write('conductor/tracks.md', registry.replace('- [ ] **Track: Other', '- [x] **Track: Other'));
  await bench.git('commit', '-am', 'the other track');
  await gate.open();
  const ended = await going.ended;
  expect(ended.code, ended.stderr).toBe(0);
  expect((await bench.braid(['land', String(ended.events()[0]?.['run']), '--yes'])).code).toBe(0);
  expect(await bench.read('conductor/tracks.md')).toBe(registry.replaceAll('- [ ] **Track', '- [x] **Track'));
  expect(JSON.parse(await bench.read(`${folder}/metadata.json`))).toMatchObject({ status: 'completed', beads: { x: 2 } });
});

test('tasks.yaml: status and notes', async () => {
  bench = await createBench('- [ ] T001 unused\n');
  const yaml = '_meta: { version: "1" }\ntasks: { branch: x }\nphases:\n  - number: 1\n    title: Setup\n    tasks:\n      - id: T001\n        title: Write\n        status: Pending # first\n        file_path: src/a.txt\n';
  await bench.write('specs/002-yaml/tasks.yaml', yaml);
  await bench.git('add', '-A');
  await bench.git('commit', '-m', 'yaml');
  await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true } });
  const ended = await bench.braid(runArgs('--land', 'auto').map((arg) => (arg === 'specs/001-demo' ? 'specs/002-yaml' : arg)));
  expect(ended.code, ended.stderr).toBe(0);
  const landed = await bench.read('specs/002-yaml/tasks.yaml');
  expect(landed).toMatch(/status: Completed # first\n {8}notes: "✅ \d{4}-\d\d-\d\d custom: 1 commit, 1 file \(src\/a\.txt\); exit code 0"\n {8}file_path/);
});

test('a guided run writes the checkpoint of each phase into the plan\'s heading, which lands with it', async () => {
  await createTrack();
  await bench.write(`${folder}/plan.md`, '# Plan\n\n## Phase 1: Work\n\n- [ ] Task: Write `src/a.txt`\n\n## Phase 2: More\n\n- [ ] Task: Write `src/b.txt`\n');
  await bench.git('commit', '-a', '-m', 'two phases');
  await bench.plan({ '#1': { write: { 'src/a.txt': 'a\n' }, commit: true }, '#2': { write: { 'src/b.txt': 'b\n' }, commit: true } });
  const ended = await bench.braid(trackRun('--style', 'guided', '--check', 'true', '--yes', '--land', 'auto'));
  expect(ended.code, ended.stderr).toBe(0);
  const closed = ended.events().filter(({ type }) => type === 'gate.closed');
  expect(closed).toMatchObject([{ result: 'passed' }, { result: 'passed' }]);
  const [one, two] = closed.map(({ commit }) => String(commit).slice(0, 7));
  const landed = await bench.read(`${folder}/plan.md`);
  expect(landed).toContain(`## Phase 1: Work [checkpoint: ${one ?? ''}]\n`);
  expect(landed).toContain(`## Phase 2: More [checkpoint: ${two ?? ''}]\n`);
  // Each names the merge of its phase's last task.
  expect(await bench.git('log', '--no-walk', '--format=%s', one ?? '', two ?? '')).toMatch(/#\d: Write/);
});
