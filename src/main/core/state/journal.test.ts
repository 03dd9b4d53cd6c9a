import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/events';
import { Journal, parseJournal, readJournal } from './journal';
import { findRun, listRuns, newRunId, ownRun, runFolder, runOwner } from './run-folder';
import { SettingsStore } from './settings';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const paused = (n: number): RunEvent => ({ type: 'run.paused', at: `2026-01-01T00:00:0${n}.000Z`, run: 'r-1' });

describe('journal', () => {
  test('keeps events in order, one a line, private to the user', async () => {
    const path = join(folder, 'sub', 'journal.jsonl');
    const journal = await Journal.open(path);
    if (!journal.ok) throw new Error('not opened');
    const results = await Promise.all([1, 2, 3].map((n) => journal.value.append(paused(n))));
    await journal.value.close();
    expect(results.every((result) => result.ok)).toBe(true);
    const read = await readJournal(path);
    expect(read.ok && read.value.events).toEqual([1, 2, 3].map(paused));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a torn last line', `${JSON.stringify(paused(1))}\n{"type":"run.pa`, 1, true, 0],
    ['an unknown type inside', `{"type":"x"}\n${JSON.stringify(paused(1))}\n`, 1, false, 1],
    ['nothing', '', 0, false, 0],
    ['noise', '\u0000\u0000\n', 0, false, 1],
  ])('reads %s', (_name, text, events, torn, skipped) => {
    const content = parseJournal(Buffer.from(text));
    expect([content.events.length, content.torn, content.skipped]).toEqual([events, torn, skipped]);
  });

  test('cuts a torn line off before it appends', async () => {
    const path = join(folder, 'journal.jsonl');
    await writeFile(path, `${JSON.stringify(paused(1))}\n{"type":"run.pa`);
    const journal = await Journal.open(path);
    if (!journal.ok) throw new Error('not opened');
    await journal.value.append(paused(2));
    await journal.value.close();
    expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(paused(1))}\n${JSON.stringify(paused(2))}\n`);
  });
});

describe('run folders', () => {
  test('ids sort by time and name safe folders', () => {
    const first = newRunId(new Date(2026, 0, 2, 3, 4, 5), () => 0);
    const second = newRunId(new Date(2026, 0, 2, 3, 4, 6), () => 0.999);
    expect(first).toBe('r-260102-030405-0000');
    expect(first < second).toBe(true);
    expect(() => runFolder(folder, '../x')).toThrow('Internal error');
  });

  test('one live process owns a run; a dead owner is replaced', async () => {
    const first = await ownRun(folder, 'r-1');
    expect(first.ok).toBe(true);
    const second = await ownRun(folder, 'r-1');
    expect(second).toEqual({ ok: false, error: { kind: 'run/busy', run: 'r-1', pid: process.pid } });
    await writeFile(join(runFolder(folder, 'r-1').path, 'owner.json'), JSON.stringify({ pid: process.pid, started: '1' }));
    expect(await runOwner(folder, 'r-1')).toBeNull();
    expect((await ownRun(folder, 'r-1')).ok).toBe(true);
  });

  test('a repository without runs says so', async () => {
    expect(await listRuns(folder)).toEqual([]);
    expect(await findRun(folder, null)).toEqual({ ok: false, error: { kind: 'run/not-found', run: '', known: [] } });
  });
});

describe('settings', () => {
  test('survive a restart and concurrent changes', async () => {
    const store = await SettingsStore.open(folder);
    await Promise.all([
      store.update((settings) => ({ ...settings, theme: 'dark' })),
      store.update((settings) => ({ ...settings, editor: 'code' })),
    ]);
    const again = await SettingsStore.open(folder);
    expect([again.get().theme, again.get().editor]).toEqual(['dark', 'code']);
  });

  test('an unreadable file is kept aside', async () => {
    await writeFile(join(folder, 'settings.json'), '{');
    const store = await SettingsStore.open(folder);
    expect(store.problem).toContain('settings.broken.json');
    expect(await readFile(join(folder, 'settings.broken.json'), 'utf8')).toBe('{');
  });
});
