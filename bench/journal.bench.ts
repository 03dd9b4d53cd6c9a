/** What a journal costs: reading one of 100,000 events back and folding it, against JSON.parse of the same lines; and one append, with and without fsync. */
import { appendFileSync, closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOptionsSchema } from '../src/shared/options';
import type { RunEvent } from '../src/shared/events';
import { replay, type Run } from '../src/shared/run';
import { eventsOf, Journal, parseJournal, readJournal } from '../src/main/core/state/journal';
import { measure, printTable, timed } from './table';

const full = process.argv.includes('--full');
const events = 100_000;
const repeats = full ? 31 : 9;
const appends = full ? 500 : 100;

/** A run whose tasks each open no lane of their own and make the seven events of a good attempt, until there are enough. */
function journalOf(count: number): readonly RunEvent[] {
  const at = '2026-01-01T00:00:00.000Z';
  const stamp = { at, run: 'r-1' };
  const tasks = Array.from({ length: Math.ceil(count / 6) }, (_, n) => `T${n + 1}`);
  const started: RunEvent = {
    type: 'run.started', ...stamp, version: 1, spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: ['tasks.md'], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main',
    baseCommit: 'b', integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), waves: [tasks], slots: 4,
    tasks: tasks.map((id) => ({
      id, title: `Write src/${id}.ts`, file: 'tasks.md', line: 1, textHash: 'abc', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'one', story: null, phase: null, exclusive: false, files: [`src/${id}.ts`],
    })),
  };
  const evidence = { commits: ['0123456789012345678901234567890123456789'], files: ['src/a.ts', 'src/b.ts'], checks: [{ command: 'npm test', where: 'lane' as const, exitCode: 0, signal: null, seconds: 3, timedOut: false, tail: '' }], exitCode: 0, signal: null, seconds: 12.3, tail: '' };
  const list: RunEvent[] = [started, { type: 'lane.opened', ...stamp, lane: 'one', branch: 'braid/s/r-1/lane/one', worktree: '/r.worktrees/s-r-1/one' }];
  for (const task of tasks) {
    list.push(
      { type: 'task.started', ...stamp, task, lane: 'one', attempt: 1, pid: 4711 }, { type: 'task.checking', ...stamp, task, lane: 'one' },
      { type: 'task.integrating', ...stamp, task, lane: 'one' }, { type: 'task.finished', ...stamp, task, lane: 'one', attempt: 1, outcome: 'done', reason: '', evidence },
      { type: 'task.integrated', ...stamp, task, lane: 'one', commit: '0123456789012345678901234567890123456789', note: 'note', laneCommit: '0123456789012345678901234567890123456789' },
      { type: 'notice', ...stamp, level: 'info', code: 'decision', text: `${task} starts in lane one: it waits for nothing.`, task },
    );
  }
  return list.slice(0, count);
}

async function wholeRun(path: string): Promise<Run | null> {
  const bytes = await readJournal(path);
  if (!bytes.ok) throw new Error(bytes.error.kind);
  return replay(eventsOf(bytes.value));
}

async function reading(folder: string): Promise<void> {
  const path = join(folder, 'journal.jsonl');
  writeFileSync(path, journalOf(events).map((event) => `${JSON.stringify(event)}\n`).join(''));
  const baseline = await timed(repeats, async () => (await readFile(path, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line)));
  const read = await timed(repeats, async () => parseJournal(await readFile(path)));
  const whole = await timed(repeats, () => wholeRun(path));
  printTable([`${events.toLocaleString('en')} events`, 'file, MB', 'JSON.parse of the lines, ms', 'read, checked and kept, ms', 'read, checked and folded, ms', 'ratio'], (['median', 'fastest', 'processor'] as const).map((which) => [
    which, statSync(path).size / 1e6, baseline[which], read[which], whole[which], whole[which] / baseline[which],
  ]));
}

async function appending(folder: string): Promise<void> {
  const [, , started] = journalOf(10);
  if (!started) throw new Error('no event');
  const line = `${JSON.stringify(started)}\n`;
  const bare = join(folder, 'bare.jsonl');
  const plain = await measure(appends, () => appendFileSync(bare, line));
  const handle = openSync(bare, 'a');
  const synced = await measure(appends, () => {
    appendFileSync(handle, line);
    fdatasyncSync(handle);
  });
  closeSync(handle);
  const journal = await Journal.open(join(folder, 'own.jsonl'));
  if (!journal.ok) throw new Error(journal.error.kind);
  const own = await measure(appends, () => journal.value.append(started));
  const shared = await measure(Math.ceil(appends / 10), () => Promise.all(Array.from({ length: 10 }, () => journal.value.append(started))));
  await journal.value.close();
  printTable(['one append', 'ms'], [['bare, without fsync', plain.toFixed(3)], ['bare, with fdatasync', synced.toFixed(3)], ['Braid, one after the other', own.toFixed(3)], ['Braid, ten at once (one sync), each', (shared / 10).toFixed(3)]]);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'braid-bench-'));
  try {
    await reading(folder);
    process.stdout.write('\n');
    await appending(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
